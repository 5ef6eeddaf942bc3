/**
 * Puts a change that LiveVox refuses among the dead letters, with its words, and marks its patch. The same change refused again, with another
 * plan, is the same letter, one time more; it is open again, unless somebody has dropped it. One statement, and noting a chunk
 * twice counts once. Index: patches_by_chunk, the unique key of sync.dead_letters.
 */
import type { Queryable } from './connection.ts';
import { toSendsDigest } from './sends-digest.ts';

export type RefusedChange = {
  readonly tenant: string;
  readonly changeSetId: string;
  /** A chunk of one patch; of a larger one nobody knows which patch LiveVox refuses, and nothing is noted. */
  readonly chunkSeq: number;
  readonly httpStatus?: number | undefined;
  /** LiveVox's error code. */
  readonly code?: string | undefined;
  /** LiveVox's words; may quote personal data. */
  readonly message?: string | undefined;
};

/** The letter's id, digits; undefined when the chunk does not have exactly one patch. */
export async function insertDeadLetter(db: Queryable, refused: RefusedChange): Promise<string | undefined> {
  const { tenant, changeSetId, chunkSeq, httpStatus, code, message } = refused;
  const noted = await db.query<{ id: string }>(
    `with patch as (
       select p.seq, p.account, p.operation, p.endpoint, p.sends, p.changes, p.dead_letter_id
         from sync.patches p
        where p.change_set_id = $2 and p.chunk_seq = $3
          and (select count(*) from sync.patches o where o.change_set_id = $2 and o.chunk_seq = $3) = 1
          for update
     ), letter as (
       insert into sync.dead_letters as d
              (tenant, account, operation, endpoint, sends_digest, fields, change_set_id, http_status, code, message)
       select $1, account, operation, endpoint, ${toSendsDigest('sends')},
              array(select jsonb_object_keys(changes) order by 1), $2, $4, $5, $6
         from patch where dead_letter_id is null
       on conflict (tenant, account, endpoint, sends_digest) do update
          set operation = excluded.operation, fields = excluded.fields, change_set_id = excluded.change_set_id,
              http_status = excluded.http_status, code = excluded.code, message = excluded.message,
              times = d.times + 1, last_at = clock_timestamp(),
              state = case d.state when 'dropped' then 'dropped' else 'open' end
       returning d.id
     ), marked as (
       update sync.patches p set dead_letter_id = letter.id
         from letter, patch where p.change_set_id = $2 and p.seq = patch.seq
     )
     select coalesce((select id from letter), (select dead_letter_id from patch))::text as id`,
    [tenant, changeSetId, chunkSeq, httpStatus ?? null, code ?? null, message ?? null],
  );
  return noted.rows[0]?.id ?? undefined;
}
