/**
 * Merges the stage of a run into the mirror: one transaction with the quarantine, the custom fields and the coverage. Either all of it is
 * so, or nothing. Writes only rows that differ; before it commits, it proves that every row of the download is accounted for.
 * A download never overwrites a newer one: the merge is refused when another pull was merged since the window was chosen, and outside of a
 * sweep a row with an older modifyDate than the mirror's does not win (an answer from a replica that lags behind). A sweep repairs.
 * Index: the key of mirror.contacts. Locks: the rows it writes, and the tenant's merge (advisory), held to the end.
 */
import { contactFields } from '../contact/index.ts';
import { FatalError, RetriableError } from '../errors.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import type { Stage } from './make-stage.ts';
import { type CustomField, mergeCustomFields } from './merge-custom-fields.ts';

export type MergeInput = {
  readonly tenant: string;
  readonly stage: Stage;
  /** IANA zone of the client: which times are told twice in autumn. */
  readonly timeZone: string;
  /** Our clock. */
  readonly now: Date;
  /** `selectCoverage(…).lastMerge` from before the download was asked for. */
  readonly lastMerge: string | undefined;
  /** The download was asked for without bounds: LiveVox's word counts, whatever the mirror holds. */
  readonly isSweep: boolean;
  readonly covers: { readonly startsAt: Date; readonly endsAt: Date };
  readonly serverNow: Date;
  readonly overlapMs: number;
  /** The download: its data rows, its size and hash as received, and what the quarantine calls it. */
  readonly download: {
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
    readonly file: string;
  };
  readonly customFields: readonly CustomField[];
};

/** rows = added + changed + unchanged + quarantined; `older` are those of `unchanged` that the mirror has newer. */
export type MergeCounts = {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  readonly older: number;
};

const dataColumns = contactFields.filter((field) => field.name !== 'account').map((field) => field.column);
const assignments = dataColumns.map((column) => `${column} = s.${column}`).join(', ');
const listOf = (prefix: string): string => dataColumns.map((column) => `${prefix}${column}`).join(', ');

/**
 * Merges and counts.
 * @throws RetriableError when another pull was merged meanwhile; FatalError when the counts do not add up. Nothing is written then.
 */
export async function mergeStage(store: Store, input: MergeInput): Promise<MergeCounts> {
  return withTransaction(store, async (client) => {
    const mergedAt = await beginMerge(client, input);
    const rejected = await moveRejected(client, input);
    const repeated = await quarantineRepeated(client, input);
    const changed = await updateChanged(client, input, mergedAt);
    const added = await insertAdded(client, input, mergedAt);
    const held = await countHeld(client, input, mergedAt);
    const counts = {
      added,
      changed,
      unchanged: held.present - held.written,
      quarantined: rejected + repeated,
      older: held.older,
    };
    assertAddsUp(counts, held.written, input.download.rows);
    await mergeCustomFields(client, input.tenant, input.customFields, mergedAt);
    await insertCoverage(client, input, mergedAt);
    return counts;
  });
}

/** Takes the tenant's merge; gives the instant of this merge, later than that of any before: plans take it for the version of a row. */
async function beginMerge(client: Queryable, input: MergeInput): Promise<Date> {
  // Compiling statements with hundreds of columns costs more than it saves.
  await client.query(
    `select set_config('jit', 'off', true), pg_advisory_xact_lock(hashtextextended('lvsync merge ' || $1, 0))`,
    [input.tenant],
  );
  const found = await client.query<{ mergedAt: Date; lastMerge: string | null }>(
    `select greatest($2::timestamptz, max(merged_at) + interval '1 millisecond') as "mergedAt", max(id)::text as "lastMerge"
       from sync.coverage
      where tenant = $1`,
    [input.tenant, input.now],
  );
  const { mergedAt, lastMerge } = found.rows[0]!;
  if ((lastMerge ?? undefined) !== input.lastMerge) {
    throw new RetriableError('Another pull of this tenant was merged meanwhile, so this one was dropped; pull again.');
  }
  return mergedAt;
}

async function moveRejected(client: Queryable, { stage, tenant, download }: MergeInput): Promise<number> {
  const moved = await client.query(
    `insert into sync.quarantine (tenant, run_id, origin, file, line, byte_offset, account, reason, raw)
     select $1, $2, 'livevox', $3, r.line, r.byte_offset, r.account, r.reason, r.raw
       from ${stage.rejectedTable} r
      order by r.line`,
    [tenant, stage.runId, download.file],
  );
  return moved.rowCount ?? 0;
}

/** Which of two rows of an account is right is not ours to guess: all of them leave the stage. */
async function quarantineRepeated(client: Queryable, { stage, tenant, download }: MergeInput): Promise<number> {
  const moved = await client.query(
    `with repeated as (
       select account from ${stage.table} group by account having count(*) > 1
     ), gone as (
       delete from ${stage.table} s using repeated r where s.account = r.account
       returning s.account, jsonb_strip_nulls(to_jsonb(s))::text as raw
     )
     insert into sync.quarantine (tenant, run_id, origin, file, account, reason, raw)
     select $1, $2, 'livevox', $3, g.account, 'the account appears more than once', g.raw from gone g order by g.account`,
    [tenant, stage.runId, download.file],
  );
  return moved.rowCount ?? 0;
}

/** A time that the client's clocks tell twice is read as the later one, so it says nothing about what is older. */
const isOlder = `(not $4 and s.modify_date < m.modify_date
        and m.modify_date at time zone $5 <> (m.modify_date - interval '1 hour') at time zone $5)`;

async function updateChanged(client: Queryable, input: MergeInput, mergedAt: Date): Promise<number> {
  const { stage, tenant, isSweep, timeZone } = input;
  const updated = await client.query(
    `update mirror.contacts m
        set ${assignments}, merged_at = $2, merged_by = $3, tombstoned_at = null
       from ${stage.table} s
      where m.tenant = $1 and m.account = s.account
        and (m.tombstoned_at is not null
          or ((${listOf('m.')}) is distinct from (${listOf('s.')}) and ${isOlder} is not true))`,
    [tenant, mergedAt, stage.runId, isSweep, timeZone],
  );
  return updated.rowCount ?? 0;
}

async function insertAdded(client: Queryable, { stage, tenant }: MergeInput, mergedAt: Date): Promise<number> {
  const inserted = await client.query(
    `insert into mirror.contacts (tenant, account, ${listOf('')}, first_seen_at, merged_at, merged_by)
     select $1, s.account, ${listOf('s.')}, $2, $2, $3
       from ${stage.table} s
      where not exists (select from mirror.contacts m where m.tenant = $1 and m.account = s.account)`,
    [tenant, mergedAt, stage.runId],
  );
  return inserted.rowCount ?? 0;
}

type Held = { readonly present: number; readonly written: number; readonly older: number };

/** What the mirror holds of the stage, counted anew instead of by subtraction. */
async function countHeld(client: Queryable, { stage, tenant }: MergeInput, mergedAt: Date): Promise<Held> {
  const counted = await client.query<Held>(
    `select count(*)::int as "present",
            (count(*) filter (where m.merged_at = $2 and m.merged_by = $3))::int as "written",
            (count(*) filter (where s.modify_date < m.modify_date))::int as "older"
       from ${stage.table} s
       join mirror.contacts m on m.tenant = $1 and m.account = s.account`,
    [tenant, mergedAt, stage.runId],
  );
  return counted.rows[0]!;
}

function assertAddsUp(counts: MergeCounts, written: number, rows: number): void {
  const { added, changed, unchanged, quarantined } = counts;
  if (written === added + changed && rows === added + changed + unchanged + quarantined) return;
  throw new FatalError(
    `The download had ${rows} rows, but ${added} were new, ${changed} changed, ${unchanged} unchanged and ${quarantined} quarantined; nothing was merged: report this.`,
    { facts: { rows, written, added, changed, unchanged, quarantined } },
  );
}

async function insertCoverage(client: Queryable, input: MergeInput, mergedAt: Date): Promise<void> {
  const { tenant, stage, covers, serverNow, overlapMs, download } = input;
  await client.query(
    `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tenant,
      stage.runId,
      covers.startsAt,
      covers.endsAt,
      serverNow,
      overlapMs,
      download.rows,
      download.bytes,
      download.sha256,
      mergedAt,
    ],
  );
}
