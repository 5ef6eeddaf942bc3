/**
 * Writes verdicts of patches, and settles change sets that have all of theirs. A change set is proven when every patch was confirmed, or
 * overtaken by somebody else's change; a refusal, a patch not taken or left out makes it not proven. By primary key.
 */
import type { Queryable } from './connection.ts';

/** What the read-back showed of a patch; see the comment of the column. */
export type PatchVerdict = 'confirmed' | 'not_taken' | 'altered' | 'overtaken';

export type NewVerdict = {
  readonly changeSetId: string;
  readonly seq: string;
  readonly verdict: PatchVerdict;
};

export async function markVerdicts(db: Queryable, verdicts: readonly NewVerdict[]): Promise<void> {
  await db.query(
    `update sync.patches p set verdict = v.verdict, verdict_at = clock_timestamp()
       from unnest($1::uuid[], $2::bigint[], $3::text[]) as v (change_set_id, seq, verdict)
      where p.change_set_id = v.change_set_id and p.seq = v.seq`,
    [verdicts.map((row) => row.changeSetId), verdicts.map((row) => row.seq), verdicts.map((row) => row.verdict)],
  );
}

/** How a change set stands, patch by patch. The sum of all is its number of patches. */
export type ChangeSetTally = {
  readonly confirmed: number;
  readonly notTaken: number;
  /** LiveVox holds something else than was sent, and nobody else changed it. */
  readonly altered: number;
  readonly overtaken: number;
  readonly refused: number;
  readonly leftOut: number;
  readonly notExpressible: number;
  /** Sent, not yet read back. */
  readonly unread: number;
  /** Not sent. */
  readonly unsent: number;
};

export async function selectTally(db: Queryable, changeSetId: string): Promise<ChangeSetTally> {
  const tally = await db.query<ChangeSetTally>(
    `select count(*) filter (where p.verdict = 'confirmed')::int as "confirmed",
            count(*) filter (where p.verdict = 'not_taken')::int as "notTaken",
            count(*) filter (where p.verdict = 'altered')::int as "altered",
            count(*) filter (where p.verdict = 'overtaken')::int as "overtaken",
            count(*) filter (where p.verdict is null and c.state = 'refused')::int as "refused",
            count(*) filter (where p.left_out_because is not null)::int as "leftOut",
            count(*) filter (where p.operation = 'not_expressible')::int as "notExpressible",
            count(*) filter (where p.verdict is null and c.state in ('sent', 'accepted', 'in_doubt'))::int as "unread",
            count(*) filter (where p.endpoint is not null and p.left_out_because is null and p.verdict is null
                               and (p.chunk_seq is null or c.state = 'planned'))::int as "unsent"
       from sync.patches p
       left join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
      where p.change_set_id = $1`,
    [changeSetId],
  );
  return tally.rows[0]!;
}

/** Change sets of the tenant that a push has begun and that are not settled yet. */
export async function selectOpenChangeSetIds(db: Queryable, tenant: string): Promise<readonly string[]> {
  const open = await db.query<{ id: string }>(
    `select id from sync.change_sets where tenant = $1 and state in ('pushing', 'pushed') order by created_at`,
    [tenant],
  );
  return open.rows.map((row) => row.id);
}

export async function markChangeSetSettled(
  db: Queryable,
  changeSetId: string,
  state: 'proven' | 'not_proven',
): Promise<void> {
  await db.query(
    `update sync.change_sets set state = $2, ended_at = clock_timestamp() where id = $1 and state in ('pushing', 'pushed')`,
    [changeSetId, state],
  );
}
