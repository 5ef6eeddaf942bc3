/** `lvsync plan`: its summary names what is refused and what cannot be expressed; its file is safe to open in a spreadsheet. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
): Promise<{ cwd: string; run: (...argv: string[]) => Promise<LvsyncResult> }> {
  const { url } = await setupDatabase();
  const mapping = { account: 'acct', lastName: 'last', balance: 'bal', COL1: 'seg' };
  const systemsOfRecord = { crm: { kind: 'csv', path: 'crm.csv', mapping } };
  const config = JSON.stringify({ tenants: { acme: { systemsOfRecord, guards } } });
  const cwd = await setupFolder({ 'lvsync.config.json': config, 'crm.csv': `${record}\n` });
  return { cwd, run: (...argv) => runLvsync(argv, { cwd, env: { DATABASE_URL: url } }) };
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
  });

  test('--out writes CSV that no spreadsheet runs as a formula, readable by its owner alone', async () => {
    const { cwd, run } = await setup();
    expect(await run('plan', '--out', 'plan.csv')).toMatchObject({
      code: 0,
      stderr: ['plan.csv: 8 changed fields written.'],
    });
    expect((await readFile(join(cwd, 'plan.csv'), 'utf8')).split('\r\n')).toEqual([
      'account,operation,field,from,to',
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
    await run('plan', '--out', 'plan.jsonl');
    const lines = (await readFile(join(cwd, 'plan.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(8);
    expect(JSON.parse(lines[1] ?? '')).toEqual({
      account: 'A1',
      operation: 'create',
      field: 'lastName',
      from: null,
      to: '=cmd|x',
      state: 'planned',
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
