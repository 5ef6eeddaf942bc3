/** Notes what LiveVox answered to a chunk, and what became of chunks whose process died. Single rows by primary key. */
import type { Queryable } from './connection.ts';

export type ChunkOutcome = {
  readonly state: 'accepted' | 'refused' | 'unknown';
  readonly httpStatus?: number;
  readonly reportedRows?: number;
  readonly serverDate?: Date;
  readonly message?: string;
};

/** Settles a sent chunk; one that is settled already stays as it is. */
export async function markChunkOutcome(
  db: Queryable,
  changeSetId: string,
  seq: number,
  outcome: ChunkOutcome,
): Promise<void> {
  await db.query(
    `update sync.chunks
        set state = $3, answered_at = clock_timestamp(), http_status = $4, reported_rows = $5, server_date = $6, message = $7
      where change_set_id = $1 and seq = $2 and state = 'sent'`,
    [
      changeSetId,
      seq,
      outcome.state,
      outcome.httpStatus ?? null,
      outcome.reportedRows ?? null,
      outcome.serverDate ?? null,
      outcome.message ?? null,
    ],
  );
}

/** A request that surely never had an effect: the chunk can be sent again. */
export async function markChunkUnsent(db: Queryable, changeSetId: string, seq: number): Promise<void> {
  await db.query(
    `update sync.chunks set state = 'planned', sent_at = null where change_set_id = $1 and seq = $2 and state = 'sent'`,
    [changeSetId, seq],
  );
}

/**
 * Chunks of the tenant that were marked sent by a process that died before it noted an answer: their outcome is unknown.
 * Called with the tenant's lock held. Returns how many, and when the youngest chunk of unknown outcome that is not settled was sent, those
 * of earlier calls included: its request may still be at work in LiveVox.
 */
export async function markLostChunks(
  db: Queryable,
  tenant: string,
): Promise<{ readonly chunks: number; readonly youngestSentAt: Date | null }> {
  const lost = await db.query<{ chunks: number; youngestSentAt: Date | null }>(
    `with lost as (
       update sync.chunks c set state = 'unknown', message = 'the process ended before an answer was noted'
         from sync.change_sets s
        where s.id = c.change_set_id and s.tenant = $1 and c.state = 'sent'
       returning c.sent_at
     )
     select (select count(*) from lost)::int as chunks,
            greatest((select max(sent_at) from lost),
                     (select max(c.sent_at) from sync.chunks c join sync.change_sets s on s.id = c.change_set_id
                       where s.tenant = $1 and c.state = 'unknown'
                         and s.state not in ('proven', 'not_proven', 'superseded'))) as "youngestSentAt"`,
    [tenant],
  );
  return lost.rows[0] ?? { chunks: 0, youngestSentAt: null };
}
