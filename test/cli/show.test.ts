/** `lvsync show`: every field a plan would change, in the order it would be sent. */
import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Patch } from '../../src/contact/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';
import { type StoredPlan, storePlan } from '../support/stored-plan.ts';

function toRow(account: string, operation: string, field: string, from: string | null, to: string | null): object {
  const state = operation === 'not_expressible' ? operation : 'planned';
  return { account, operation, state, field, from, to };
}

const patches: readonly Patch[] = [
  {
    account: 'A1',
    lvAccountId: '17',
    operation: 'block',
    endpoint: 'multi_dnd',
    changes: { phone1Block: ['false', 'true'] },
    sends: { phone1: '2015550123', phone1Block: 'PERMANENT' },
  },
  {
    account: 'A2',
    operation: 'create',
    endpoint: 'bulk_create',
    changes: { COL1: [null, 'gold'], lastName: [null, 'Smi\u001b[2Jth'] },
    sends: { COL1: 'gold', lastName: 'Smith', active: 'true' },
  },
  { account: 'A1', lvAccountId: '17', operation: 'not_expressible', changes: { balance: ['12.5', null] } },
];

type Setup = StoredPlan & {
  readonly store: Store;
  readonly cwd: string;
  readonly run: (...argv: string[]) => Promise<LvsyncResult>;
};

async function setup(heldBecause: readonly string[] = [], planned: readonly Patch[] = patches): Promise<Setup> {
  const { store, url } = await setupDatabase();
  const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{},"beta":{}}}' });
  const plan = await storePlan(store, { tenant: 'acme', patches: planned, heldBecause });
  return { ...plan, store, cwd, run: (...argv) => runLvsync(argv, { cwd, env: { DATABASE_URL: url } }) };
}

/** Gives patches of the plan a risk and hazards, by account. */
async function judge(store: Store, account: string, risk: number, ...hazards: string[]): Promise<void> {
  await store.pool.query('update sync.patches set risk = $2, hazards = $3 where account = $1', [
    account,
    risk,
    hazards,
  ]);
}

function toCells(line: string): readonly string[] {
  return line.split(/ {2,}/);
}

async function readAudit(store: Store): Promise<readonly unknown[]> {
  const found = await store.pool.query(
    'select tenant, actor, action, change_set_id, detail from sync.audit order by id',
  );
  return found.rows;
}

describe('lvsync show', () => {
  test('each field has a row, control characters show as their code, and no credentials are needed', async () => {
    const { changeSetId, run } = await setup(['The plan would create 9 contacts; guards.maxCreates allows 1.']);
    const { code, stdout, stderr } = await run('show', changeSetId, '--unmask');
    expect([code, stderr]).toEqual([0, []]);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(new RegExp(`^plan ${changeSetId} of tenant acme, held, from crm, 20..-..-..T..:..:..Z$`));
    expect(lines.map(toCells)).toEqual([
      ['held: The plan would create 9 contacts; guards.maxCreates allows 1.'],
      [expect.stringMatching(/^seal [0-9a-f]{64}, expires 20..-..-..T..:..:..Z$/)],
      ['account', 'operation', 'state', 'risk', 'field', 'hazards', 'from → to'],
      ['A1', 'block', 'planned', '0', 'phone1Block', '-', 'false → true'],
      ['A2', 'create', 'planned', '0', 'lastName', '-', '(empty) → Smi\\u{1b}[2Jth'],
      ['A2', 'create', 'planned', '0', 'COL1', '-', '(empty) → gold'],
      ['A1', 'not_expressible', 'not_expressible', '0', 'balance', '-', '12.5 → (empty)'],
      ['4 changed fields of 3 patches on 2 contacts'],
    ]);
  });

  test('personal data is masked, whoever wants it whole is recorded first, and no value is', async () => {
    const { changeSetId, store, cwd, run } = await setup();
    const masked = await run('show', changeSetId);
    expect(masked.stdout).toContain('(empty) → S•••');
    expect(masked.stdout).toContain('personal data is masked, --unmask shows it');
    expect(masked.stdout).not.toMatch(/Smi|gold/);
    expect(await readAudit(store)).toEqual([]);
    await run('show', changeSetId, '--account', 'A2', '--field', 'COL1', '--unmask', '--by', ' Ann Lee ');
    await run('show', changeSetId, '--out', 'ann.csv', '--json', '--unmask');
    const entry = { tenant: 'acme', action: 'unmasked', change_set_id: changeSetId };
    expect(await readAudit(store)).toEqual([
      { ...entry, actor: 'Ann Lee', detail: 'show --account --field COL1 --unmask' },
      { ...entry, actor: userInfo().username, detail: 'show --out --json --unmask' },
    ]);
    expect(await readFile(join(cwd, 'ann.csv'), 'utf8')).toContain('gold');
  });

  test('nobody sees more than is recorded: without a record nothing is shown', async () => {
    const { changeSetId, store, run } = await setup();
    await store.pool.query('drop table sync.audit');
    const { code, stdout } = await run('show', changeSetId, '--unmask');
    expect([code, stdout]).toEqual([1, '']);
  });

  test('--account shows one contact, --json one document', async () => {
    const { changeSetId, store, run } = await setup();
    await judge(store, 'A1', 40, 'drops_phone');
    const { stdout } = await run('show', changeSetId, '--account', 'A1', '--json');
    expect(JSON.parse(stdout)).toEqual({
      plan: {
        id: changeSetId,
        tenant: 'acme',
        systemOfRecord: 'crm',
        state: 'planned',
        createdAt: expect.stringMatching(/^20/),
        seal: expect.any(String),
        sealedAt: expect.any(String),
        expiresAt: expect.any(String),
        holds: [],
        approvals: [],
        forecast: null,
        fact: null,
        reverts: null,
      },
      masked: true,
      totals: { patches: 2, contacts: 1, changedFields: 2 },
      listed: 2,
      rows: [
        { ...toRow('A1', 'block', 'phone1Block', 'false', 'true'), risk: 40, hazards: ['drops_phone'] },
        { ...toRow('A1', 'not_expressible', 'balance', '12.5', null), risk: 40, hazards: ['drops_phone'] },
      ],
    });
  });

  test.each([
    [['--operation', 'create'], ['A2 lastName', 'A2 COL1'], '2 changed fields of 1 patch on 1 contact'],
    [['--field', 'COL1'], ['A2 COL1'], '1 changed field of 1 patch on 1 contact'],
    [['--hazard', 'clears_field'], ['A1 phone1Block', 'A1 balance'], '2 changed fields of 2 patches on 1 contact'],
    [['--risk', '30'], ['A2 lastName', 'A2 COL1', 'A1 phone1Block', 'A1 balance'], '4 changed fields of 3 patches'],
    [['--risk', '31'], ['A2 lastName', 'A2 COL1'], '2 changed fields of 1 patch on 1 contact'],
    [['--limit', '2'], ['A1 phone1Block', 'A2 lastName'], 'the first 2 of 4 changed fields of 3 patches on 2 contacts'],
    [['--risk', '0', '--limit', '1'], ['A2 lastName'], 'the first 1 of 4 changed fields'],
  ])('%j: %j', async (options, shown, foot) => {
    const { changeSetId, store, run } = await setup();
    await judge(store, 'A1', 30, 'clears_field');
    await judge(store, 'A2', 60);
    const { stdout } = await run('show', changeSetId, ...options);
    const lines = stdout.trimEnd().split('\n').slice(3);
    const rows = lines.slice(0, -1).map(toCells);
    expect(rows.map((cells) => `${cells[0]} ${cells[4]}`)).toEqual(shown);
    expect(lines.at(-1)).toContain(foot);
  });

  test('a filter with a slip in it is refused, and a hazard nobody has is answered with those there are', async () => {
    const { changeSetId, store, run } = await setup();
    await judge(store, 'A2', 60, 'drops_phone');
    const wrong = ['--operation', 'creates', '--field', 'LastName', '--risk', '101', '--limit', '0'];
    const { code, stderr } = await run('show', changeSetId, ...wrong);
    expect([code, stderr]).toEqual([
      2,
      [
        'lvsync: --operation creates must be one of block, create, update, deactivate, delete, lift, not_expressible; did you mean create?',
        'lvsync: --field LastName: LiveVox has no such field; did you mean lastName?',
        'lvsync: --risk must be a whole number from 0 to 100.',
        'lvsync: --limit must be a whole number from 1.',
      ],
    ]);
    const { stdout } = await run('show', changeSetId, '--hazard', 'drops_phones');
    expect(stdout).toMatch(/It changes nothing here\.\nhazards of this plan: drops_phone 1\n$/);
    expect((await run('show', changeSetId, '--by', 'Ann')).stderr).toEqual([
      'lvsync: --by says who looks at personal data; it needs --unmask.',
    ]);
  });

  test('a patch without fields, such as a deletion, is a row all the same', async () => {
    const deletion: Patch = {
      account: 'A9',
      lvAccountId: '9',
      operation: 'delete',
      endpoint: 'delete_contact',
      changes: {},
      sends: {},
    };
    const { changeSetId, run } = await setup([], [deletion]);
    const { stdout } = await run('show', changeSetId);
    expect(stdout).toMatch(/^A9 .* delete .* account .* A9 → \(empty\)$/m);
    expect(stdout).toContain('1 changed field of 1 patch on 1 contact');
  });

  test('lines fit the terminal, and nothing is cut where there is none', async () => {
    const { url, store } = await setupDatabase();
    const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{}}}' });
    const long = 'x'.repeat(200);
    const changes = { COL1: [long, 'y'.repeat(200)] } as const;
    const patch: Patch = {
      account: 'A1',
      lvAccountId: '1',
      operation: 'update',
      endpoint: 'bulk_update',
      changes,
      sends: {},
    };
    const { changeSetId } = await storePlan(store, { tenant: 'acme', patches: [patch] });
    const argv = ['show', changeSetId, '--unmask'];
    const options = { cwd, env: { DATABASE_URL: url } };
    const narrow = (await runLvsync(argv, { ...options, columns: 100 })).stdout.split('\n');
    expect(narrow[3]).toHaveLength(100);
    expect(narrow[3]).toMatch(/^A1 .*xxx…$/);
    expect((await runLvsync(argv, options)).stdout).toContain(`${long} → y`);
  });

  test('a contact without changes, and a plan nobody has, are said', async () => {
    const { changeSetId, run } = await setup();
    expect((await run('show', changeSetId, '--account', 'A9')).stdout).toContain('It changes nothing here.');
    expect(JSON.parse((await run('show', changeSetId, '--account', 'A9', '--json')).stdout)).toMatchObject({
      rows: [],
    });
    const other = await run('show', changeSetId, '--tenant', 'beta');
    expect([other.code, other.stderr]).toEqual([
      2,
      [`lvsync: There is no plan ${changeSetId} of tenant beta; lvsync status lists the open plans.`],
    ]);
    const unknown = randomUUID();
    const { code, stderr } = await run('show', unknown);
    expect([code, stderr]).toEqual([
      2,
      [`lvsync: There is no plan ${unknown} of tenant acme, beta; lvsync status lists the open plans.`],
    ]);
  });
});

describe('lvsync show --out', () => {
  test('.html is one page of what the filter lets through, readable by its owner alone', async () => {
    const { changeSetId, cwd, store, run } = await setup();
    await store.pool.query('update sync.change_sets set seal = $1', ['5ea1']);
    const { code, stdout } = await run('show', changeSetId, '--out', 'plan.html', '--operation', 'create');
    expect([code, stdout]).toEqual([0, 'plan.html: 2 changed fields written, personal data masked.\n']);
    const page = await readFile(join(cwd, 'plan.html'), 'utf8');
    expect(page).toContain('<dd>5ea1</dd>');
    expect(page).toContain('<td>lastName</td><td>(empty)</td><td>S•••</td>');
    expect(page.match(/<tr><td>/g)).toHaveLength(2);
    expect((await stat(join(cwd, 'plan.html'))).mode & 0o777).toBe(0o600);
  });

  test('.json is the document that --json prints, .jsonl a line for each row', async () => {
    const { changeSetId, cwd, run } = await setup();
    const printed = (await run('show', changeSetId, '--json')).stdout;
    const answer = JSON.parse((await run('show', changeSetId, '--out', 'plan.json', '--json')).stdout);
    const { rows, ...head } = JSON.parse(printed);
    expect(answer).toEqual({ ...head, out: 'plan.json' });
    expect(await readFile(join(cwd, 'plan.json'), 'utf8')).toBe(printed);
    await run('show', changeSetId, '--out', 'plan.jsonl');
    const lines = (await readFile(join(cwd, 'plan.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
  });

  test('a file that is there is left alone, and one that cannot be finished is not left behind', async () => {
    const { changeSetId, cwd, store, run } = await setup();
    const again = await run('show', changeSetId, '--out', 'lvsync.config.json');
    expect([again.code, again.stderr]).toEqual([
      2,
      ['lvsync: --out lvsync.config.json exists already; choose another name.'],
    ]);
    await store.pool.query('alter table sync.patches drop column verdict');
    expect((await run('show', changeSetId, '--out', 'plan.csv')).code).toBe(1);
    await expect(stat(join(cwd, 'plan.csv'))).rejects.toThrow('ENOENT');
  });
});

describe('lvsync apply', () => {
  test("demands the credentials of the plan's own tenant, and of no other", async () => {
    const { changeSetId, run } = await setup();
    const { code, stderr } = await run('apply', changeSetId);
    expect(code).toBe(2);
    expect(stderr.map((line) => /LIVEVOX_\w+/.exec(line)?.[0])).toEqual([
      'LIVEVOX_ACME_ENVIRONMENT',
      'LIVEVOX_ACME_CLIENT_NAME',
      'LIVEVOX_ACME_USERNAME',
      'LIVEVOX_ACME_PASSWORD',
      'LIVEVOX_ACME_ACCESS_TOKEN',
    ]);
  });
});
