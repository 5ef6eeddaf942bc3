/**
 * Opens a run of a tenant, and closes what earlier runs left open. Called with the tenant's lock held, so a run that still
 * says `running` is dead, unless it is a run of queue jobs between two of its steps: such a run is left alone while its
 * heartbeat is young. A run that blocks is opened without the lock and beside others, so it can tell by their heartbeats alone
 * who is dead, and is taken for dead by its own. Any other run `beside` others holds the lock while it works, and does so between
 * two steps of theirs.
 * One transaction; the partial unique index makes a second running run impossible.
 */
import { RetriableError } from '../errors.ts';
import { type Store, withTransaction } from './connection.ts';

export type RunKind = 'pull' | 'plan' | 'apply' | 'sync' | 'replay' | 'sweep' | 'revert' | 'block' | 'reconcile';

export type OpenRun = {
  readonly tenant: string;
  readonly kind: RunKind;
  readonly startedFrom: 'command' | 'job';
  /** The queue job that opens the run; the same key gets the same run back. */
  readonly dedupKey?: string;
  /** Whether it may go on between two steps of another run. @default false */
  readonly beside?: boolean;
};

/** A run of jobs may wait this long for its next step before another run may take its place, seconds. */
const jobRunPatienceSeconds = 120;

/** The id of the new run (or of the one the same job opened before). Throws RetriableError when a run of jobs is under way. */
export async function openRun(store: Store, input: OpenRun): Promise<string> {
  return withTransaction(store, async (client) => {
    if (input.dedupKey !== undefined) {
      const same = await client.query<{ id: string }>(`select id from sync.runs where dedup_key = $1`, [
        input.dedupKey,
      ]);
      if (same.rows[0] !== undefined) return same.rows[0].id;
    }
    await client.query(
      `update sync.runs
          set state = 'interrupted', ended_at = now(), message = 'The process of this run ended before the run did.'
        where tenant = $1 and state = 'running'
          and ((started_from = 'command' and kind <> 'block' and $3) or heartbeat_at < now() - make_interval(secs => $2))`,
      [input.tenant, jobRunPatienceSeconds, input.kind !== 'block'],
    );
    const opened = await client.query<{ id: string }>(
      `insert into sync.runs (id, tenant, kind, started_from, dedup_key, beside, state, started_at, heartbeat_at)
       values (gen_random_uuid(), $1, $2, $3, $4, $5, 'running', now(), now())
       on conflict do nothing
       returning id`,
      [input.tenant, input.kind, input.startedFrom, input.dedupKey ?? null, input.beside ?? input.kind === 'block'],
    );
    const id = opened.rows[0]?.id;
    if (id === undefined) {
      throw new RetriableError(
        `A scheduled run of tenant ${input.tenant} is under way; wait for it to end (lvsync status) and try again.`,
      );
    }
    return id;
  });
}
