/**
 * Which time of a tenant has been pulled, and how far without a gap. Index: coverage_by_tenant. Read-only.
 * The mirror is whole only from the beginning of time on, so a gapless stretch that begins later has no watermark.
 */
import type { Queryable } from './connection.ts';

/** A closed stretch of time. */
export type CoveredInterval = { readonly startsAt: Date; readonly endsAt: Date };

export type Coverage = {
  /** What has been pulled, joined where it meets, oldest first. */
  readonly intervals: readonly CoveredInterval[];
  /** What has not, between the beginning of time and the end of the last interval. */
  readonly gaps: readonly CoveredInterval[];
  /** End of the gapless coverage from the beginning of time, by LiveVox's clock; undefined: there is none. */
  readonly watermark: Date | undefined;
};

type Stretch = CoveredInterval & { readonly isGap: boolean };

export async function selectCoverage(db: Queryable, tenant: string): Promise<Coverage> {
  const found = await db.query<Stretch>(
    `with pulled as (
       select range_agg(tstzrange(starts_at, ends_at, '[]')) as joined from sync.coverage where tenant = $1
     ), stretches as (
       select unnest(joined) as stretch, false as "isGap" from pulled
       union all
       select unnest(multirange(tstzrange(to_timestamp(0), greatest(upper(joined), to_timestamp(0)), '[]')) - joined), true from pulled
     )
     select lower(stretch) as "startsAt", upper(stretch) as "endsAt", "isGap" from stretches order by 1`,
    [tenant],
  );
  const toList = (isGap: boolean): readonly CoveredInterval[] =>
    found.rows.filter((row) => row.isGap === isGap).map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
  const intervals = toList(false);
  const watermark = intervals.findLast(({ startsAt }) => startsAt.getTime() <= 0)?.endsAt;
  return { intervals, gaps: toList(true), watermark };
}
