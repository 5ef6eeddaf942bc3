/** From a plan to a person's approval to LiveVox: what is held, who lets it through, and that nothing else leaves. */
import { describe, expect, it } from 'vitest';
import type { Patch } from '../../src/contact/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace } from '../support/lvsync.ts';
import { addFaults, fetchAllContacts, fetchLog, putContact, setupSandbox } from '../support/sandbox-admin.ts';
import { storePlan } from '../support/stored-plan.ts';

type Answer = {
  readonly state: string;
  readonly message: string;
  readonly changeSetId: string;
  readonly tally: Record<string, number>;
};

type Bundle = { readonly sandbox: Sandbox; readonly store: Store; readonly place: Workplace };

const mapping = { account: 'id', firstName: 'first' };
const systemsOfRecord = { crm: { kind: 'csv', path: 'record.csv', mapping } };

async function setup(tenant: Record<string, unknown> = {}): Promise<Bundle> {
  const sandbox = await setupSandbox({ contacts: 20 });
  const { url, store } = await setupDatabase();
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: { systemsOfRecord, push: { settleSeconds: 0.2 }, ...tenant },
  });
  return { sandbox, store, place };
}

/** Requests that would change something. */
async function fetchWrites(sandbox: Sandbox): Promise<readonly string[]> {
  const log = await fetchLog(sandbox);
  const routes = log.map(({ route }) => route ?? '');
  return routes.filter((route) => /^(?:bulk-(?:create|update)|multi-dnd|delete-contact)$/.test(route));
}

describe('a plan that waits for a person', () => {
  it('is sent once it is approved, and proven', async () => {
    const { sandbox, place, store } = await setup({ guards: { maxUpdates: 0 } });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\n');
    const held = await place.json<Answer>('sync');
    expect([held.code, held.answer.message]).toEqual([
      3,
      `held: The plan would update 1 contact; guards.maxUpdates allows 0. Until somebody has approved it (lvsync approve ${held.answer.changeSetId} --by NAME --reason TEXT), nothing of it is sent.`,
    ]);
    expect((await place.run('apply', held.answer.changeSetId)).code).toBe(3);
    expect(await fetchWrites(sandbox)).toEqual([]);
    const approved = await place.run('approve', held.answer.changeSetId, '--by', 'Ann', '--reason', 'expected');
    expect([approved.code, approved.stderr]).toEqual([0, '']);
    expect(await place.json<Answer>('apply', held.answer.changeSetId)).toMatchObject({
      code: 0,
      answer: { state: 'proven' },
    });
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({ firstName: 'New' });
    const audit = await store.pool.query(`select action, actor from sync.audit order by id`);
    expect(audit.rows).toEqual([
      { action: 'approved', actor: 'Ann' },
      { action: 'applied', actor: expect.any(String) },
    ]);
  });

  it('plans.approveAll makes every plan wait, and a run that changes nothing does not', async () => {
    const { sandbox, place } = await setup({ plans: { approveAll: true } });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\n');
    const held = await place.json<Answer>('sync');
    expect([held.code, held.answer.message]).toEqual([3, expect.stringContaining('plans.approveAll')]);
    await putContact(sandbox, 'X1', { firstName: 'New' });
    expect((await place.json<Answer>('sync')).code).toBe(0);
    expect(await fetchWrites(sandbox)).toEqual([]);
  });

  it('a source that suddenly is small holds the plan, and the next one as well, until a person has looked', async () => {
    const { place } = await setup();
    const rows = (count: number): string => Array.from({ length: count }, (_, index) => `N${index},A`).join('\n');
    await place.write('record.csv', `id,first\n${rows(200)}\n`);
    expect((await place.json<Answer>('plan')).code).toBe(0);
    await place.write('record.csv', `id,first\n${rows(99)}\n`);
    for (const attempt of [1, 2]) {
      const { code, answer } = await place.json<Answer>('plan');
      expect([attempt, code, answer.message]).toEqual([attempt, 3, expect.stringContaining('its last reading 200')]);
      if (attempt === 1) continue;
      const approved = await place.run('approve', answer.changeSetId, '--by', 'Ann', '--reason', 'sold a portfolio');
      expect([approved.code, approved.stderr]).toEqual([0, '']);
    }
    const { answer } = await place.json<Answer>('plan');
    expect(answer.message).toBe('planned: 99 differences; nothing was sent');
  });
});

describe('a plan that was changed in the database', () => {
  it('is refused, and LiveVox hears nothing of it', async () => {
    const { sandbox, place, store } = await setup();
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\n');
    await place.run('pull');
    const { answer } = await place.json<Answer>('plan');
    await store.pool.query(`update sync.patches set sends = jsonb_set(sends, '{firstName}', '"Nev"')`);
    const apply = await place.run('apply', answer.changeSetId);
    expect([apply.code, apply.stderr]).toEqual([1, expect.stringContaining('is not as it was sealed')]);
    expect(await fetchWrites(sandbox)).toEqual([]);
  });
});

describe('deletions', () => {
  async function planDeletions({ store }: Bundle, ...accounts: string[]): Promise<string> {
    const mirror = await store.pool.query<{ account: string; merged_at: string }>(
      `select account, to_char(merged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as merged_at
         from mirror.contacts where account = any ($1)`,
      [accounts],
    );
    const patches: Patch[] = accounts.map((account) => ({
      account,
      operation: 'delete',
      endpoint: 'delete_contact',
      changes: {},
      sends: {},
    }));
    const { changeSetId } = await storePlan(store, { tenant: 'main', patches, base: mirror.rows[0]!.merged_at });
    return changeSetId;
  }

  async function selectGone(store: Store): Promise<readonly string[]> {
    const gone = await store.pool.query<{ account: string }>(
      `select account from mirror.contacts where tombstoned_at is not null order by account`,
    );
    return gone.rows.map(({ account }) => account);
  }

  it('are sent one by one, looked up, and leave tombstones; one that was gone before is as good as deleted', async () => {
    const bundle = await setup();
    const { sandbox, store, place } = bundle;
    await place.run('pull');
    const plan = await planDeletions(bundle, 'A0000001', 'A0000002');
    await fetch(`${sandbox.url}/sandbox/contacts/A0000002`, { method: 'DELETE' });
    const { code, answer } = await place.json<Answer>('apply', plan);
    expect([code, answer.state, answer.tally['confirmed']]).toEqual([0, 'proven', 2]);
    expect(await fetchLog(sandbox, 'delete-contact')).toHaveLength(2);
    expect((await fetchAllContacts(sandbox)).has('A0000001')).toBe(false);
    expect(await selectGone(store)).toEqual(['A0000001', 'A0000002']);
  });

  it('whose answer was lost are looked up, and sent again where the contact is still there', async () => {
    const bundle = await setup();
    const { sandbox, store, place } = bundle;
    await place.run('pull');
    const plan = await planDeletions(bundle, 'A0000001', 'A0000002');
    await addFaults(
      sandbox,
      { route: 'delete-contact', kind: 'reset-before', nth: 1 },
      { route: 'delete-contact', kind: 'reset-after', nth: 2 },
    );
    const { code, answer } = await place.json<Answer>('apply', plan);
    expect([code, answer.tally['notTaken'], answer.tally['confirmed']]).toEqual([0, 0, 2]);
    expect(await fetchLog(sandbox, 'delete-contact')).toHaveLength(3);
    expect(await selectGone(store)).toEqual(['A0000001', 'A0000002']);
  });

  it('are not proven when the answer was lost and the contact stays, and nothing in the mirror is marked', async () => {
    const bundle = await setup();
    const { sandbox, store, place } = bundle;
    await place.run('pull');
    const plan = await planDeletions(bundle, 'A0000001');
    await addFaults(sandbox, { route: 'delete-contact', kind: 'reset-before' });
    const { code, answer } = await place.json<Answer>('apply', plan);
    expect([code, answer.tally['notTaken'], answer.tally['confirmed']]).toEqual([4, 1, 0]);
    expect(await selectGone(store)).toEqual([]);
  });

  it('of a contact that has changed since the plan are left out', async () => {
    const bundle = await setup();
    const { sandbox, place } = bundle;
    await place.run('pull');
    const plan = await planDeletions(bundle, 'A0000001');
    await putContact(sandbox, 'A0000001', { firstName: 'Back' });
    await place.run('pull');
    const { code, answer } = await place.json<Answer>('apply', plan);
    expect([code, answer.tally['leftOut']]).toEqual([4, 1]);
    expect(await fetchLog(sandbox, 'delete-contact')).toEqual([]);
  });
});
