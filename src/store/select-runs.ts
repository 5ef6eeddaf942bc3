/** Lists runs, the latest first. Read-only. Index: runs_by_tenant. */
import type { Queryable } from './connection.ts';
import type { RunEnd } from './mark-run.ts';
import type { RunKind } from './open-run.ts';

type RunState = RunEnd | 'running';

// As records, so that a new kind or state cannot be forgotten here.
const everyState: Readonly<Record<RunState, true>> = {
  running: true,
  proven: true,
  not_proven: true,
  held: true,
  failed: true,
  interrupted: true,
};
const everyKind: Readonly<Record<RunKind, true>> = {
  pull: true,
  plan: true,
  apply: true,
  sync: true,
  replay: true,
  sweep: true,
  revert: true,
  block: true,
  reconcile: true,
};

export const runStates = Object.keys(everyState) as readonly RunState[];
export const runKinds = Object.keys(everyKind) as readonly RunKind[];

export type RunFilter = {
  readonly tenants: readonly string[];
  /** @default any */
  readonly states?: readonly RunState[] | undefined;
  /** @default any */
  readonly kinds?: readonly RunKind[] | undefined;
  /** Only those that began at this instant or later. @default any */
  readonly since?: Date | undefined;
  /** Most rows. */
  readonly limit: number;
};

export type ListedRun = {
  readonly id: string;
  readonly tenant: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly startedFrom: 'command' | 'job';
  readonly startedAt: Date;
  /** null while running. */
  readonly endedAt: Date | null;
  readonly message: string | null;
};

/** The runs that fit all of the filter. */
export async function selectRuns(db: Queryable, filter: RunFilter): Promise<readonly ListedRun[]> {
  const { tenants, states, kinds, since, limit } = filter;
  const found = await db.query<ListedRun>(
    `select id, tenant, kind, state, started_from as "startedFrom", started_at as "startedAt", ended_at as "endedAt", message
       from sync.runs
      where tenant = any($1) and ($2::text[] is null or state = any($2)) and ($3::text[] is null or kind = any($3))
        and ($4::timestamptz is null or started_at >= $4)
      order by started_at desc, id
      limit $5`,
    [tenants, states, kinds, since, limit],
  );
  return found.rows;
}
