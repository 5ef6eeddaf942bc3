/**
 * Compares the two sides of a comparison, and streams the contacts that may differ, each with what both sides hold of it, in the order of
 * accounts, so that planning is deterministic. The comparing is one statement over hashes and bits; only what it finds is read whole.
 * One transaction and one snapshot. Index: none where all is compared, the key of the mirror's side for a small partial reading; the key of
 * mirror.contacts for what was found. Locks: nothing.
 * A tombstoned contact counts as absent from the mirror.
 */
import type { PoolClient } from 'pg';
import { type CanonicalValue, type ComparedFields, type ContactField, toLocalDate } from '../contact/index.ts';
import { RetriableError } from '../errors.ts';
import { type Store, withTransaction } from './connection.ts';
import type { Comparison } from './make-comparison.ts';
import { type MirrorColumns, type MirrorReading, toPlannedFields } from './mirror-columns.ts';
import { listMirrorContact, type StoredMirrorContact, toMirrorContact } from './mirror-contact.ts';
import { selectDataTypes } from './select-custom-fields.ts';

export type CompareInput = {
  readonly fields: ComparedFields;
  /** Names of the mapped fields. */
  readonly mapped: ReadonlySet<string>;
  /** Whether a contact that the system of record lacks is to be found as well. */
  readonly isComplete: boolean;
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** Up to which touched contacts the mirror's side is current. */
  readonly touchedSeq: string;
  /** Only these contacts. @default all */
  readonly accounts?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
};

/** A contact that may differ. */
export type Candidate = {
  readonly account: string;
  /** undefined: the system of record lacks it. */
  readonly desired:
    | {
        readonly account: string;
        readonly fields: Readonly<Record<string, CanonicalValue>>;
        readonly changedAt: string | undefined;
        readonly causes: unknown;
        /** Only blocks and withdrawn consents count: never a reason to create a contact. */
        readonly restrictsOnly: boolean;
      }
    | undefined;
  /** The system of record has no row of this contact. */
  readonly isAbsent: boolean;
  readonly mirror: StoredMirrorContact | undefined;
};

export type Candidates = {
  /** How many there are. */
  readonly count: number;
  /** Of them: mirror contacts that the system of record has no row of; `unrestricted` are those about which nothing else is known. */
  readonly absent: { readonly all: number; readonly unrestricted: number };
  /** `isActing` false leaves out those that are absent and nothing else. */
  readonly read: (isActing: boolean) => AsyncIterable<readonly Candidate[]>;
};

const batchRows = 1_000;

/** Runs `work` on what differs. @throws RetriableError when the mirror has been written since its side was brought up to date */
export function withCandidates<T>(
  store: Store,
  comparison: Comparison,
  input: CompareInput,
  work: (candidates: Candidates) => Promise<T>,
): Promise<T> {
  return withTransaction(store, async (client) => {
    await client.query('set transaction isolation level repeatable read');
    await client.query(
      `select set_config('datestyle', 'ISO, MDY', true), set_config('timezone', 'UTC', true), set_config('jit', 'off', true),
              set_config('work_mem', '64MB', true)`,
    );
    await assertCurrent(client, comparison, input);
    const { count, absent } = await findCandidates(client, comparison, input);
    return work({ count, absent, read: (isActing) => readCandidates(client, comparison, input, isActing) });
  });
}

async function assertCurrent(client: PoolClient, { tenant }: Comparison, { touchedSeq }: CompareInput): Promise<void> {
  const found = await client.query<{ isCurrent: boolean }>(
    `select not exists (select from sync.touched_contacts where tenant = $1 and seq > $2) as "isCurrent"`,
    [tenant, touchedSeq],
  );
  if (found.rows[0]?.isCurrent === true) return;
  throw new RetriableError(
    'Somebody wrote to the mirror while a plan was computed, so nothing was stored; plan again.',
  );
}

/**
 * Whether two rows may differ; one whose digest is missing may always. A daily block counts on the day on which it was read, and no longer.
 */
function toCondition({ fields, now, timeZone }: CompareInput): string {
  const { either, restricting, daily } = fields;
  const today = toLocalDate(now, timeZone);
  const held = daily === 0 ? 'c.bits' : `(c.bits & ~case when c.seen_on < '${today}' then ${daily}::bigint else 0 end)`;
  const conditions = [
    'd.bits is null',
    'd.said is null',
    '(not d.restricts_only and d.hash is distinct from c.hash)',
    ...(either === 0 ? [] : [`((d.bits # ${held}) & d.said & ${either}::bigint) <> 0`]),
    ...(restricting === 0 ? [] : [`(d.bits & (~${held}) & d.said & ${restricting}::bigint) <> 0`]),
    ...(fields.fills.length === 0 ? [] : ['(d.filled & (~c.filled)) <> 0']),
  ];
  return conditions.join(' or ');
}

/**
 * Makes `pg_temp.candidates`; as a query, because only so may Postgres compare with several processes. It takes half of all contacts for
 * different, whose way from one process to the other would cost too much: few of them are, so that way is told to cost nothing.
 */
async function findCandidates(
  client: PoolClient,
  { comparedTable, keysTable }: Comparison,
  input: CompareInput,
): Promise<Pick<Candidates, 'count' | 'absent'>> {
  const { isComplete, accounts } = input;
  await client.query(`select set_config('parallel_tuple_cost', '0', true)`);
  await client.query(
    `create temporary table candidates on commit drop as
     select coalesce(d.account, c.account) as account, d.place, (d.account is null or (d.is_added and ${isComplete})) as is_absent
       from ${keysTable} d
       ${isComplete ? 'full' : 'left'} join ${comparedTable} c on c.account = d.account
      where case when c.account is null then not d.restricts_only
                 when d.account is null then true
                 else ${toCondition(input)}${isComplete ? ' or d.is_added' : ''} end
            ${accounts === undefined ? '' : 'and coalesce(d.account, c.account) = any($1::text[])'}`,
    accounts === undefined ? [] : [accounts],
  );
  await client.query('analyze pg_temp.candidates');
  const counted = await client.query<{ count: number; all: number; unrestricted: number }>(
    `select count(*)::int as count, (count(*) filter (where is_absent))::int as "all",
            (count(*) filter (where is_absent and place is null))::int as unrestricted
       from pg_temp.candidates`,
  );
  const { count, all, unrestricted } = counted.rows[0]!;
  return { count, absent: { all, unrestricted } };
}

type Selected = MirrorColumns & {
  readonly candidate_account: string;
  readonly candidate_is_absent: boolean;
  readonly desired_fields: Readonly<Record<string, CanonicalValue>> | null;
  readonly desired_restricts_only: boolean | null;
  readonly desired_causes: unknown;
};

async function* readCandidates(
  client: PoolClient,
  { tenant, desiredTable }: Comparison,
  input: CompareInput,
  isActing: boolean,
): AsyncGenerator<readonly Candidate[]> {
  const fields = toPlannedFields(input.mapped);
  const { now, timeZone } = input;
  const reading = { now, timeZone, dataTypes: await selectDataTypes(client, tenant) };
  // By place and by key, one after the other in the order of accounts: to hash wide rows costs more than it saves. Nothing is kept for the
  // next turn either: a mirror without statistics looks small enough for that, and each contact would then be held against all of them.
  await client.query(
    `select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('enable_material', 'off', true)`,
  );
  await client.query(
    `declare differing no scroll cursor for
     select k.account as candidate_account, k.is_absent as candidate_is_absent, d.fields as desired_fields,
            d.restricts_only as desired_restricts_only, d.changed_at::text as desired_changed_at, d.causes as desired_causes,
            ${listMirrorContact(fields)}
       from pg_temp.candidates k
       left join ${desiredTable} d on d.ctid = k.place
       left join mirror.contacts m on m.tenant = $1 and m.account = k.account and m.tombstoned_at is null
      where $2 or not k.is_absent or k.place is not null
      order by k.account collate "C"`,
    [tenant, isActing],
  );
  for (;;) {
    input.signal?.throwIfAborted();
    const { rows } = await client.query<Selected>(`fetch ${batchRows} from differing`);
    if (rows.length > 0) yield rows.map((row) => toCandidate(row, reading, fields));
    if (rows.length < batchRows) break;
  }
  await client.query('close differing');
}

function toCandidate(row: Selected, reading: MirrorReading, fields: readonly ContactField[]): Candidate {
  const account = row.candidate_account;
  const desired =
    row.desired_fields === null
      ? undefined
      : {
          account,
          fields: row.desired_fields,
          changedAt: toIso(row['desired_changed_at']),
          causes: row.desired_causes ?? undefined,
          restrictsOnly: row.desired_restricts_only === true,
        };
  return { account, desired, isAbsent: row.candidate_is_absent, mirror: toMirrorContact(row, reading, fields) };
}

function toIso(text: string | null | undefined): string | undefined {
  return text == null ? undefined : new Date(text).toISOString();
}
