/** `lvsync show`: every field a plan would change, in the order it would be sent. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Patch } from '../../src/contact/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';
import { type StoredPlan, storePlan } from '../support/stored-plan.ts';

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

async function setup(
  heldBecause: readonly string[] = [],
): Promise<StoredPlan & { run: (...argv: string[]) => Promise<LvsyncResult> }> {
  const { store, url } = await setupDatabase();
  const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{},"beta":{}}}' });
  const plan = await storePlan(store, { tenant: 'acme', patches, heldBecause });
  return { ...plan, run: (...argv) => runLvsync(argv, { cwd, env: { DATABASE_URL: url } }) };
}

describe('lvsync show', () => {
  test('each field has a row, control characters show as their code, and no credentials are needed', async () => {
    const { changeSetId, run } = await setup(['The plan would create 9 contacts; guards.maxCreates allows 1.']);
    const { code, stdout, stderr } = await run('show', changeSetId);
    expect([code, stderr]).toEqual([0, []]);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(new RegExp(`^plan ${changeSetId} of tenant acme, held, from crm, 20..-..-..T..:..:..Z$`));
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['held: The plan would create 9 contacts; guards.maxCreates allows 1.'],
      ['account', 'operation', 'state', 'field', 'from → to'],
      ['A1', 'block', 'planned', 'phone1Block', 'false → true'],
      ['A2', 'create', 'planned', 'lastName', '(empty) → Smi\\u{1b}[2Jth'],
      ['A2', 'create', 'planned', 'COL1', '(empty) → gold'],
      ['A1', 'not_expressible', 'not_expressible', 'balance', '12.5 → (empty)'],
    ]);
  });

  test('--account shows one contact, --json one document', async () => {
    const { changeSetId, run } = await setup();
    const { stdout } = await run('show', changeSetId, '--account', 'A1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      plan: { id: changeSetId, tenant: 'acme', state: 'planned', systemOfRecord: 'crm' },
      rows: [
        { account: 'A1', operation: 'block', field: 'phone1Block', from: 'false', to: 'true' },
        { account: 'A1', operation: 'not_expressible', field: 'balance', from: '12.5', to: null },
      ],
    });
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
