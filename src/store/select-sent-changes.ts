/**
 * Streams what a plan has sent, contact by contact in the order of accounts, each with what the mirror shows and what the last readings of the
 * systems of record say, and what has become of the switches since: by later plans, and in what the mirror held. A patch that LiveVox refused, or that was
 * never sent, is not among them. Constant memory.
 * Index: the keys of sync.patches, sync.chunks and mirror.contacts, contact_versions_by_account; the readings have none and are read once.
 */
import type { CanonicalValue, Changes, ContactField, Operation, Sends } from '../contact/index.ts';
import type { Queryable, Store } from './connection.ts';
import { type MirrorColumns, toPlannedFields } from './mirror-columns.ts';
import { listMirrorContact, type StoredMirrorContact, toMirrorContact } from './mirror-contact.ts';
import { selectDataTypes } from './select-custom-fields.ts';
import type { KeptReading } from './select-readings.ts';
import { streamRows } from './stream-rows.ts';

export type SentChange = {
  readonly operation: Operation;
  readonly lvAccountId: string | null;
  readonly changes: Changes;
  readonly sends: Sends;
  /** When the row was merged that it was planned from, ISO 8601; null for a create. */
  readonly readAt: string | null;
  readonly isConfirmed: boolean;
  /** When it got its verdict; without one, when it was sent. ISO 8601. */
  readonly judgedAt: string;
};

/** What the mirror held of the contact for a time. */
export type HeldVersion = {
  /** From when until when, ISO 8601. */
  readonly mergedAt: string;
  readonly knownUntil: string;
  /** Fields of the version after it that show what we had sent. */
  readonly pushedFields: readonly string[] | null;
  /** The switches that the plan has turned, `true` or `false`. */
  readonly values: Readonly<Record<string, string | null>>;
};

/** A contact's row in a reading. */
export type ReadWord = {
  readonly fields: Readonly<Record<string, CanonicalValue>>;
  /** The row itself is in quarantine: only blocks and withdrawn consents are known. */
  readonly restrictsOnly: boolean;
};

export type SentContact = {
  readonly account: string;
  /** In the order of sending. */
  readonly patches: readonly SentChange[];
  readonly mirror: StoredMirrorContact | undefined;
  /** Fields that later plans have changed, or said again. */
  readonly laterFields: readonly string[];
  /** What the mirror has held since the first of the patches was judged, and does not any more. */
  readonly versions: readonly HeldVersion[];
  /** As many as there are readings; null where one does not have the contact. */
  readonly words: readonly (ReadWord | null)[];
};

export type SentChangesInput = {
  readonly tenant: string;
  readonly changeSetId: string;
  /** Only these contacts. @default all */
  readonly accounts?: readonly string[] | undefined;
  readonly readings: readonly KeptReading[];
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
  readonly signal?: AbortSignal | undefined;
};

/** A refused chunk changed nothing; one whose answer was lost may have. */
const sent = `
  from sync.patches p
  join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
 where p.change_set_id = $1 and ($2::text[] is null or p.account = any ($2))
   and (c.state in ('sent', 'accepted', 'in_doubt') or p.verdict is not null)`;

export type SentTotals = {
  readonly contacts: number;
  /** Names of the fields that were changed. */
  readonly fields: readonly string[];
};

/** How much a plan has sent: nothing, if it was never pushed. */
export async function countSentChanges(
  db: Queryable,
  { changeSetId, accounts }: Pick<SentChangesInput, 'changeSetId' | 'accounts'>,
): Promise<SentTotals> {
  const values = [changeSetId, accounts ?? null];
  const counted = await db.query<{ contacts: number }>(
    `select count(distinct p.account)::int as contacts ${sent}`,
    values,
  );
  const fields = await db.query<{ name: string }>(
    `select distinct k.name from (select p.changes ${sent}) s cross join lateral jsonb_object_keys(s.changes) as k (name) order by 1`,
    values,
  );
  return { contacts: counted.rows[0]!.contacts, fields: fields.rows.map(({ name }) => name) };
}

type Selected = MirrorColumns & {
  readonly sent_account: string;
  readonly sent_patches: readonly SentChange[];
  readonly sent_words: readonly (ReadWord | null)[];
  readonly later_fields: readonly string[] | null;
  readonly held_versions: readonly HeldVersion[] | null;
};

/** What later plans have sent to these contacts, but for what surely did not arrive. `s`: the contacts; `$4`: the fields. */
const later = `
      select q.account, array_agg(distinct k.name) as fields
        from sync.change_sets n
        join sync.chunks c on c.change_set_id = n.id and c.state in ('sent', 'accepted', 'in_doubt')
        join sync.patches q on q.change_set_id = c.change_set_id and q.chunk_seq = c.seq and q.verdict is distinct from 'not_taken'
       cross join lateral jsonb_object_keys(q.changes) as k (name)
       where n.tenant = $3 and n.created_at > (select created_at from sync.change_sets where id = $1)
         and k.name = any ($4) and q.account in (select account from s)
       group by q.account`;

/** SQL for the former versions of the contact `s` since it was judged; names of columns come from the catalogue. */
function toHeldVersions(switches: readonly ContactField[]): string {
  const values = switches.map(({ name, column }) => `'${name}', v.${column}::text`).join(', ');
  return `
      select jsonb_agg(jsonb_build_object('mergedAt', v.merged_at, 'knownUntil', v.known_until, 'pushedFields', v.pushed_fields,
                                          'values', jsonb_build_object(${values}))) as held
        from mirror.contact_versions v
       where v.tenant = $3 and v.account = s.account and v.known_until > s.judged_at`;
}

/** Batches of contacts. */
export async function* selectSentChanges(
  store: Store,
  input: SentChangesInput,
): AsyncGenerator<readonly SentContact[]> {
  const { tenant, changeSetId, accounts, readings, now, timeZone, signal } = input;
  const { fields: changed } = await countSentChanges(store.pool, input);
  const fields = toPlannedFields(new Set(changed));
  const switches = fields.filter(({ name, type }) => type === 'boolean' && changed.includes(name));
  const reading = { now, timeZone, dataTypes: await selectDataTypes(store.pool, tenant) };
  const words = readings.map(
    (_, index) =>
      `case when d${index}.account is null then null
            else jsonb_build_object('fields', d${index}.fields, 'restrictsOnly', d${index}.restricts_only) end`,
  );
  const joins = readings.map(({ table }, index) => `left join ${table} d${index} on d${index}.account = s.account`);
  const statement = `
    with s as (
      select p.account, jsonb_agg(jsonb_build_object(
               'operation', p.operation, 'lvAccountId', p.lv_account_id::text, 'changes', p.changes, 'sends', p.sends,
               'readAt', p.base_merged_at, 'isConfirmed', coalesce(p.verdict = 'confirmed', false),
               'judgedAt', coalesce(p.verdict_at, c.sent_at, p.base_merged_at)) order by p.seq) as patches,
             min(coalesce(p.verdict_at, c.sent_at)) as judged_at
        ${sent}
       group by p.account
    ), later as (${later})
    select s.account as sent_account, s.patches as sent_patches, jsonb_build_array(${words.join(', ')}) as sent_words,
           l.fields as later_fields, h.held as held_versions,
           ${listMirrorContact(fields)}
      from s
      left join later l on l.account = s.account
      left join lateral (${toHeldVersions(switches)}) h on true
      left join mirror.contacts m on m.tenant = $3 and m.account = s.account and m.tombstoned_at is null
      ${joins.join('\n      ')}
     order by s.account collate "C"`;
  const values = [changeSetId, accounts ?? null, tenant, switches.map(({ name }) => name)];
  for await (const batch of streamRows<Selected>(store, statement, values, { signal })) {
    yield batch.map((row) => ({
      account: row.sent_account,
      patches: row.sent_patches,
      mirror: toMirrorContact(row, reading, fields),
      words: row.sent_words,
      laterFields: row.later_fields ?? [],
      versions: row.held_versions ?? [],
    }));
  }
}

/** How many contacts the mirror shows. */
export async function countMirrorContacts(db: Queryable, tenant: string): Promise<number> {
  const counted = await db.query<{ rows: number }>(
    `select count(*)::int as rows from mirror.contacts where tenant = $1 and tombstoned_at is null`,
    [tenant],
  );
  return counted.rows[0]!.rows;
}

/** Places, from 1, of the accounts that the plan says nothing of. */
export async function selectUnplanned(
  db: Queryable,
  changeSetId: string,
  accounts: readonly string[],
): Promise<readonly number[]> {
  const found = await db.query<{ place: number }>(
    `select a.place::int from unnest($2::text[]) with ordinality as a (account, place)
      where not exists (select from sync.patches p where p.change_set_id = $1 and p.account = a.account)
      order by a.place`,
    [changeSetId, accounts],
  );
  return found.rows.map(({ place }) => place);
}
