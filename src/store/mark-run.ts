/** Moves a run and its steps through their states. Single rows by primary key; no other locks. */
import type { Queryable } from './connection.ts';

export type RunEnd = 'proven' | 'not_proven' | 'held' | 'failed' | 'interrupted';
export type StepName = 'pull' | 'verify' | 'diff' | 'push' | 'replay' | 'sweep' | 'block' | 'revert' | 'reconcile';
export type StepEnd = 'done' | 'failed' | 'skipped';
export type StepCounts = Readonly<Record<string, number | string | null>>;

/** Ends a run; one that has ended already stays as it is. */
export async function markRunEnded(db: Queryable, runId: string, state: RunEnd, message: string): Promise<void> {
  await db.query(
    `update sync.runs set state = $2, message = $3, ended_at = now(), heartbeat_at = now() where id = $1 and state = 'running'`,
    [runId, state, message],
  );
}

export async function markRunAlive(db: Queryable, runId: string): Promise<void> {
  await db.query(`update sync.runs set heartbeat_at = now() where id = $1 and state = 'running'`, [runId]);
}

/** Begins a step, again if its process died in it. */
export async function markStepStarted(db: Queryable, runId: string, ordinal: number, step: StepName): Promise<void> {
  await db.query(
    `insert into sync.run_steps (run_id, ordinal, step, state, started_at)
     values ($1, $2, $3, 'running', now())
     on conflict (run_id, ordinal) do update set state = 'running', started_at = now(), ended_at = null, message = null`,
    [runId, ordinal, step],
  );
}

export async function markStepEnded(
  db: Queryable,
  runId: string,
  ordinal: number,
  end: { readonly state: StepEnd; readonly counts?: StepCounts; readonly message?: string },
): Promise<void> {
  await db.query(
    `update sync.run_steps set state = $3, counts = $4, message = $5, ended_at = now() where run_id = $1 and ordinal = $2`,
    [runId, ordinal, end.state, JSON.stringify(end.counts ?? {}), end.message ?? null],
  );
}
