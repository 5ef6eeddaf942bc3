/** A stored plan in a database of its own, and a push of it. */
import { type Clock, systemClock } from '../../src/clock.ts';
import type { PushConfig } from '../../src/config.ts';
import type { Endpoint, Operation, Patch } from '../../src/contact/index.ts';
import { silentLog } from '../../src/log.ts';
import { type PushCounts, type PushDeps, push } from '../../src/push/push.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

/** A push looks for urgent plans every second; here it does not take so long. */
export const impatientClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
};

const base = '2026-03-01 02:03:04.000005Z';

export type Step = readonly [account: string, operation: Operation, endpoint: Endpoint];
type SendingPatch = Extract<Patch, { readonly sends: unknown }>;

/** A patch that the kind of step would carry. */
function toPatch([account, operation, endpoint]: Step): SendingPatch {
  if (operation === 'block')
    return {
      account,
      operation,
      endpoint,
      changes: { accountBlock: ['false', 'true'] },
      sends: { accountBlock: 'PERMANENT' },
    };
  if (operation === 'lift')
    return {
      account,
      operation,
      endpoint,
      changes: { accountBlock: ['true', 'false'] },
      sends: { accountBlock: 'PERMANENT_OFF' },
    };
  return {
    account,
    operation,
    endpoint,
    changes: { firstName: [null, 'Ann'] },
    sends: { firstName: 'Ann', active: 'true' },
  };
}

export type RunOptions = {
  readonly livevox: PushDeps['livevox'];
  /** @default LiveVox has nobody */
  readonly lookUp?: PushDeps['lookUp'];
  readonly over?: Store;
  readonly push?: Partial<PushConfig>;
  readonly clock?: Clock;
  readonly inFlight?: number;
};

/** The plan, its contacts in the mirror as planned from (creates excepted), and what pushes it. */
export async function setupPush(steps: readonly (Step | SendingPatch)[]) {
  const { store, url } = await setupDatabase();
  const patches = steps.map((step) => (Array.isArray(step) ? toPatch(step as Step) : (step as SendingPatch)));
  const { changeSetId } = await storePlan(store, { tenant: 'main', patches, base });
  await showPlanned(store);
  const run = (options: RunOptions): Promise<PushCounts> => runPush(options.over ?? store, changeSetId, options);
  return { store, url, changeSetId, run };
}

/** The mirror shows every contact of a plan as it was planned from. */
async function showPlanned(store: Store): Promise<void> {
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by)
     select 'main', account, now(), $1::timestamptz, gen_random_uuid() from (select distinct account from sync.patches) p
     on conflict do nothing`,
    [base],
  );
}

export function runPush(
  store: Store,
  changeSetId: string,
  {
    livevox,
    lookUp = async () => ({ kind: 'absent' }),
    push: settings,
    clock = impatientClock,
    inFlight = 1,
  }: RunOptions,
): Promise<PushCounts> {
  const config: PushConfig = {
    chunkRows: 500,
    identifyBy: 'both',
    createActive: true,
    singleContact: 'never',
    keyedReads: 10,
    repeats: 2,
    settleMs: 0,
    ...settings,
  };
  return push(
    { livevox, lookUp, store, clock, log: silentLog, progress: () => {} },
    { tenant: 'main', changeSetId, actor: 'op', push: config, inFlight: () => inFlight },
  );
}

export type FinalRow = { readonly account: string; readonly operation: string; readonly state: string | null };

/** What became of each patch, by the chunk that it is in. */
export async function selectFinal(store: Store, changeSetId: string): Promise<readonly FinalRow[]> {
  const found = await store.pool.query<FinalRow>(
    `select p.account, p.operation, c.state from sync.patches p
       left join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
      where p.change_set_id = $1 order by p.seq`,
    [changeSetId],
  );
  return found.rows;
}

/** Puts an urgent plan of blocks beside what is there, as a command in another process would. */
export async function insertUrgentPlan(
  store: Store,
  changeSetId: string,
  steps: readonly (Step | SendingPatch)[],
  stoppedNumbers: readonly string[] = [],
): Promise<string> {
  const patches = steps.map((step) => (Array.isArray(step) ? toPatch(step as Step) : (step as SendingPatch)));
  const plan = await storeBeside(store, changeSetId, patches);
  await store.pool.query(`update sync.change_sets set urgent = true, stopped_numbers = $2 where id = $1`, [
    plan,
    stoppedNumbers,
  ]);
  return plan;
}

/** A new plan takes the place of the older ones; here the one that is being pushed goes on. */
async function storeBeside(store: Store, changeSetId: string, patches: readonly Patch[]): Promise<string> {
  const beside = await storePlan(store, { tenant: 'main', patches, base });
  await store.pool.query(`update sync.change_sets set state = 'pushing', ended_at = null where id = $1`, [changeSetId]);
  await showPlanned(store);
  return beside.changeSetId;
}
