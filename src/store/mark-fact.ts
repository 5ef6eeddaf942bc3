/**
 * Notes what sending a plan has taken so far, from its chunks alone: whatever process sent them, and however it ended. Time is what lies between
 * taking a chunk and its answer, waits for slots included; chunks at the same time count once, and the nights between two pushes of one
 * plan do not count. What a killed process was waiting for is not in it. Reads the plan's chunks once, by their key.
 */
import type { Endpoint } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type Fact = {
  /** Requests that left or missed their slot right before; repeated ones counted each time. */
  readonly calls: number;
  readonly minutes: number;
  readonly endpoints: readonly {
    readonly endpoint: Endpoint;
    /** Contacts in chunks that left, each once. */
    readonly rows: number;
    readonly calls: number;
    readonly minutes: number;
  }[];
};

/** Stores the fact of a plan, and gives it; undefined as long as nothing of it has left. */
export async function markFact(db: Queryable, changeSetId: string): Promise<Fact | undefined> {
  const marked = await db.query<{ fact: Fact }>(
    `with cut as (
       select endpoint, state, size_rows, greatest(attempts, (sent_at is not null)::int) as calls,
              coalesce(claimed_at, sent_at) as began_at, coalesce(answered_at, sent_at) as over_at
         from sync.chunks where change_set_id = $1
     ), spans as (
       select endpoint, range_agg(tstzrange(began_at, over_at, '[]')) as spans
         from cut where began_at <= over_at group by endpoint
     ), per_endpoint as (
       select endpoint, sum(calls)::int as calls,
              coalesce(sum(size_rows) filter (where over_at is not null and state <> 'split'), 0)::int as rows
         from cut group by endpoint having sum(calls) > 0
     ), told as (
       select e.endpoint, e.rows, e.calls, coalesce(m.minutes, 0) as minutes
         from per_endpoint e left join spans s using (endpoint)
        cross join lateral (select round(sum(extract(epoch from upper(one) - lower(one))) / 60, 2) as minutes from unnest(s.spans) as one) m
     ), whole as (
       select round(sum(extract(epoch from upper(one) - lower(one))) / 60, 2) as minutes
         from (select unnest(range_agg(span)) as one from spans cross join lateral unnest(spans.spans) as span) u
     )
     update sync.change_sets set fact = jsonb_build_object(
       'calls', (select sum(calls) from told),
       'minutes', coalesce((select minutes from whole), 0),
       'endpoints', (select jsonb_agg(to_jsonb(told) order by endpoint) from told))
      where id = $1 and exists (select from told)
     returning fact`,
    [changeSetId],
  );
  return marked.rows[0]?.fact;
}
