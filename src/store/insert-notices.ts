/**
 * Puts on record what a tenant's webhook is to be told, each event once: a second insert of the same subject changes nothing. Runs are found by how
 * they ended, so that one whose process died before it could tell is told all the same. Indexes: runs_by_tenant, the unique key of notices.
 */
import type { Queryable } from './connection.ts';

export type NoticeEvent = 'held' | 'failed' | 'not_proven' | 'clock_at_risk' | 'missed';

export type NewNotice = {
  readonly tenant: string;
  readonly event: NoticeEvent;
  /** What makes the event the same one. */
  readonly subject: string;
  /** Our own words: ids and counts. */
  readonly sentence: string;
};

/** Runs that ended longer ago are not told any more, minutes: who sets up a webhook does not want the past. */
const freshMinutes = 60;
/** And those that began longer ago are not looked for, days. */
const longestRunDays = 7;

/** Whether it is new. */
export async function insertNotice(db: Queryable, { tenant, event, subject, sentence }: NewNotice): Promise<boolean> {
  const inserted = await db.query(
    `insert into sync.notices (tenant, event, subject, sentence)
     select $1, $2, $3, $4 where not exists (select from sync.notices where tenant = $1 and event = $2 and subject = $3)
     on conflict do nothing`,
    [tenant, event, subject, sentence],
  );
  return inserted.rowCount === 1;
}

/**
 * The runs of a tenant that ended of late in one of these ways, as notices; a run that was interrupted counts as failed. What a failed run says
 * of itself is left out: another library's error may quote a contact.
 */
export async function insertRunNotices(db: Queryable, tenant: string, events: readonly NoticeEvent[]): Promise<void> {
  await db.query(
    `with ended as (
       select r.id, r.ended_at, case r.state when 'interrupted' then 'failed' else r.state end as event,
              case when r.state in ('held', 'not_proven') then r.message
                   when r.state = 'interrupted' then format('The process of this %s died before the %s did; lvsync status has more.', r.kind, r.kind)
                   else format('This %s failed%s; lvsync status says why.', r.kind,
                     (select ' in the step ' || s.step from sync.run_steps s where s.run_id = r.id and s.state = 'failed' order by s.ordinal desc limit 1))
               end as sentence
         from sync.runs r
        where r.tenant = $1 and r.started_at > now() - make_interval(days => $4)
          and r.ended_at > now() - make_interval(mins => $3) and r.state in ('held', 'failed', 'not_proven', 'interrupted')
     )
     insert into sync.notices (tenant, event, subject, sentence, run_id)
     select $1, e.event, e.id::text, coalesce(e.sentence, ''), e.id
       from ended e
      where e.event = any($2)
        and not exists (select from sync.notices n where n.tenant = $1 and n.event = e.event and n.subject = e.id::text)
      order by e.ended_at
     on conflict do nothing`,
    [tenant, events, freshMinutes, longestRunDays],
  );
}
