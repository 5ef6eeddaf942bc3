/**
 * COPY in the text format, both ways: rows into a table in pieces of some hundred kilobytes, and rows of a query out of the server, split
 * into cells. Several times faster than statements with arrays, or rows read one by one.
 */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

export type Cell = string | number | boolean | null;

const pieceLength = 262_144;
const special = /[\\\t\n\r]/;

/** One COPY into a table, inside the caller's transaction. Until it has ended, or was aborted, the client can do nothing else. */
export class CopyIn {
  readonly #stream: ReturnType<typeof copyFrom> & NodeJS.WritableStream;
  readonly #ended: Promise<void>;
  #piece = '';
  #isOver = false;

  /** `target`: table and columns, from us, never from data. */
  constructor(client: PoolClient, target: string) {
    this.#stream = client.query(copyFrom(`copy ${target} from stdin`));
    this.#ended = finished(this.#stream);
    const noteEnd = (): void => {
      this.#isOver = true;
    };
    // A failure is told to whoever ends the COPY; nobody may be waiting when it comes.
    this.#ended.then(noteEnd, noteEnd);
  }

  /** Adds a row; true when enough has come together for `flush`. */
  add(cells: readonly Cell[]): boolean {
    let line = '';
    for (let index = 0; index < cells.length; index += 1) {
      if (index > 0) line += '\t';
      line += formatCell(cells[index]!);
    }
    this.#piece += `${line}\n`;
    return this.#piece.length >= pieceLength;
  }

  /** Sends what was added; waits until the server keeps up. @throws what Postgres throws */
  async flush(): Promise<void> {
    if (this.#piece === '') return;
    const piece = Buffer.from(this.#piece);
    this.#piece = '';
    if (!this.#stream.write(piece)) await Promise.race([once(this.#stream, 'drain'), this.#ended]);
  }

  /** Ends the COPY; gives the rows copied. @throws what Postgres throws */
  async end(): Promise<number> {
    await this.flush();
    this.#stream.end();
    await this.#ended;
    return this.#stream.rowCount;
  }

  /** Gives up: the server drops what came. Does nothing after the end. */
  async abort(reason: unknown): Promise<void> {
    if (this.#isOver) return;
    this.#stream.destroy(reason instanceof Error ? reason : new Error('The COPY was given up.'));
    await this.#ended.catch(() => {});
  }
}

/** Rows of a query as lists of cells, in batches as they come. `query` takes no parameters: settings of the transaction carry them. */
export async function* copyOut(
  client: PoolClient,
  query: string,
): AsyncGenerator<readonly (readonly (string | null)[])[]> {
  const stream = client.query(copyTo(`copy (${query}) to stdout`));
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(10);
    if (end === -1) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const whole = chunk.subarray(0, end);
    const text = rest.length === 0 ? whole.toString() : Buffer.concat([rest, whole]).toString();
    rest = chunk.subarray(end + 1);
    yield text.split('\n').map(parseLine);
  }
}

function formatCell(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell !== 'string') return String(cell);
  if (!special.test(cell)) return cell;
  return cell.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function parseLine(line: string): readonly (string | null)[] {
  const cells: (string | null)[] = line.split('\t');
  if (!line.includes('\\')) return cells;
  return cells.map((cell) => (cell === null || !cell.includes('\\') ? cell : parseCell(cell)));
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function parseCell(cell: string): string | null {
  return cell === '\\N' ? null : cell.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
