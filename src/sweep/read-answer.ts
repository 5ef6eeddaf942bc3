/**
 * Reads the body of a sweep's request: gunzip, header, rows of account and modifyDate, in batches and in constant memory. papaparse reads
 * it piece by piece. LiveVox compresses without saying so, so the first two bytes decide.
 * A row whose account cannot be read is counted, not guessed at. A modifyDate that cannot be read leaves the account standing: that the
 * contact is there is what a sweep is about.
 */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import Papa from 'papaparse';
import { parseMoment } from '../contact/index.ts';
import { FatalError, LvsyncError, toMessage } from '../errors.ts';
import type { SweepRow } from '../store/index.ts';
import { FailedAnswerError } from './failed-answer.ts';

export type AnswerCounts = { rows: number; unreadable: number };

/** What a sweep asks for, in the order of the columns. */
export const sweepFields = ['account', 'modifyDate'] as const;

/** zlib's default of 16 KiB halves the speed; a piece of more is tens of thousands of rows at once. */
const chunkBytes = 256 * 1024;
/** No row of two values is longer; behind a quote that never closes everything would be held. */
const maxRowChars = 1024 * 1024;

/**
 * The rows of a body; `counts` grows with them.
 * @throws FailedAnswerError when it is cut off, damaged or empty; FatalError when its columns are not those asked for.
 */
export async function* readAnswer(body: Readable, counts: AnswerCounts): AsyncGenerator<readonly SweepRow[]> {
  const decoder = new TextDecoder();
  const reader = new RowReader(counts);
  let bytes = 0;
  for await (const chunk of readPlain(body)) {
    bytes += chunk.length;
    yield reader.push(decoder.decode(chunk, { stream: true }));
  }
  if (bytes === 0) throw new FailedAnswerError('The answer to a sweep is empty, without even a header row; try again.');
  yield reader.end(decoder.decode());
}

/** The plain bytes of a body. */
async function* readPlain(body: Readable): AsyncGenerator<Buffer> {
  // A body may break while nobody reads it yet; an error nobody hears ends the process.
  body.on('error', () => {});
  try {
    const received: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
    let head: Buffer = Buffer.alloc(0);
    while (head.length < 2) {
      const next = await received.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    const whole = Readable.from(prepend(head, received), { objectMode: false, highWaterMark: chunkBytes });
    const isGzip = head[0] === 0x1f && head[1] === 0x8b;
    yield* isGzip ? pipeline(whole, createGunzip({ chunkSize: chunkBytes }), () => {}) : whole;
  } catch (error) {
    if (error instanceof FatalError) throw error;
    const reason = error instanceof LvsyncError ? error.message : toMessage(error);
    throw new FailedAnswerError(`The answer to a sweep broke off or is damaged (${reason}); try again.`, {
      cause: error,
    });
  } finally {
    // A body that nobody reads would hold the connection, and LiveVox serves one download at a time.
    body.destroy();
  }
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** Text in pieces → rows. What is not a whole row yet waits for the next piece. */
class RowReader {
  readonly #counts: AnswerCounts;
  #parser: Papa.Parser | undefined;
  #rest = '';
  /** The cells of the last row but one, and of the last. */
  #before: readonly string[] | undefined;
  #last: readonly string[] | undefined;

  constructor(counts: AnswerCounts) {
    this.#counts = counts;
  }

  push(text: string): SweepRow[] {
    return this.#parse(this.#rest + text, false);
  }

  end(text: string): SweepRow[] {
    const rest = this.#rest + text;
    const rows = this.#parse(rest, true);
    if (rest !== '' && !rest.endsWith('\n')) assertNotCut(this.#last, this.#before);
    return rows;
  }

  #parse(text: string, isEnd: boolean): SweepRow[] {
    const isFirst = this.#parser === undefined;
    this.#parser ??= makeParser(text, isEnd);
    if (this.#parser === undefined) {
      this.#rest = text;
      return [];
    }
    const { data, errors, meta } = this.#parser.parse(text, 0, !isEnd) as Papa.ParseResult<string[]>;
    this.#rest = isEnd ? '' : text.slice(meta.cursor);
    if (this.#rest.length > maxRowChars) {
      throw new FailedAnswerError('The answer to a sweep has a row of more than a million characters; try again.');
    }
    // papaparse goes on behind a stray quote, but what it makes of that row is a guess.
    const stray = new Set(errors.map((error) => error.row));
    const rows: SweepRow[] = [];
    for (const [index, cells] of data.entries()) {
      if (isFirst && index === 0) assertHeader(cells);
      else this.#take(cells, stray.has(index), rows);
    }
    return rows;
  }

  #take(cells: readonly string[], isStray: boolean, rows: SweepRow[]): void {
    const [account = '', modifyDate = ''] = cells;
    // What stands behind the last line end.
    if (cells.length === 1 && account === '') return;
    this.#before = this.#last;
    this.#last = cells;
    if (isStray || cells.length !== sweepFields.length || account.trim() === '' || /[\0\uFFFD]/.test(account)) {
      this.#counts.unreadable += 1;
      return;
    }
    this.#counts.rows += 1;
    rows.push({ account, modifyDate: toTime(modifyDate) });
  }
}

/** The line end of the header row is that of all rows; undefined while the header row has not come. */
function makeParser(text: string, isEnd: boolean): Papa.Parser | undefined {
  const lineEnd = /\r?\n/.exec(text)?.[0];
  if (lineEnd === undefined && !isEnd) return undefined;
  return new Papa.Parser({ delimiter: ',', newline: lineEnd === '\r\n' ? '\r\n' : '\n' });
}

/** The first column must be the account's; how LiveVox calls the second, its pages do not tell. Upper and lower case do not count. */
function assertHeader(labels: readonly string[]): void {
  const isAccount = labels[0]?.trim().toLowerCase() === sweepFields[0];
  if (isAccount && labels.length === sweepFields.length) return;
  const told = isAccount ? `has ${labels.length} columns` : 'does not begin with the column "Account"';
  throw new FatalError(
    `The answer to a sweep ${told} where ${sweepFields.join(' and ')} were asked for, so nothing was marked: compare its header with the fields that were asked for.`,
    { facts: { columns: labels.length } },
  );
}

/** A row that ends with the body instead of with a line end may have been cut, and with it all that should follow. */
function assertNotCut(last: readonly string[] | undefined, before: readonly string[] | undefined): void {
  if (last === undefined) return;
  if (last.length === sweepFields.length && (before === undefined || toShape(last[1]) === toShape(before[1]))) return;
  throw new FailedAnswerError('The last row of the answer to a sweep is cut short; try again.');
}

/** A time with all digits alike: two of one spelling are the same then. */
function toShape(time = ''): string {
  return time.replace(/\d/g, '0');
}

/** ISO 8601, without a zone where none was told: Postgres puts it into the client's. null for what is no time. */
function toTime(text: string): string | null {
  const moment = parseMoment(text.trim());
  if (moment === undefined) return null;
  if (moment.kind === 'instant') return moment.at.toISOString();
  const { year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 } = moment.parts;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond)).toISOString().slice(0, -1);
}
