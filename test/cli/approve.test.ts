/** `lvsync approve`: who lets which plan through, as it was sealed, and what it refuses. */
import { describe, expect, test } from 'vitest';
import type { Patch } from '../../src/contact/index.ts';
import { type Store, selectChangeSet } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';
import { type StoredPlanInput, storePlan } from '../support/stored-plan.ts';

const patches: readonly Patch[] = [
  {
    account: 'A1',
    operation: 'create',
    endpoint: 'bulk_create',
    changes: { lastName: [null, 'Smith'] },
    sends: { lastName: 'Smith', active: 'true' },
  },
];
const sentence = 'The plan would create 9 contacts; guards.maxCreates allows 1.';

type Setup = {
  readonly store: Store;
  readonly plan: string;
  readonly seal: string;
  readonly run: (...argv: string[]) => Promise<LvsyncResult>;
  readonly approve: (by: string, ...more: string[]) => Promise<LvsyncResult>;
};

async function setup(input: Partial<StoredPlanInput> = {}): Promise<Setup> {
  const { store, url } = await setupDatabase();
  const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{},"beta":{}}}' });
  const { changeSetId: plan } = await storePlan(store, { tenant: 'acme', patches, heldBecause: [sentence], ...input });
  const { seal } = (await selectChangeSet(store.pool, 'acme', plan))!;
  const run = (...argv: string[]) => runLvsync(argv, { cwd, env: { DATABASE_URL: url } });
  const approve = (by: string, ...more: string[]) =>
    run('approve', plan, '--by', by, '--reason', 'looked at it', ...more);
  return { store, plan, seal: seal!, run, approve };
}

describe('lvsync approve', () => {
  test('it says what is approved, binds it to the seal, needs no credentials, and is on record', async () => {
    const { store, plan, seal, approve } = await setup();
    const { code, stdout, stderr } = await approve('  Ann   Lee ');
    expect([code, stderr]).toEqual([0, []]);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      `plan ${plan} of tenant acme, seal ${seal.slice(0, 12)}`,
      'creates 1',
      `held: ${sentence}`,
      'approval by Ann Lee noted',
    ]);
    expect(stdout).toMatch(/^approved; until .+Z it is sent by lvsync apply/m);
    const noted = await store.pool.query(`select seal, approved_by, reason from sync.approvals`);
    expect(noted.rows).toEqual([{ seal, approved_by: 'Ann Lee', reason: 'looked at it' }]);
    const audit = await store.pool.query(`select tenant, actor, action, change_set_id, detail from sync.audit`);
    expect(audit.rows).toEqual([
      {
        tenant: 'acme',
        actor: 'Ann Lee',
        action: 'approved',
        change_set_id: plan,
        detail: `lvsync approve, 1 of 1, seal ${seal}`,
      },
    ]);
    expect((await selectChangeSet(store.pool, 'acme', plan))?.state).toBe('approved');
  });

  test('where two are asked for, one does not do, nor the same one twice in other letters', async () => {
    const { store, plan, approve } = await setup({ approvers: 2 });
    const first = await approve('Ann Lee', '--json');
    expect([first.code, JSON.parse(first.stdout)]).toEqual([
      3,
      expect.objectContaining({ plan, state: 'held', approvals: { given: 1, needed: 2 } }),
    ]);
    const again = await approve('ANN LEE');
    expect([again.code, again.stderr]).toEqual([
      2,
      [`lvsync: ANN LEE has approved plan ${plan} already; another person has to.`],
    ]);
    const second = await approve('Bob', '--json');
    expect([second.code, JSON.parse(second.stdout)]).toEqual([
      0,
      expect.objectContaining({ state: 'approved', approvals: { given: 2, needed: 2 } }),
    ]);
    expect((await store.pool.query('select from sync.audit')).rowCount).toBe(2);
  });

  test('--expect must be the beginning of the seal', async () => {
    const { seal, approve } = await setup();
    const other = seal.startsWith('0') ? '1' : '0';
    for (const wrong of [other, `${seal}0`, '']) {
      const { code, stderr } = await approve('Ann', '--expect', wrong);
      expect([code, stderr.join()]).toEqual([2, expect.stringContaining('it is not the plan you looked at')]);
    }
    expect((await approve('Ann', '--expect', seal.slice(0, 12).toUpperCase())).code).toBe(0);
  });

  test.each([
    ['planned', 'is not held: no guard tripped, and lvsync apply sends it as it is.'],
    ['approved', 'is approved already; lvsync apply sends it.'],
    ['pushing', 'has been sent already; there is nothing left to approve.'],
    ['proven', 'has been sent already; there is nothing left to approve.'],
    ['superseded', 'was replaced by a newer one; lvsync status lists the open plans.'],
    ['expired', 'has expired; make a new one with lvsync plan.'],
  ])('a plan that is %s is refused', async (state, why) => {
    const { store, plan, approve } = await setup();
    await store.pool.query(`update sync.change_sets set state = $1`, [state]);
    expect(await approve('Ann')).toMatchObject({ code: 2, stderr: [`lvsync: Plan ${plan} ${why}`] });
    expect((await store.pool.query('select from sync.approvals')).rowCount).toBe(0);
  });

  test('a plan past its time is refused', async () => {
    const { plan, approve } = await setup({ expiresAt: new Date(Date.now() - 1_000) });
    const why = 'has expired; make a new one with lvsync plan.';
    expect(await approve('Ann')).toMatchObject({ code: 2, stderr: [`lvsync: Plan ${plan} ${why}`] });
  });

  test('a plan that was changed after it was sealed is refused', async () => {
    const { store, approve } = await setup();
    await store.pool.query(`update sync.patches set sends = sends || '{"accountBlock":"NONE"}'`);
    const { code, stderr } = await approve('Ann');
    expect([code, stderr.join()]).toEqual([1, expect.stringContaining('is not as it was sealed')]);
    expect((await store.pool.query('select from sync.approvals')).rowCount).toBe(0);
  });

  test('a name and a reason are demanded', async () => {
    const { plan, run, approve } = await setup();
    expect((await run('approve', plan, '--by', 'Ann')).stderr.join()).toContain('--reason');
    expect((await approve(' \t ')).stderr).toEqual(['lvsync: --by is empty; say who approves, and why.']);
    expect((await run('approve', 'nonsense', '--by', 'Ann', '--reason', 'x')).code).toBe(2);
    expect((await run('approve', plan, '--by', 'Ann', '--reason', 'x', '--tenant', 'beta')).code).toBe(2);
  });
});
