/** Notes what a revert leaves as it is, a row per contact and reason. Called in the transaction that stores the plan. */
import type { Queryable } from './connection.ts';

/**
 * - `touched_since`: LiveVox shows neither what was sent nor what was there before.
 * - `wanted`: the system of record wants the block, the withdrawn consent or the deactivation.
 * - `no_reading`: no usable row of its last reading says whether it does.
 * - `deleted`: the plan deleted the contact, and nobody can bring it back.
 * - `gone`: the mirror does not have the contact any more.
 */
export type UnrevertedReason = 'touched_since' | 'wanted' | 'no_reading' | 'deleted' | 'gone';

export type UnrevertedRow = {
  readonly account: string;
  readonly reason: UnrevertedReason;
  readonly fields: readonly string[];
};

export async function insertUnreverted(
  db: Queryable,
  changeSetId: string,
  rows: readonly UnrevertedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.query(
    `insert into sync.unreverted (change_set_id, account, reason, fields)
     select $1, u.account, u.reason, string_to_array(u.fields, ' ')
       from unnest($2::text[], $3::text[], $4::text[]) as u (account, reason, fields)`,
    [
      changeSetId,
      rows.map(({ account }) => account),
      rows.map(({ reason }) => reason),
      rows.map(({ fields }) => fields.join(' ')),
    ],
  );
}
