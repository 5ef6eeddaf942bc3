/**
 * Streams sent patches without a verdict whose read-back is in: a download that was asked for after the answer and reached the server's
 * now has been merged, and no time before it is missing. A gap that was filled, a replayed file, a download that had landed before the
 * answer, or one half of a window is no read-back. With each account come all its sent patches, in the order of sending, what the
 * mirror shows, and when we and anybody wrote to it last. Deletions are not among them: no pull shows one.
 * Each contact's last write is looked up by index, because a join would be ordered by guesses about a plan that nobody has counted yet.
 * Index: coverage_by_tenant, change_sets_by_tenant, patches_by_chunk, patches_by_account, the keys of mirror.contacts and sync.downloads.
 */
import type { Changes } from '../contact/index.ts';
import type { Store } from './connection.ts';
import { type MirrorColumns, type MirrorReading, mirrorColumns, toMirrorValues } from './mirror-columns.ts';
import { selectDataTypes } from './select-custom-fields.ts';
import { streamRows } from './stream-rows.ts';

export type UnverifiedContact = {
  readonly changeSetId: string;
  readonly patches: readonly { readonly seq: string; readonly changes: Changes }[];
  /** Canonical values; undefined: the mirror has no such contact. */
  readonly shown: MirrorColumns | undefined;
  /** The contact's last change, as the mirror shows it: the earliest instant that its modifyDate can mean. */
  readonly change: { readonly at: Date | null; readonly user: string | null };
  /** Our last write to it, of this change set or one that ended since: by LiveVox's clock (null: not known of all), and by ours. */
  readonly own: { readonly serverDate: Date | null; readonly sentAt: Date };
};

export type UnverifiedInput = {
  readonly tenant: string;
  readonly now: Date;
  readonly timeZone: string;
  readonly signal?: AbortSignal;
};

type Selected = MirrorColumns & {
  readonly change_set_id: string;
  readonly patches: readonly { readonly seq: string; readonly changes: Changes }[];
  readonly changed_at: string | null;
  readonly changed_user: string | null;
  readonly server_date: string | null;
  readonly sent_at: string;
};

/** A time that the client's clocks tell twice is kept as the later one. */
const changedAt = `case when m.modify_date at time zone $2 = (m.modify_date - interval '1 hour') at time zone $2
            then m.modify_date - interval '1 hour' else m.modify_date end`;

export async function* selectUnverified(
  store: Store,
  input: UnverifiedInput,
): AsyncGenerator<readonly UnverifiedContact[]> {
  const statement = `
    with gapless as (
      select range_agg(tstzrange(starts_at, ends_at, '[]')) as joined from sync.coverage where tenant = $1
    ), read_back as (
      select max(case when v.download_id is null then v.recorded_at else d.asked_at end) as at
        from sync.coverage v
        join gapless g on g.joined @> tstzrange(to_timestamp(0), v.ends_at, '[]')
        left join sync.downloads d on d.id = v.download_id
       where v.tenant = $1 and v.ends_at >= v.server_now and d.reason is distinct from 'replay'
    ), due as (
      select p.change_set_id, s.created_at, p.account,
             jsonb_agg(jsonb_build_object('seq', p.seq::text, 'changes', p.changes) order by p.seq) as patches
        from sync.change_sets s
        join sync.chunks c on c.change_set_id = s.id
        join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
       where s.tenant = $1 and s.state in ('pushing', 'pushed') and c.state in ('accepted', 'in_doubt') and p.operation <> 'delete'
       group by p.change_set_id, s.created_at, p.account
      having bool_or(p.verdict is null)
         and max(coalesce(c.answered_at, c.sent_at)) < (select at from read_back)
    ), recent as materialized (
      select id, ended_at from sync.change_sets
       where tenant = $1 and (ended_at is null or ended_at >= (select min(created_at) from due))
    )
    select d.change_set_id, d.patches, o.server_date::text, o.sent_at::text,
           m.account as mirror_account, m.merged_at::text as mirror_merged_at,
           (${changedAt})::text as changed_at, m.modify_user as changed_user, ${mirrorColumns}
      from due d
     cross join lateral (
       select max(coalesce(c.answered_at, c.sent_at)) as sent_at,
              case when bool_and(c.server_date is not null) then max(c.server_date) end as server_date
         from recent s
        cross join lateral (
          select p.chunk_seq from sync.patches p where p.change_set_id = s.id and p.account = d.account offset 0
        ) p
         join sync.chunks c on c.change_set_id = s.id and c.seq = p.chunk_seq and c.state in ('sent', 'accepted', 'in_doubt')
        where s.ended_at is null or s.ended_at >= d.created_at
     ) o
      left join mirror.contacts m on m.tenant = $1 and m.account = d.account and m.tombstoned_at is null
     order by d.change_set_id, d.account collate "C"`;
  const batches = streamRows<Selected>(store, statement, [input.tenant, input.timeZone], { signal: input.signal });
  const { now, timeZone } = input;
  const reading = { now, timeZone, dataTypes: await selectDataTypes(store.pool, input.tenant) };
  for await (const batch of batches) yield batch.map((row) => toContact(row, reading));
}

function toContact(row: Selected, reading: MirrorReading): UnverifiedContact {
  const mergedAt = row['mirror_merged_at'];
  const shown =
    row['mirror_account'] == null || mergedAt == null
      ? undefined
      : toMirrorValues(row, new Date(mergedAt), reading).values;
  return {
    changeSetId: row.change_set_id,
    patches: row.patches,
    shown,
    change: { at: toDate(row.changed_at), user: row.changed_user },
    own: { serverDate: toDate(row.server_date), sentAt: new Date(row.sent_at) },
  };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
