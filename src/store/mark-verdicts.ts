/**
 * Writes verdicts of patches, and settles change sets that have all of theirs. A change set is proven when every patch was confirmed, or
 * overtaken by somebody else's change, or refused with a dead letter that says so; a refused stop, a patch not taken or left out makes it not proven.
 * By primary key.
 */
import type { Queryable } from './connection.ts';
import { isStop } from './stop-condition.ts';

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

/** How a change set stands, patch by patch. The sum of all but `refusedStops` and `refusedUnnamed` is its number of patches. */
export type ChangeSetTally = {
  readonly confirmed: number;
  readonly notTaken: number;
  /** LiveVox holds something else than was sent, and nobody else changed it. */
  readonly altered: number;
  readonly overtaken: number;
  /** LiveVox refuses them: now, or before with the same values, so that they (and lifts behind them) were not sent. */
  readonly refused: number;
  /** Those of the refused that are blocks or withdrawn consents: somebody may be dialled who must not be. */
  readonly refusedStops: number;
  /** Those of the refused without a dead letter: which row of the request LiveVox refuses is not known. */
  readonly refusedUnnamed: number;
  readonly leftOut: number;
  readonly notExpressible: number;
  /** Sent, not yet read back. */
  readonly unread: number;
  /** Not sent. */
  readonly unsent: number;
};

/** Its request was refused, or it was left out because of a dead letter. */
const isRefused = `(p.verdict is null and (c.state = 'refused' or p.chunk_seq is null and p.dead_letter_id is not null))`;

export async function selectTally(db: Queryable, changeSetId: string): Promise<ChangeSetTally> {
  const tally = await db.query<ChangeSetTally>(
    `select count(*) filter (where p.verdict = 'confirmed')::int as "confirmed",
            count(*) filter (where p.verdict = 'not_taken')::int as "notTaken",
            count(*) filter (where p.verdict = 'altered')::int as "altered",
            count(*) filter (where p.verdict = 'overtaken')::int as "overtaken",
            count(*) filter (where ${isRefused})::int as "refused",
            count(*) filter (where ${isRefused} and ${isStop})::int as "refusedStops",
            count(*) filter (where ${isRefused} and p.dead_letter_id is null)::int as "refusedUnnamed",
            count(*) filter (where p.left_out_because is not null and p.dead_letter_id is null)::int as "leftOut",
            count(*) filter (where p.operation = 'not_expressible')::int as "notExpressible",
            count(*) filter (where p.verdict is null and c.state in ('sent', 'accepted', 'in_doubt'))::int as "unread",
            count(*) filter (where p.endpoint is not null and p.left_out_because is null and p.verdict is null
                               and (p.chunk_seq is null or c.state in ('planned', 'claimed', 'split')))::int as "unsent"
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
