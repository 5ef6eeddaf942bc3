/** Reads one run with its steps, and which run a job has opened. By primary key, and by the unique key of the job. */
import type { Queryable } from './connection.ts';
import type { RunEnd, StepCounts, StepEnd, StepName } from './mark-run.ts';
import type { RunKind } from './open-run.ts';

type StoredStep = {
  readonly ordinal: number;
  readonly step: StepName;
  readonly state: StepEnd | 'running';
  readonly counts: StepCounts;
  readonly message: string | null;
};

export type StoredRun = {
  readonly id: string;
  readonly tenant: string;
  readonly kind: RunKind;
  readonly state: RunEnd | 'running';
  readonly message: string | null;
  readonly steps: readonly StoredStep[];
};

/** The run, or undefined when there is none of that id. */
export async function selectRun(db: Queryable, runId: string): Promise<StoredRun | undefined> {
  const runs = await db.query<Omit<StoredRun, 'steps'>>(
    `select id, tenant, kind, state, message from sync.runs where id = $1`,
    [runId],
  );
  const run = runs.rows[0];
  if (run === undefined) return undefined;
  const steps = await db.query<StoredStep>(
    `select ordinal, step, state, counts, message from sync.run_steps where run_id = $1 order by ordinal`,
    [runId],
  );
  return { ...run, steps: steps.rows };
}

/** The run that the queue's job opened, if it still goes on. */
export async function selectRunIdOfJob(db: Queryable, dedupKey: string): Promise<string | undefined> {
  const found = await db.query<{ id: string }>(`select id from sync.runs where dedup_key = $1 and state = 'running'`, [
    dedupKey,
  ]);
  return found.rows[0]?.id;
}
