/** Lists stops: open ones first, the longest asked for before the others, then those that have ended, the last first. Indexes: those of sync.suppressions. */
import type { StopKind } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type Suppression = {
  /** Key of the contact; personal data. */
  readonly account: string;
  /** The vendor's name: `accountBlock`, `phone2CellConsent`. */
  readonly field: string;
  readonly kind: StopKind;
  readonly askedAt: Date;
  /** Whether the system of record says so, or we saw it then. */
  readonly askedFrom: 'record' | 'first_seen';
  readonly plannedAt: Date | null;
  readonly sentAt: Date | null;
  readonly verifiedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endedBecause: string | null;
  /** The plan that held it last. */
  readonly changeSetId: string | null;
};

export type SuppressionsInput = {
  readonly tenant: string;
  /** Only open ones that were asked for before then. */
  readonly openBefore?: Date | undefined;
  /** Besides, those that were seen or ended since then; undefined: open ones alone. */
  readonly settledSince?: Date | undefined;
  /** Most rows. */
  readonly limit: number;
};

/** At most `limit` of them, and how many there are. */
export async function selectSuppressions(
  db: Queryable,
  { tenant, openBefore, settledSince, limit }: SuppressionsInput,
): Promise<{ readonly all: number; readonly stops: readonly Suppression[] }> {
  const found = await db.query<Suppression & { readonly all: number }>(
    `select account, field, kind, asked_at as "askedAt", asked_from as "askedFrom", planned_at as "plannedAt", sent_at as "sentAt",
            verified_at as "verifiedAt", ended_at as "endedAt", ended_because as "endedBecause", change_set_id as "changeSetId",
            (count(*) over ())::int as "all"
       from sync.suppressions
      where tenant = $1
        and case when verified_at is null and ended_at is null then $2::timestamptz is null or asked_at < $2
                 else coalesce(verified_at, ended_at) >= $3 end
      order by coalesce(verified_at, ended_at) desc nulls first, asked_at, account collate "C", field
      limit $4`,
    [tenant, openBefore ?? null, settledSince ?? null, limit],
  );
  return { all: found.rows[0]?.all ?? 0, stops: found.rows.map(({ all: _, ...stop }) => stop) };
}
