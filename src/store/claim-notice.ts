/**
 * Takes the next notice of a tenant that is still to be told, for one process alone, and notes that it was. A process that dies in between leaves a
 * notice that is claimed and not told: after two minutes it is taken again, so a receiver may get one twice, with the same id.
 * Locks: the one row, and none that another process holds. Index: notices_untold.
 */
import type { Queryable } from './connection.ts';
import type { NoticeEvent } from './insert-notices.ts';

export type Notice = {
  readonly id: string;
  readonly tenant: string;
  readonly event: NoticeEvent;
  readonly sentence: string;
  readonly runId: string | null;
  readonly notedAt: Date;
  /** Which attempt of a process this is, from 1. */
  readonly attempts: number;
};

/** After so many attempts, each of three requests, or hours nobody is told any more. */
const mostAttempts = 10;
const keptHours = 24;
const claimSeconds = 120;

/** The oldest of these events that is neither told nor being told; undefined: there is none. */
export async function claimNotice(
  db: Queryable,
  tenant: string,
  events: readonly NoticeEvent[],
): Promise<Notice | undefined> {
  const claimed = await db.query<Notice>(
    `update sync.notices n set claimed_at = clock_timestamp(), attempts = n.attempts + 1
      where n.id = (select id from sync.notices
                     where tenant = $1 and event = any($2) and told_at is null and attempts < $3
                       and noted_at > now() - make_interval(hours => $4)
                       and (claimed_at is null or claimed_at < now() - make_interval(secs => $5))
                     order by id limit 1 for update skip locked)
     returning id::text as "id", tenant, event, sentence, run_id as "runId", noted_at as "notedAt", attempts`,
    [tenant, events, mostAttempts, keptHours, claimSeconds],
  );
  return claimed.rows[0];
}

export async function markNoticeTold(db: Queryable, id: string): Promise<void> {
  await db.query(`update sync.notices set told_at = clock_timestamp() where id = $1`, [id]);
}
