/**
 * Puts a landed download into the stage of its run: gunzip, header, scan, COPY; rows that cannot be staged go to the stage's own table of
 * rejected rows. The mirror is not touched. Memory does not grow with the download.
 * What would surprise: LiveVox compresses without saying so, so the first two bytes decide.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { contactFields } from '../contact/index.ts';
import { FatalError, toMessage } from '../errors.ts';
import type { Progress } from '../progress.ts';
import {
  type CustomField,
  copyStage,
  insertRejected,
  makeStage,
  type QuarantinedRow,
  type Stage,
  type Store,
} from '../store/index.ts';
import { FailedDownloadError } from './failed-download.ts';
import { assertHeader, findHeaderEnd, parseHeader } from './header.ts';
import type { Landed } from './land.ts';
import { toRawText } from './raw-text.ts';
import { type RejectedRow, Scanner } from './scan.ts';

export type StageDeps = { readonly store: Store; readonly progress: Progress };

export type StageInput = {
  readonly runId: string;
  readonly landed: Landed;
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

/**
 * Stages a download.
 * @throws FailedDownloadError when it is cut short or broken inside; FatalError when its columns are not those asked for.
 */
export async function stageDownload(deps: StageDeps, input: StageInput): Promise<Staged> {
  const stage = await makeStage(deps.store.pool, input.runId);
  const rejected: QuarantinedRow[] = [];
  const scanners: Scanner[] = [];
  const startScan = (header: Buffer): Scanner => {
    const scanner = makeScanner(header, input, (row) => rejected.push(toQuarantined(row)));
    scanners.push(scanner);
    return scanner;
  };
  const copied = await copyStage(deps.store, {
    stage,
    timeZone: input.timeZone,
    rows: readGoodRows(input.landed, startScan, async (scanner) => {
      for (const batch of drain(rejected)) await insertRejected(deps.store.pool, stage, batch);
      deps.progress({ step: 'pull', what: 'rows staged', done: scanner.passedRows + scanner.rejectedRows });
    }),
    toLine: (rowsLine) => scanners[0]?.toLine(rowsLine) ?? rowsLine,
    signal: input.signal,
  });
  return countStaged(stage, copied, scanners[0]);
}

type OnChunk = (scanner: Scanner) => Promise<void>;

/** The good rows of a download as they are found; `onChunk` runs before they leave. */
async function* readGoodRows(
  landed: Landed,
  startScan: (header: Buffer) => Scanner,
  onChunk: OnChunk,
): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let scanner: Scanner | undefined;
  for await (const chunk of readPlain(landed)) {
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
async function* readPlain(landed: Landed): AsyncGenerator<Buffer> {
  const file = createReadStream(landed.path, { highWaterMark: chunkBytes });
  const plain: Readable = (await isGzip(landed.path))
    ? pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {})
    : file;
  try {
    for await (const chunk of plain) yield chunk;
  } catch (error) {
    throw toBrokenError(error);
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function toBrokenError(error: unknown): Error {
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
  const linesBefore = header.toString('latin1').split('\n').length - 1;
  return new Scanner({
    fields: contactFields,
    timeZone: input.timeZone,
    onRejected,
    linesBefore,
    bytesBefore: header.length,
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

function countStaged(stage: Stage, copied: number, scanner: Scanner | undefined): Staged {
  const passed = scanner?.passedRows ?? 0;
  const rejected = scanner?.rejectedRows ?? 0;
  if (copied !== passed) {
    throw new FatalError(
      `Postgres staged ${copied} rows of the ${passed} it was given, so nothing was merged; report this.`,
      { facts: { copied, passed } },
    );
  }
  return { stage, rows: passed + rejected, rejected };
}
