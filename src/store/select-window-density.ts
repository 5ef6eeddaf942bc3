/**
 * What the mirror knows of the contacts changed in a window: how many, and when half of them were. Read-only; reads the tenant's rows of
 * mirror.contacts once (no index on modify_date: windows are split seldom).
 */
import type { Queryable } from './connection.ts';

export type WindowDensity = {
  readonly rows: number;
  /** Half of them were changed up to here; undefined without any. */
  readonly median: Date | undefined;
  /** When the first of all contacts in the mirror was changed; undefined for an empty mirror. */
  readonly oldest: Date | undefined;
};

/** `startsAt` undefined: from the beginning. */
export async function selectWindowDensity(
  db: Queryable,
  tenant: string,
  startsAt: Date | undefined,
  endsAt: Date,
): Promise<WindowDensity> {
  const found = await db.query<{ rows: number; median: Date | null; oldest: Date | null }>(
    `select (count(*) filter (where modify_date between coalesce($2, '-infinity'::timestamptz) and $3))::int as "rows",
            percentile_disc(0.5) within group (order by modify_date)
              filter (where modify_date between coalesce($2, '-infinity'::timestamptz) and $3) as "median",
            min(modify_date) as "oldest"
       from mirror.contacts
      where tenant = $1`,
    [tenant, startsAt, endsAt],
  );
  const { rows, median, oldest } = found.rows[0]!;
  return { rows, median: median ?? undefined, oldest: oldest ?? undefined };
}
