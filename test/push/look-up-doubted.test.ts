/** Whom an earlier plan may have created already, though the answer was lost, is created by a later one only when LiveVox surely has nobody. */
import { expect, it } from 'vitest';
import type { Patch } from '../../src/contact/index.ts';
import type { PushDeps } from '../../src/push/push.ts';
import { markLostChunks, type Store } from '../../src/store/index.ts';
import { storePlan } from '../support/stored-plan.ts';
import { lost, makeFakeLiveVox } from './fake-livevox.ts';
import { runPush, type Step, setupPush } from './push-setup.ts';

type Known = 'absent' | 'found' | 'unknown';

/** A plan whose creates got no answer, all but the last; judged as verify would have. */
async function setupLost(accounts: readonly string[], verdict: 'not_taken' | 'confirmed' | null) {
  const { store, changeSetId, run } = await setupPush(accounts.map((one): Step => [one, 'create', 'bulk_create']));
  await run({
    livevox: makeFakeLiveVox((_, [one]) => (one === 'N9' ? undefined : lost)).livevox,
    push: { chunkRows: 1 },
  });
  // The read-back shows none of them.
  await store.pool.query('delete from mirror.contacts');
  await markLostChunks(store.pool, 'main');
  await store.pool.query(`update sync.patches set verdict = $2, verdict_at = now() where change_set_id = $1`, [
    changeSetId,
    verdict,
  ]);
  return store;
}

/** A new plan of creates, pushed against a LiveVox that knows some accounts. */
async function pushNext(store: Store, accounts: readonly string[], knows: Readonly<Record<string, Known>>) {
  const looked: string[] = [];
  const lookUp: PushDeps['lookUp'] = async (account) => {
    looked.push(account);
    return { kind: knows[account] ?? 'absent' };
  };
  const patches = accounts.map(
    (account): Patch => ({
      ...{ account, operation: 'create', endpoint: 'bulk_create' },
      changes: { firstName: [null, 'Ann'] },
      sends: { firstName: 'Ann', active: 'true' },
    }),
  );
  const { changeSetId } = await storePlan(store, { tenant: 'main', patches });
  const { livevox, requests } = makeFakeLiveVox();
  const counts = await runPush(store, changeSetId, { livevox, lookUp });
  const left = await store.pool.query<{ account: string; because: string }>(
    `select account, left_out_because as because from sync.patches where change_set_id = $1 and left_out_because is not null order by seq`,
    [changeSetId],
  );
  return { looked: looked.toSorted(), created: requests.flatMap((one) => one.accounts), counts, left: left.rows };
}

it('creates again only whom a keyed read does not find, and asks for nobody else', async () => {
  const store = await setupLost(['N1', 'N2', 'N9'], 'not_taken');
  const next = await pushNext(store, ['N0', 'N1', 'N2', 'N9'], { N1: 'found' });
  expect(next.looked).toEqual(['N1', 'N2']);
  expect(next.created).toEqual(['N0', 'N2', 'N9']);
  expect(next.counts).toMatchObject({ accepted: 3, leftOut: 1 });
  expect(next.left).toEqual([
    {
      account: 'N1',
      because: 'LiveVox has this contact already: an earlier create of it arrived, though its answer was lost',
    },
  ]);
});

it('leaves out whom nobody can ask for, also where nothing has been read back yet', async () => {
  const store = await setupLost(['bulk'], null);
  const next = await pushNext(store, ['bulk', 'N1'], { bulk: 'unknown' });
  expect([next.looked, next.created]).toEqual([['bulk'], ['N1']]);
  expect(next.left.map(({ because }) => because)).toEqual([
    'the answer to an earlier create of this contact was lost, and its account cannot be asked for; look for it in LiveVox',
  ]);
});

it('creates without asking who has been seen in LiveVox since', async () => {
  const store = await setupLost(['N1'], 'confirmed');
  expect(await pushNext(store, ['N1'], {})).toMatchObject({ looked: [], created: ['N1'] });
});
