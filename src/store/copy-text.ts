/**
 * COPY in the text format, both ways: rows into a table in pieces of some hundred kilobytes, and rows of a query out of the server, split
 * into cells. Several times faster than statements with arrays, or rows read one by one.
 */
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

export type Cell = string | number | boolean | null;

const pieceBytes = 262_144;
/** What one row may need beyond a full piece before it gets a piece of its own, bytes. */
const reserveBytes = 65_536;
/** UTF-8 needs no more for one unit of a string's length. */
const mostBytesPerUnit = 3;
const special = /[\\\t\n\r]/;

/**
 * One COPY into a table, inside the caller's transaction. Until it has ended, or was aborted, the client can do nothing else.
 * Two pieces of memory take turns, one being filled while the other is on its way: what each piece left behind would come to tens of
 * megabytes before it is collected.
 */
export class CopyIn {
  readonly #stream: ReturnType<typeof copyFrom> & NodeJS.WritableStream;
  readonly #ended: Promise<void>;
  #filling = Buffer.allocUnsafeSlow(pieceBytes + reserveBytes);
  #other = Buffer.allocUnsafeSlow(pieceBytes + reserveBytes);
  #filled = 0;
  /** A row that has no place in the piece. */
  #large = '';
  #writing: Promise<void> = Promise.resolve();
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

  /** Adds a row; true when enough has come together for `flush`, which must be called then. */
  add(cells: readonly Cell[]): boolean {
    let line = '';
    for (let index = 0; index < cells.length; index += 1) {
      if (index > 0) line += '\t';
      line += formatCell(cells[index]!);
    }
    line += '\n';
    if (this.#filled + line.length * mostBytesPerUnit > this.#filling.length) {
      this.#large += line;
      return true;
    }
    this.#filled += this.#filling.write(line, this.#filled);
    return this.#filled >= pieceBytes;
  }

  /** Sends what was added, once the server has taken what was sent before. @throws what Postgres throws */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#filled > 0) this.#writing = this.#write(this.#filling.subarray(0, this.#filled));
    if (this.#large !== '') this.#writing = this.#write(Buffer.from(this.#large));
    [this.#filling, this.#other] = [this.#other, this.#filling];
    this.#filled = 0;
    this.#large = '';
  }

  /** Over when the bytes have left this process, and the memory may be used again. */
  #write(piece: Buffer): Promise<void> {
    const left = new Promise<void>((resolve) => {
      this.#stream.write(piece, () => resolve());
    });
    const writing = Promise.race([left, this.#ended]);
    writing.catch(() => {});
    return writing;
  }

  /** Ends the COPY; gives the rows copied. @throws what Postgres throws */
  async end(): Promise<number> {
    await this.flush();
    await this.#writing;
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
