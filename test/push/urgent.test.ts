/** A stop that is asked for while a push is under way leaves as the next call of its lane, and nothing sent later takes it back. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { block } from '../../src/diff/diff.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { openRun, type Store } from '../../src/store/index.ts';
import {
  addFaults,
  fetchAllContacts,
  fetchLog,
  putContact,
  setupSandbox,
  waitForRequest,
} from '../support/sandbox-admin.ts';
import { insertUrgentPlan, type Step, selectFinal, setupPush } from './push-setup.ts';
import { setupClient } from './sandbox-client.ts';

const dnd = "Update Multiple Contacts' DND";

async function setupContacts(blocked: boolean, ...accounts: readonly string[]): Promise<Sandbox> {
  const sandbox = await setupSandbox({ contacts: 5 });
  for (const account of accounts)
    await putContact(sandbox, account, { firstName: 'Old', active: true, accountBlock: blocked });
  return sandbox;
}

/** Who was named in the requests of a route, in the order of arrival. */
async function fetchNamed(sandbox: Sandbox, route: string): Promise<readonly string[]> {
  return (await fetchLog(sandbox, route)).map(({ accounts }) => (accounts ?? []).join(','));
}

async function selectLeftOut(store: Store): Promise<readonly unknown[]> {
  const found = await store.pool.query(
    `select account, operation, left_out_because as because from sync.patches where left_out_because is not null order by account`,
  );
  return found.rows;
}

const isUnderWay = ({ status }: { readonly status: number | null }): boolean => status === null;

describe('an urgent plan that arrives during a push', () => {
  it('starts at once in a lane that is idle, while a bulk update is on its way', async () => {
    const sandbox = await setupContacts(false, 'X1', 'X2', 'U1');
    const { store, changeSetId, run } = await setupPush([
      ['X1', 'update', 'bulk_update'],
      ['X2', 'update', 'bulk_update'],
    ]);
    await addFaults(sandbox, { route: 'bulk-update', kind: 'latency', ms: 3_000, nth: 1 });
    const pushing = run({ livevox: setupClient(sandbox), push: { chunkRows: 1 } });
    await waitForRequest(sandbox, 'bulk-update', isUnderWay);
    const urgent = await insertUrgentPlan(store, changeSetId, [['U1', 'block', 'multi_dnd']]);
    expect(await pushing).toMatchObject({ chunks: 3, accepted: 3, urgent: 1 });
    const [block] = await fetchLog(sandbox, 'multi-dnd');
    const [first] = await fetchLog(sandbox, 'bulk-update');
    expect(block!.arrivedMs).toBeLessThan(first!.arrivedMs + first!.durationMs!);
    expect((await fetchAllContacts(sandbox)).get('U1')).toMatchObject({ accountBlock: 'true' });
    const states = await store.pool.query(`select id, state from sync.change_sets order by created_at`);
    expect(states.rows).toEqual([
      { id: changeSetId, state: 'pushed' },
      { id: urgent, state: 'pushed' },
    ]);
  });

  it('takes the slot that a chunk of the plan under way was waiting for', async () => {
    const sandbox = await setupContacts(false, 'B1', 'B2', 'B3', 'U1');
    const blocks = ['B1', 'B2', 'B3'].map((account): Step => [account, 'block', 'multi_dnd']);
    const { store, changeSetId, run } = await setupPush(blocks);
    const livevox = setupClient(sandbox, { limits: { [dnd]: [{ starts: 1, perMs: 3_000 }] } });
    const pushing = run({ livevox, push: { chunkRows: 1 } });
    await waitForState(store, `select from sync.chunks where state = 'claimed' and seq = 2`);
    await insertUrgentPlan(store, changeSetId, [['U1', 'block', 'multi_dnd']]);
    expect(await pushing).toMatchObject({ accepted: 4, urgent: 1 });
    expect(await fetchNamed(sandbox, 'multi-dnd')).toEqual(['B1', 'U1', 'B2', 'B3']);
  }, 30_000);

  it('takes a lift of the same person out of the chunk that waits for its slot', async () => {
    const sandbox = await setupContacts(true, 'A1', 'A2', 'A3', 'A4');
    const lifts = ['A1', 'A2', 'A3', 'A4'].map((account): Step => [account, 'lift', 'multi_dnd']);
    const { store, changeSetId, run } = await setupPush(lifts);
    const livevox = setupClient(sandbox, { limits: { [dnd]: [{ starts: 1, perMs: 3_000 }] } });
    const pushing = run({ livevox, push: { chunkRows: 2 } });
    await waitForState(store, `select from sync.chunks where state = 'claimed' and seq = 2`);
    await insertUrgentPlan(store, changeSetId, [['A3', 'block', 'multi_dnd']]);
    expect(await pushing).toMatchObject({ accepted: 4, urgent: 1, leftOut: 1 });
    expect(await fetchNamed(sandbox, 'multi-dnd')).toEqual(['A1,A2', 'A3', 'A4']);
    expect(await selectLeftOut(store)).toEqual([{ account: 'A3', operation: 'lift', because: 'a newer stop came in' }]);
    expect((await fetchAllContacts(sandbox)).get('A3')).toMatchObject({ accountBlock: 'true' });
  }, 30_000);

  it('leaves a chunk out whose every contact it stops', async () => {
    const sandbox = await setupContacts(true, 'A1', 'A2');
    const lifts = ['A1', 'A2'].map((account): Step => [account, 'lift', 'multi_dnd']);
    const { store, changeSetId, run } = await setupPush(lifts);
    const livevox = setupClient(sandbox, { limits: { [dnd]: [{ starts: 1, perMs: 3_000 }] } });
    const pushing = run({ livevox, push: { chunkRows: 1 } });
    await waitForState(store, `select from sync.chunks where state = 'claimed' and seq = 2`);
    await insertUrgentPlan(store, changeSetId, [['A2', 'block', 'multi_dnd']]);
    expect(await pushing).toMatchObject({ accepted: 2, urgent: 1, leftOut: 1 });
    expect(await fetchNamed(sandbox, 'multi-dnd')).toEqual(['A1', 'A2']);
    expect((await fetchAllContacts(sandbox)).get('A2')).toMatchObject({ accountBlock: 'true' });
  }, 30_000);

  it('waits for a lift that has left already, so that it is not overtaken by it', async () => {
    const sandbox = await setupContacts(true, 'A1');
    const { store, changeSetId, run } = await setupPush([
      {
        ...{ account: 'A1', operation: 'lift', endpoint: 'bulk_update', changes: { accountBlock: ['true', 'false'] } },
        sends: { accountBlock: 'PERMANENT_OFF', active: 'true' },
      },
    ]);
    await addFaults(sandbox, { route: 'bulk-update', kind: 'latency', ms: 2_500, nth: 1 });
    const pushing = run({ livevox: setupClient(sandbox) });
    await waitForRequest(sandbox, 'bulk-update', isUnderWay);
    await insertUrgentPlan(store, changeSetId, [['A1', 'block', 'multi_dnd']]);
    expect(await pushing).toMatchObject({ accepted: 2, urgent: 1 });
    const [lift] = await fetchLog(sandbox, 'bulk-update');
    const [block] = await fetchLog(sandbox, 'multi-dnd');
    expect(block!.arrivedMs).toBeGreaterThanOrEqual(lift!.arrivedMs + lift!.durationMs!);
    expect((await fetchAllContacts(sandbox)).get('A1')).toMatchObject({ accountBlock: 'true' });
  }, 30_000);

  it('leaves out what would send another value of a field that it sends, also what no chunk holds yet', async () => {
    const sandbox = await setupContacts(false, 'A1', 'A2');
    const { store, changeSetId, run } = await setupPush([
      ['A1', 'update', 'bulk_update'],
      ['A2', 'update', 'bulk_update'],
      ['A2', 'lift', 'multi_dnd'],
    ]);
    await addFaults(sandbox, { route: 'bulk-update', kind: 'latency', ms: 2_500, nth: 1 });
    const pushing = run({ livevox: setupClient(sandbox), push: { chunkRows: 1 } });
    await waitForRequest(sandbox, 'bulk-update', isUnderWay);
    await insertUrgentPlan(store, changeSetId, [
      {
        ...{ account: 'A2', operation: 'block', endpoint: 'bulk_update', changes: { active: ['true', 'false'] } },
        sends: { active: 'false' },
      },
    ]);
    expect(await pushing).toMatchObject({ accepted: 2, urgent: 1, leftOut: 1 });
    expect(await selectLeftOut(store)).toEqual([
      { account: 'A2', operation: 'update', because: 'a newer stop came in' },
    ]);
    expect((await fetchAllContacts(sandbox)).get('A2')).toMatchObject({ active: 'false', firstName: 'Old' });
  }, 30_000);

  it('is obeyed by a plan that goes on when the stop has long been sent and read back', async () => {
    const sandbox = await setupContacts(true, 'A1', 'A2');
    const { store, changeSetId, run } = await setupPush([
      ['A1', 'lift', 'multi_dnd'],
      ['A2', 'lift', 'multi_dnd'],
    ]);
    const urgent = await insertUrgentPlan(store, changeSetId, [['A1', 'block', 'multi_dnd']]);
    await store.pool.query(`update sync.change_sets set state = 'proven' where id = $1`, [urgent]);
    expect(await run({ livevox: setupClient(sandbox) })).toMatchObject({ accepted: 1, leftOut: 1, urgent: 0 });
    expect(await selectLeftOut(store)).toEqual([{ account: 'A1', operation: 'lift', because: 'a newer stop came in' }]);
    expect((await fetchAllContacts(sandbox)).get('A1')).toMatchObject({ accountBlock: 'true' });
  });

  it('is obeyed by a plan that was being made when it came, and not by one that was made after it was seen', async () => {
    const sandbox = await setupContacts(true, 'A1');
    const { store, changeSetId, run } = await setupPush([['A1', 'lift', 'multi_dnd']]);
    const urgent = await insertUrgentPlan(store, changeSetId, [['A1', 'block', 'multi_dnd']]);
    const setBefore = `update sync.change_sets set state = 'proven', created_at = (select created_at from sync.change_sets where id = $2) - interval '1 minute' where id = $1`;
    await store.pool.query(setBefore, [urgent, changeSetId]);
    const setMade = `insert into sync.run_steps (run_id, ordinal, step, state, started_at)
      select run_id, 1, 'diff', 'done', created_at - interval '2 minutes' from sync.change_sets where id = $1`;
    await store.pool.query(setMade, [changeSetId]);
    expect(await run({ livevox: setupClient(sandbox) })).toMatchObject({ accepted: 0, leftOut: 1 });

    const later = await setupPush([['A1', 'lift', 'multi_dnd']]);
    const seen = await insertUrgentPlan(later.store, later.changeSetId, [['A1', 'block', 'multi_dnd']]);
    await later.store.pool.query(setBefore, [seen, later.changeSetId]);
    expect(await later.run({ livevox: setupClient(sandbox) })).toMatchObject({ accepted: 1, leftOut: 0 });
  });

  it('keeps a number that it blocks from coming to another contact, or another place, without its block', async () => {
    const sandbox = await setupContacts(false, 'A1', 'A2', 'A3', 'X1');
    const toUpdate = (account: string, sends: Record<string, string>) => ({
      ...{ account, operation: 'update', endpoint: 'bulk_update', changes: { phone3: [null, '2015550101'] } },
      sends: { ...sends, active: 'true' },
    });
    const { store, changeSetId, run } = await setupPush([
      ['X1', 'update', 'bulk_update'],
      toUpdate('A1', { phone3: '(201) 555-0101' }) as never,
      toUpdate('A2', { phone3: '2015550101', phone3Block: 'PERMANENT' }) as never,
      toUpdate('A3', { phone3: '2015550109' }) as never,
    ]);
    await addFaults(sandbox, { route: 'bulk-update', kind: 'latency', ms: 2_500, nth: 1 });
    const pushing = run({ livevox: setupClient(sandbox), push: { chunkRows: 1 } });
    await waitForRequest(sandbox, 'bulk-update', isUnderWay);
    await insertUrgentPlan(store, changeSetId, [], ['2015550101']);
    expect(await pushing).toMatchObject({ accepted: 3, leftOut: 1 });
    expect(await selectLeftOut(store)).toEqual([
      { account: 'A1', operation: 'update', because: 'a newer stop came in' },
    ]);
    expect(await fetchNamed(sandbox, 'bulk-update')).toEqual(['X1', 'A2', 'A3']);
  }, 30_000);

  it('waits for a request that brings a number which it blocks', async () => {
    const sandbox = await setupContacts(false, 'A1');
    const { store, changeSetId, run } = await setupPush([
      {
        ...{ account: 'A1', operation: 'update', endpoint: 'bulk_update', changes: { phone3: [null, '2015550101'] } },
        sends: { phone3: '2015550101', active: 'true' },
      },
    ]);
    await addFaults(sandbox, { route: 'bulk-update', kind: 'latency', ms: 2_500, nth: 1 });
    const pushing = run({ livevox: setupClient(sandbox) });
    await waitForRequest(sandbox, 'bulk-update', isUnderWay);
    const wanted = { accounts: [], numbers: ['2015550101'], by: 'Ann Lee', reason: 'said stop' };
    const runId = await openRun(store, { tenant: 'main', kind: 'block', startedFrom: 'command' });
    const counts = await block({ store, clock: systemClock }, { tenant: 'main', runId, timeZone: 'UTC', wanted });
    expect(counts).toMatchObject({ found: 1, blocks: 1, unusedNumbers: 0 });
    expect(await pushing).toMatchObject({ accepted: 2, urgent: 1, leftOut: 0 });
    expect((await fetchAllContacts(sandbox)).get('A1')).toMatchObject({ phone3: '2015550101', phone3Block: 'true' });
    const states = await store.pool.query(`select state from sync.change_sets where id = $1`, [changeSetId]);
    expect(states.rows).toEqual([{ state: 'pushed' }]);
  }, 30_000);

  it('does not wait until the plan under way has been opened', async () => {
    const sandbox = await setupContacts(true, 'A1', 'A2', 'U1');
    const { store, changeSetId, run } = await setupPush([
      ['A1', 'lift', 'multi_dnd'],
      ['A2', 'lift', 'multi_dnd'],
    ]);
    await insertUrgentPlan(store, changeSetId, [
      ['U1', 'block', 'multi_dnd'],
      ['A1', 'block', 'multi_dnd'],
    ]);
    // As the cut of a large plan does, for minutes.
    const cutting = await store.pool.connect();
    await cutting.query('begin');
    await cutting.query(`select from sync.change_sets where id = $1 for no key update`, [changeSetId]);
    const pushing = run({ livevox: setupClient(sandbox) });
    await waitForRequest(sandbox, 'multi-dnd', ({ status }) => status === 200);
    await cutting.query('rollback');
    cutting.release();
    expect(await pushing).toMatchObject({ accepted: 3, urgent: 2, leftOut: 1 });
    expect(await fetchNamed(sandbox, 'multi-dnd')).toEqual(['U1,A1', 'A2']);
  }, 30_000);

  it('is passed over when its rows are not as they were sealed; the plan under way goes on', async () => {
    const sandbox = await setupContacts(false, 'X1', 'U1');
    const { store, changeSetId, run } = await setupPush([['X1', 'update', 'bulk_update']]);
    const urgent = await insertUrgentPlan(store, changeSetId, [['U1', 'block', 'multi_dnd']]);
    await store.pool.query(`update sync.patches set sends = '{"accountBlock":"NONE"}' where change_set_id = $1`, [
      urgent,
    ]);
    expect(await run({ livevox: setupClient(sandbox) })).toMatchObject({ accepted: 1, urgent: 0 });
    expect(await fetchLog(sandbox, 'multi-dnd')).toEqual([]);
    expect((await selectFinal(store, changeSetId)).map(({ state }) => state)).toEqual(['accepted']);
  });
});

/** Waits until the query finds something. */
async function waitForState(store: Store, query: string): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while ((await store.pool.query(query)).rowCount === 0) {
    if (Date.now() > giveUpAt) throw new Error(`Nothing was found within 30 s: ${query}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
