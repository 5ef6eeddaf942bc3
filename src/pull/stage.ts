/**
 * Puts a landed download into the stage of its run: gunzip, header, scan, COPY; rows that cannot be staged go to the stage's own table of
 * rejected rows. The mirror is not touched. Memory does not grow with the download.
 * What would surprise: LiveVox compresses without saying so, so the first two bytes decide.
 */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { contactFields } from '../contact/index.ts';
import { FatalError, LvsyncError, toMessage } from '../errors.ts';
import type { Progress } from '../progress.ts';
import {
  type CopyInput,
  type CustomField,
  copyStage,
  insertRejected,
  makeStage,
  type QuarantinedRow,
  RefusedRowError,
  type Stage,
  type Store,
} from '../store/index.ts';
import { FailedDownloadError } from './failed-download.ts';
import { assertHeader, countHeaderLines, endsInCr, findHeaderEnd, parseHeader } from './header.ts';
import type { Landing } from './land.ts';
import { toRawText } from './raw-text.ts';
import { readAhead } from './read-ahead.ts';
import { type RejectedRow, Scanner } from './scan.ts';
import { type WithheldRow, withholdRow } from './withhold.ts';

export type StageDeps = { readonly store: Store; readonly progress: Progress };

export type StageInput = {
  readonly runId: string;
  readonly landing: Pick<Landing, 'read'>;
  /** IANA zone of the client. */
  readonly timeZone: string;
  readonly customFields: readonly CustomField[];
  readonly signal?: AbortSignal;
};

export type Staged = {
  readonly stage: Stage;
  /** Data rows of the download: staged + rejected. */
  readonly rows: number;
  readonly rejected: number;
};

/** zlib's default of 16 KiB halves the speed. */
const chunkBytes = 1024 * 1024;
/** A header of 214 labels has some 4 KB. */
const maxHeaderBytes = 1024 * 1024;
const rejectedBatchRows = 500;
/** Enough to keep Postgres busy while the next one is scanned; each is a megabyte. */
const chunksAhead = 4;

/** Scanning keeps up with some three COPYs; a third one brought nothing on two cores. */
const copyStreams = 2;

/** A database that refuses more than this is not one that a few odd values explain. */
const maxRefusedRows = 20;

/**
 * Stages a download.
 * @throws FailedDownloadError when it is cut short or broken inside; FatalError when its columns are not those asked for.
 */
export async function stageDownload(deps: StageDeps, input: StageInput): Promise<Staged> {
  const refusals: Refusal[] = [];
  let streams = copyStreams;
  for (;;) {
    const reading = await openReading(deps, input, refusals);
    try {
      const { stage, source } = reading;
      const copied = await copyStage(deps.store, { stage, timeZone: input.timeZone, ...source, streams });
      await rejectRefused(deps, input, reading, refusals);
      return countStaged(reading, copied);
    } catch (error) {
      if (!(error instanceof RefusedRowError) || refusals.length >= maxRefusedRows) throw error;
      // Which line it was is known only when one COPY takes them all, in their order.
      if (streams > 1) streams = 1;
      else
        refusals.push({
          copyLine: error.copyLine,
          reason: `${error.column}: the database refuses it (${error.sqlState})`,
        });
    }
  }
}

/** One reading of a landed download: what COPY takes, and what is known of it when it is through. */
export type Reading = {
  readonly stage: Stage;
  readonly source: Pick<CopyInput, 'rows' | 'toLine' | 'signal'>;
  /** Rows that COPY was given, and rows that were rejected. */
  readonly countRows: () => { readonly passed: number; readonly rejected: number };
  /** In the order of the refusals. */
  readonly withheld: readonly WithheldRow[];
  /** Line of the file for a line of what the scanner passed. */
  readonly toScannedLine: (line: number) => number;
};

/** A row that an earlier reading gave to COPY in vain. */
type Refusal = { readonly copyLine: number; readonly reason: string };

/** Begins to read a landed download anew, with an empty stage; the refused rows are left out. */
export async function openReading(
  deps: StageDeps,
  input: StageInput,
  refusals: readonly Refusal[] = [],
): Promise<Reading> {
  const stage = await makeStage(deps.store.pool, input.runId);
  const rejected: QuarantinedRow[] = [];
  const scanners: Scanner[] = [];
  const withheld: WithheldRow[] = [];
  const startScan = (header: Buffer): Scanner => {
    const scanner = makeScanner(header, input, (row) => rejected.push(toQuarantined(row)));
    scanners.push(scanner);
    return scanner;
  };
  const found = readGoodRows(input.landing, startScan, async (scanner) => {
    for (const batch of drain(rejected)) await insertRejected(deps.store.pool, stage, batch);
    deps.progress({ step: 'pull', what: 'rows staged', done: scanner.passedRows + scanner.rejectedRows });
  });
  let rows: AsyncIterable<Buffer> = readAhead(found, chunksAhead);
  for (const [index, { copyLine }] of refusals.entries()) {
    rows = withholdRow(rows, copyLine, (row) => {
      withheld[index] = row;
    });
  }
  const toScannedLine = (line: number): number => scanners[0]?.toLine(line) ?? line;
  return {
    stage,
    toScannedLine,
    source: { rows, toLine: (line) => toScannedLine(toLineBefore(line, withheld)), signal: input.signal },
    countRows: () => ({
      passed: (scanners[0]?.passedRows ?? 0) - withheld.length,
      rejected: (scanners[0]?.rejectedRows ?? 0) + withheld.length,
    }),
    withheld,
  };
}

/** Each row was left out of what those before it had left: the line before any was. */
function toLineBefore(line: number, withheld: readonly WithheldRow[]): number {
  return withheld.reduceRight((at, row) => (at >= row.line ? at + row.lines : at), line);
}

/** Rows that the scanner passed and Postgres refuses. */
async function rejectRefused(
  deps: StageDeps,
  input: StageInput,
  { stage, toScannedLine, withheld }: Reading,
  refusals: readonly Refusal[],
): Promise<void> {
  for (const [index, { reason }] of refusals.entries()) {
    const row = withheld[index];
    if (row === undefined) throw new FatalError('A row that the database refuses cannot be found; report this.');
    const line = toScannedLine(toLineBefore(row.line, withheld.slice(0, index)));
    const byteOffset = await findOffset(input.landing, line);
    await insertRejected(deps.store.pool, stage, [toQuarantined({ line, byteOffset, reason, bytes: row.bytes })]);
  }
}

type OnChunk = (scanner: Scanner) => Promise<void>;

/** The good rows of a download as they are found; `onChunk` runs before they leave. */
async function* readGoodRows(
  landing: StageInput['landing'],
  startScan: (header: Buffer) => Scanner,
  onChunk: OnChunk,
): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let scanner: Scanner | undefined;
  for await (const chunk of readPlain(landing)) {
    let bytes = chunk;
    if (scanner === undefined) {
      head = Buffer.concat([head, chunk]);
      const headerEnd = findHeaderEnd(head) ?? (head.length > maxHeaderBytes ? head.length : undefined);
      if (headerEnd === undefined) continue;
      scanner = startScan(head.subarray(0, headerEnd));
      bytes = head.subarray(headerEnd);
    }
    const passed = scanner.push(bytes);
    await onChunk(scanner);
    yield* passed;
  }
  scanner ??= startScan(toWholeHeader(head));
  const passed = scanner.end();
  await onChunk(scanner);
  yield* passed;
}

/** The plain bytes of a download. */
async function* readPlain(landing: StageInput['landing']): AsyncGenerator<Buffer> {
  const received = landing.read()[Symbol.asyncIterator]();
  const head = await readHead(received);
  const bytes = Readable.from(prepend(head, received), { objectMode: false, highWaterMark: chunkBytes });
  const plain = isGzip(head) ? pipeline(bytes, createGunzip({ chunkSize: chunkBytes }), () => {}) : bytes;
  try {
    for await (const chunk of plain) yield chunk;
  } catch (error) {
    throw toBrokenError(error);
  }
}

/** At least the two bytes that tell, if there are two. */
async function readHead(received: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await received.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function toBrokenError(error: unknown): Error {
  if (error instanceof LvsyncError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) {
    return new FailedDownloadError(`The compressed download is cut off or damaged (${code}); try again.`, {
      cause: error,
    });
  }
  return new FatalError(`The landed download cannot be read (${toMessage(error)}); run again.`, { cause: error });
}

/** A download that ends inside its header row was cut, unless all columns are there. */
function toWholeHeader(header: Buffer): Buffer {
  if (parseHeader(header).length >= contactFields.length) return header;
  throw new FailedDownloadError('The download ends inside its header row; try again.');
}

function makeScanner(header: Buffer, input: StageInput, onRejected: (row: RejectedRow) => void): Scanner {
  const customLabels = new Map(input.customFields.map(({ field, label }) => [field, label]));
  assertHeader(parseHeader(header), contactFields, customLabels);
  return new Scanner({
    fields: contactFields,
    timeZone: input.timeZone,
    onRejected,
    linesBefore: countHeaderLines(header),
    bytesBefore: header.length,
    endsInCr: endsInCr(header),
  });
}

function toQuarantined(row: RejectedRow): QuarantinedRow {
  const raw = toRawText(row.bytes);
  const [, plain, quoted] = /^(?:([^",\r\n]+)|"((?:[^"]|"")+)"),/.exec(raw) ?? [];
  const account = plain ?? quoted?.replaceAll('""', '"');
  return { line: row.line, byteOffset: row.byteOffset, account, reason: row.reason, raw };
}

/** Empties the list, in batches. */
function* drain(rows: QuarantinedRow[]): Generator<readonly QuarantinedRow[]> {
  while (rows.length > 0) yield rows.splice(0, rejectedBatchRows);
}

function countStaged({ stage, countRows }: Reading, copied: number): Staged {
  const { passed, rejected } = countRows();
  if (copied !== passed) {
    throw new FatalError(
      `Postgres staged ${copied} rows of the ${passed} it was given, so nothing was merged; report this.`,
      { facts: { copied, passed } },
    );
  }
  return { stage, rows: passed + rejected, rejected };
}

/** Offset in the plain file of the first byte of a line. */
async function findOffset(landing: StageInput['landing'], line: number): Promise<number> {
  let lines = 1;
  let offset = 0;
  for await (const chunk of readPlain(landing)) {
    for (let index = 0; lines < line; lines += 1) {
      index = chunk.indexOf(0x0a, index) + 1;
      if (index === 0) break;
      if (lines + 1 === line) return offset + index;
    }
    offset += chunk.length;
  }
  return offset;
}
