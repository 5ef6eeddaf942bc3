/**
 * Reads the system of record into the database: usable rows with their digests, the others to quarantine. Every row that was read is
 * accounted for: read = accepted + quarantined.
 */
import { type ComparedFields, digestContact } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import {
  type Comparison,
  copyDesired,
  countDesired,
  type DesiredRow,
  insertQuarantined,
  makeDesiredKeys,
  markDesiredRead,
  type QuarantinedRow,
  quarantineRepeatedDesired,
  type Store,
} from '../store/index.ts';
import type { RecordRow, SystemOfRecord } from '../system-of-record/index.ts';

export type LoadInput = {
  readonly tenant: string;
  readonly runId: string;
  readonly source: SystemOfRecord;
  readonly signal?: AbortSignal;
};

export type Loaded = {
  /** Rows of the system of record: read = accepted + quarantined. */
  readonly read: number;
  readonly accepted: number;
  readonly quarantined: number;
  /** Contacts whose row is in quarantine, and of which only blocks and withdrawn consents count. */
  readonly restrictsOnly: number;
  /** Rows whose account could not be read: whose they are, nobody knows. */
  readonly unnamed: number;
};

type LoadDeps = { readonly store: Store; readonly progress: Progress };

const batchRows = 1_000;

/** @throws what reading the system of record throws; FatalError when the counts do not add up */
export async function loadDesired(
  { store, progress }: LoadDeps,
  comparison: Comparison,
  fields: ComparedFields,
  input: LoadInput,
): Promise<Loaded> {
  const { runId, source } = input;
  const tally = { read: 0, usable: 0, named: 0, unnamed: 0 };
  const copied = await copyDesired(store, comparison, readBatches({ store, progress }, fields, input, tally));
  const repeated = await quarantineRepeatedDesired(store, comparison, { runId, file: source.label });
  const { accepted, restrictsOnly } = await countDesired(store, comparison);
  if (copied !== tally.usable + tally.named || accepted !== tally.usable - repeated) {
    throw new FatalError(
      `The system of record gave ${tally.usable} usable rows, of which ${repeated} repeat an account, but ${accepted} were kept; nothing was planned: report this.`,
      { facts: { ...tally, copied, repeated, accepted } },
    );
  }
  await makeDesiredKeys(store.pool, comparison);
  await markDesiredRead(store.pool, comparison, { runId, label: source.label, rows: accepted });
  return { read: tally.read, accepted, quarantined: tally.read - accepted, restrictsOnly, unnamed: tally.unnamed };
}

type Tally = { read: number; usable: number; named: number; unnamed: number };

/** Usable rows, and what remains of the others, in batches; the others go to quarantine on the way. */
async function* readBatches(
  { store, progress }: LoadDeps,
  fields: ComparedFields,
  { tenant, runId, source, signal }: LoadInput,
  tally: Tally,
): AsyncGenerator<readonly DesiredRow[]> {
  const quarantine = { tenant, runId, origin: 'system_of_record', file: source.label } as const;
  let rows: DesiredRow[] = [];
  let unusable: QuarantinedRow[] = [];
  const setAside = async (): Promise<void> => {
    if (unusable.length > 0) await insertQuarantined(store.pool, quarantine, unusable);
    unusable = [];
    progress({ step: 'diff', what: 'rows of the system of record read', done: tally.read });
  };
  for await (const row of source.rows(signal)) {
    tally.read += 1;
    if (row.kind === 'unusable') unusable.push(toQuarantinedRow(row));
    const kept = toDesiredRow(fields, row);
    if (kept === undefined) tally.unnamed += 1;
    else {
      if (kept.restrictsOnly) tally.named += 1;
      else tally.usable += 1;
      rows.push(kept);
    }
    if (rows.length + unusable.length < batchRows) continue;
    await setAside();
    yield rows;
    rows = [];
  }
  await setAside();
  yield rows;
}

/** Of a row that cannot be used its restrictions remain, and that the contact is there: it is not to be taken for gone. */
function toDesiredRow(fields: ComparedFields, row: RecordRow): DesiredRow | undefined {
  const { account, line } = row;
  if (row.kind === 'desired') {
    return { ...row, digest: digestContact(fields, row.fields), restrictsOnly: false };
  }
  if (account === undefined) return undefined;
  const restrictions = row.restrictions ?? {};
  return {
    account,
    line,
    fields: restrictions,
    digest: digestContact(fields, restrictions),
    restrictsOnly: true,
    raw: '',
  };
}

function toQuarantinedRow(row: Extract<RecordRow, { kind: 'unusable' }>): QuarantinedRow {
  return { line: row.line, byteOffset: row.byteOffset, account: row.account, reason: row.reason, raw: row.raw };
}
