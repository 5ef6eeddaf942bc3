/**
 * The stretches of modifyDate that hold what a sweep, or a reconcile, found changed or new in LiveVox, so that they can be pulled again: at
 * most so many, parted at the widest gaps. What was rolled back is left out: a pull of a stretch lets no older row win. Of a sweep, so
 * is what changed in silence: its slice is pulled as a whole. Indexes: drift_by_sweep, drift_by_run.
 */
import type { Queryable } from './connection.ts';

type DriftedWindow = { readonly since: Date; readonly until: Date };

export async function selectDriftedWindows(
  db: Queryable,
  foundBy: { readonly sweepId: string } | { readonly runId: string },
  maxWindows: number,
): Promise<readonly DriftedWindow[]> {
  const [of, id] =
    'sweepId' in foundBy
      ? [`sweep_id = $1 and cause in ('late_commit', 'missed_window')`, foundBy.sweepId]
      : [`run_id = $1 and cause in ('late_commit', 'missed_window', 'silent_change', 'altered')`, foundBy.runId];
  const found = await db.query<DriftedWindow>(
    `with moments as (
       select modify_date, modify_date - lag(modify_date) over (order by modify_date) as gap
         from (select distinct modify_date
                 from sync.drift
                where ${of} and modify_date is not null and repaired_at is null) drifted
     ), ranked as (
       select modify_date, row_number() over (order by gap desc nulls first) <= $2 as is_first from moments
     ), numbered as (
       select modify_date, count(*) filter (where is_first) over (order by modify_date) as part from ranked
     )
     select min(modify_date) as "since", max(modify_date) as "until" from numbered group by part order by part`,
    [id, maxWindows],
  );
  return found.rows;
}
