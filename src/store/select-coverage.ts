/**
 * How far a tenant has been pulled without a gap. Index: coverage_by_tenant. Read-only.
 * The mirror is whole only from the beginning of time on, so a gapless stretch that begins later is no ground for an increment.
 */
import type { Queryable } from './connection.ts';

export type Coverage = {
  /** End of the gapless coverage from the beginning of time, by LiveVox's clock; undefined: there is none. */
  readonly watermark: Date | undefined;
  /** The last merge (sync.coverage.id); undefined: there was none. A merge that finds another one has been overtaken. */
  readonly lastMerge: string | undefined;
};

export async function selectCoverage(db: Queryable, tenant: string): Promise<Coverage> {
  const found = await db.query<{ watermark: Date | null; lastMerge: string | null }>(
    `select (select max(upper(joined))
               from (select unnest(range_agg(tstzrange(starts_at, ends_at, '[]'))) as joined
                       from sync.coverage
                      where tenant = $1) pulled
              where lower(joined) <= to_timestamp(0)) as "watermark",
            (select max(id)::text from sync.coverage where tenant = $1) as "lastMerge"`,
    [tenant],
  );
  const row = found.rows[0];
  return { watermark: row?.watermark ?? undefined, lastMerge: row?.lastMerge ?? undefined };
}
