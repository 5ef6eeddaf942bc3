/**
 * Streams sent patches without a verdict whose read-back is in: a download that was asked for after the answer and reached the server's
 * now has been merged, and no time before it is missing. A gap that was filled, a replayed file, a download that had landed before the
 * answer, or one half of a window is no read-back. With each account come all its sent patches, in the order of sending, and what the
 * mirror shows. Deletions are not among them: no pull shows one.
 * Index: coverage_by_tenant, patches_by_chunk, the keys of mirror.contacts and sync.downloads.
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
};

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
      select p.change_set_id, p.account, jsonb_agg(jsonb_build_object('seq', p.seq::text, 'changes', p.changes) order by c.seq) as patches
        from sync.change_sets s
        join sync.chunks c on c.change_set_id = s.id
        join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
       where s.tenant = $1 and s.state in ('pushing', 'pushed') and c.state in ('accepted', 'in_doubt') and p.operation <> 'delete'
       group by p.change_set_id, p.account
      having bool_or(p.verdict is null)
         and max(coalesce(c.answered_at, c.sent_at)) < (select at from read_back)
    )
    select d.change_set_id, d.patches, m.account as mirror_account, m.merged_at::text as mirror_merged_at, ${mirrorColumns}
      from due d
      left join mirror.contacts m on m.tenant = $1 and m.account = d.account and m.tombstoned_at is null
     order by d.change_set_id, d.account collate "C"`;
  const batches = streamRows<Selected>(store, statement, [input.tenant], { signal: input.signal });
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
  return { changeSetId: row.change_set_id, patches: row.patches, shown };
}
