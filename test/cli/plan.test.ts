/** `lvsync plan`: its summary names what is refused and what cannot be expressed; its file is safe to open in a spreadsheet. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';

const record = [
  'acct,last,bal,seg',
  'A1,=cmd|x,-12.50,+1 gold',
  ',Nobody,1,a',
  'A3,"Smith, ""Bob""",lots,b',
  'A4,Jones,7,@b',
].join('\n');

async function setup(
  guards: Record<string, number> = {},
  settings: object = {},
  env: Readonly<Record<string, string>> = {},
): Promise<{ store: Store; cwd: string; run: (...argv: string[]) => Promise<LvsyncResult> }> {
  const { url, store } = await setupDatabase();
  const mapping = { account: 'acct', lastName: 'last', balance: 'bal', COL1: 'seg' };
  const systemsOfRecord = { crm: { kind: 'csv', path: 'crm.csv', mapping } };
  const config = JSON.stringify({ tenants: { acme: { ...settings, systemsOfRecord, guards } } });
  const cwd = await setupFolder({ 'lvsync.config.json': config, 'crm.csv': `${record}\n` });
  return { store, cwd, run: (...argv) => runLvsync(argv, { cwd, env: { ...env, DATABASE_URL: url } }) };
}

describe('lvsync plan', () => {
  test('it needs no credentials, sends nothing, and says what it refused and why', async () => {
    const { run } = await setup();
    const { code, stdout } = await run('plan');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^diff {2}.*read 4 .*quarantined 2/m);
    expect(stdout).toContain('rows that could not be used: 2 (raw text in sync.quarantine)');
    expect(stdout).toMatch(/crm\.csv:3 {2}account is empty/);
    expect(stdout).toMatch(/crm\.csv:4 {2}balance \(column "bal"\)/);
    expect(stdout).not.toContain('lots');
    expect(stdout).toMatch(/plan [0-9a-f-]{36}\nplanned: 2 differences; nothing was sent\n$/);
  });

  test('a plan that a guard holds exits 3 and says which', async () => {
    const { run } = await setup({ maxCreates: 1 });
    const { code, stdout } = await run('plan', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'held',
      heldBecause: ['The plan would create 2 contacts; guards.maxCreates allows 1.'],
      quarantined: { rows: 2 },
    });
    const text = (await run('plan')).stdout;
    expect(text).toContain('held: The plan would create 2 contacts; guards.maxCreates allows 1.\n');
    expect(text).toMatch(/^next: {2}lvsync approve [0-9a-f-]{36} --by NAME --reason TEXT/m);
  });

  test('it says how many contacts each field changes on, what it takes, and what comes next', async () => {
    const { run } = await setup();
    const { stdout } = await run('plan');
    const lines = stdout.split('\n');
    const start = lines.indexOf('what it would change: 2 patches on 2 contacts, 8 changed fields');
    const told = lines.slice(start + 1).map((line) => line.trim().split(/ {2,}/));
    const id = /^plan (.+)$/m.exec(stdout)?.[1];
    expect(told.slice(0, -4)).toEqual([
      ['create', 'by bulk_create', '2 patches', '2 contacts'],
      ['fields'],
      ['COL1', '2 contacts'],
      ['active', '2 contacts'],
      ['balance', '2 contacts'],
      ['lastName', '2 contacts'],
      [expect.stringMatching(/^the riskiest: 2 of 2 patches; personal data is masked$/)],
      ['risk', 'account', 'operation', 'hazards', 'field', 'from → to'],
      ...['A1', 'A4'].flatMap((account) => [
        [expect.any(String), account, 'create', '-', 'active', '(empty) → true'],
        [
          expect.any(String),
          account,
          'create',
          '-',
          'lastName',
          account === 'A1' ? '(empty) → =•••' : '(empty) → J•••',
        ],
        [expect.any(String), account, 'create', '-', 'balance', account === 'A1' ? '(empty) → -12.5' : '(empty) → 7'],
        [expect.any(String), account, 'create', '-', 'COL1', '(empty) → •••'],
      ]),
      ['it takes 1 call, how long is not known, besides the pulls that read back'],
      ['bulk_create', '1 call', '2 rows', 'time unknown: no limit, and nothing measured yet'],
      ...(stdout.includes('\nseal ') ? [[expect.stringMatching(/^seal /)]] : []),
      ['look:', `lvsync show ${id} --out plan.html`],
      ['next:', `lvsync apply ${id}`],
    ]);
  });

  test('the forecast goes by the configured limit, is stored with the plan, and --json has it all', async () => {
    const { run, store } = await setup(
      {},
      { limits: { 'Bulk Create Contact': { starts: 1, perSeconds: 120 } }, push: { chunkRows: 1 } },
    );
    const { stdout } = await run('plan', '--json');
    const forecast = {
      calls: 2,
      minutes: 2,
      endpoints: [{ endpoint: 'bulk_create', rows: 2, calls: 2, minutes: 2, basis: 'limit' }],
    };
    const { plan, changeSetId } = JSON.parse(stdout);
    expect(plan).toMatchObject({
      id: changeSetId,
      patches: 2,
      contacts: 2,
      changedFields: 8,
      operations: [{ operation: 'create', endpoint: 'bulk_create', patches: 2, contacts: 2 }],
      hazards: [],
      riskiestPatches: 2,
      masked: true,
      forecast,
      next: `lvsync apply ${changeSetId}`,
    });
    expect(plan.fields).toContainEqual({ field: 'balance', contacts: 2, changes: 2, notExpressible: 0 });
    expect(plan.riskiest).toHaveLength(8);
    expect((await store.pool.query('select forecast from sync.change_sets')).rows).toEqual([{ forecast }]);
  });

  test('calls of earlier plans are what the time is reckoned from where there is no limit', async () => {
    const { run, store } = await setup();
    await run('plan');
    await store.pool.query(
      `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, sent_at, answered_at)
       select id, 1, 'create', 'bulk_create', 2, 'accepted', now() - interval '180 seconds', now() from sync.change_sets`,
    );
    expect((await run('plan')).stdout).toContain('it takes 1 call, about 3 min,');
  });

  test('a limit that LiveVox has taught counts where none is configured, if it is known who calls', async () => {
    const env = {
      LIVEVOX_CLIENT_NAME: 'ACME',
      LIVEVOX_USERNAME: 'sync',
      LIVEVOX_PASSWORD: 'secret',
      LIVEVOX_ACCESS_TOKEN: 'token',
    };
    const { run, store } = await setup({}, { baseUrl: 'https://127.0.0.1:1', push: { chunkRows: 1 } }, env);
    await store.pool.query(
      `insert into sync.lane_slots (lane, learnt_starts, learnt_per_ms, learnt_at, learnt_until)
       values ('https://127.0.0.1:1 ACME/sync Bulk Create Contact', 1, 300000, now(), now() + interval '1 hour')`,
    );
    expect((await run('plan')).stdout).toMatch(
      /^ {2}bulk_create {2}2 calls .* about 5 min, by the limit that LiveVox has taught$/m,
    );
    await store.pool.query("update sync.lane_slots set learnt_until = now() - interval '1 second'");
    expect((await run('plan')).stdout).toContain('time unknown');
  });

  test('--out writes CSV that no spreadsheet runs as a formula, readable by its owner alone', async () => {
    const { cwd, run } = await setup();
    expect(await run('plan', '--out', 'plan.csv', '--unmask')).toMatchObject({
      code: 0,
      stderr: ['plan.csv: 8 changed fields written, with personal data.'],
    });
    const lines = (await readFile(join(cwd, 'plan.csv'), 'utf8')).split('\r\n');
    expect(lines.map((line) => line.replace(/,planned,\d+,$/, ''))).toEqual([
      '\ufeffaccount,operation,field,from,to,state,risk,hazards',
      'A1,create,active,,true',
      `A1,create,lastName,,"'=cmd|x"`,
      'A1,create,balance,,-12.5',
      `A1,create,COL1,,"'+1 gold"`,
      'A4,create,active,,true',
      'A4,create,lastName,,Jones',
      'A4,create,balance,,7',
      `A4,create,COL1,,"'@b"`,
      '',
    ]);
    expect((await stat(join(cwd, 'plan.csv'))).mode & 0o777).toBe(0o600);
  });

  test('--out writes JSON lines, and never over a file', async () => {
    const { cwd, run } = await setup();
    expect((await run('plan', '--out', 'plan.jsonl')).stderr).toEqual([
      'plan.jsonl: 8 changed fields written, personal data masked.',
    ]);
    const lines = (await readFile(join(cwd, 'plan.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(8);
    expect(JSON.parse(lines[1] ?? '')).toEqual({
      account: 'A1',
      operation: 'create',
      field: 'lastName',
      from: null,
      to: '=•••',
      state: 'planned',
      risk: expect.any(Number),
      hazards: [],
    });
    const again = await run('plan', '--out', 'plan.jsonl');
    expect([again.code, again.stderr]).toEqual([2, ['lvsync: --out plan.jsonl exists already; choose another name.']]);
  });

  test('an unknown system of record is refused before anything is opened', async () => {
    const { run } = await setup();
    const { code, stderr } = await run('plan', '--source', 'cmr');
    expect([code, stderr]).toEqual([
      2,
      ['lvsync: Tenant acme has no system of record called cmr; did you mean crm? Configured: crm.'],
    ]);
  });

  test('of a folder of daily drops the newest complete file is read, and both the plan and the quarantine say which', async () => {
    const { cwd, run } = await setup();
    const config = await readFile(join(cwd, 'lvsync.config.json'), 'utf8');
    await writeFile(
      join(cwd, 'lvsync.config.json'),
      config.replace('"path":"crm.csv"', '"path":"crm-*.csv","completeWhen":".done"'),
    );
    for (const name of ['crm-20.csv', 'crm-21.csv', 'crm-22.csv']) await writeFile(join(cwd, name), `${record}\n`);
    for (const name of ['crm-20.csv.done', 'crm-21.csv.done']) await writeFile(join(cwd, name), '');
    const { code, stdout, stderr } = await run('plan');
    expect([code, stderr]).toEqual([0, []]);
    expect(stdout).toMatch(/^diff {2}from crm-21\.csv · files passed over 1 · read 4 /m);
    expect(stdout).toMatch(/crm-21\.csv:3 {2}account is empty/);
  });
});
