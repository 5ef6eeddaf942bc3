/**
 * Reads the rows that somebody's own code gives as a system of record, one after the other, as fast as they are wanted.
 * What that code throws comes out as one sentence: as worth another try, unless it is a mistake in the code. A run that is
 * stopped does not wait for it.
 */
import type { ModuleSourceConfig } from '../config.ts';
import { FatalError, LvsyncError, RetriableError, toMessage } from '../errors.ts';
import { formatCells } from './columns.ts';
import type { ReadOptions } from './csv.ts';
import { type KeyedRow, KeyReader } from './keyed-rows.ts';
import { mapRow, type RecordRow, toUnusable } from './map-row.ts';
import type { Resolved } from './resolve-mapping.ts';

const maxMessageLength = 300;

/**
 * The rows in the order given; `line` is the number of the row, from 1.
 * @throws ConfigError when the module cannot be loaded, or a mapped key stands in no row; FatalError or RetriableError when its
 *   code throws.
 */
export async function* readModule(
  source: Resolved<ModuleSourceConfig>,
  options: ReadOptions,
): AsyncGenerator<RecordRow> {
  const { label } = source;
  const keys = new KeyReader(source.mapping, label);
  let line = 0;
  for await (const row of readObjects(source, options)) {
    line += 1;
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      yield toUnusable({ line, raw: '' }, 'not an object');
      continue;
    }
    const cells = keys.toCells(row as KeyedRow);
    yield mapRow(keys.layout, cells, { line, raw: formatCells(keys.layout, cells) });
  }
  keys.assertAllSeen();
}

async function* readObjects(
  source: Resolved<ModuleSourceConfig>,
  { timeZone, signal }: ReadOptions,
): AsyncGenerator<unknown> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const orStopped = makeStoppable(stop.signal);
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  let iterator: AsyncIterator<unknown> | undefined;
  try {
    const rows = (await orStopped(source.load()))({ signal: stop.signal, timeZone });
    iterator = toIterator(rows, source.label);
    for (;;) {
      const next = await orStopped(iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw toOurError(error, source.label);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort(new Error('no more rows are wanted'));
    // Not awaited: code that hangs would hang here again.
    Promise.resolve(iterator?.return?.()).catch(() => {});
  }
}

/** Waits for one promise at a time, or until the signal aborts. Not `Promise.race`: it would keep something for every row. */
function makeStoppable(signal: AbortSignal): <T>(work: Promise<T>) => Promise<T> {
  let stopWaiting: (reason: unknown) => void = () => {};
  signal.addEventListener('abort', () => stopWaiting(signal.reason), { once: true });
  return (work) =>
    new Promise((resolve, reject) => {
      stopWaiting = reject;
      // Promise.resolve: iterators written by hand may answer without a promise.
      Promise.resolve(work).then(resolve, reject);
      if (signal.aborted) reject(signal.reason);
    });
}

function toIterator(rows: unknown, label: string): AsyncIterator<unknown> {
  if (typeof rows === 'object' && rows !== null && Symbol.asyncIterator in rows)
    return (rows as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  throw new FatalError(
    `rows of the system of record ${label} gives nothing to iterate; write it as "async function*".`,
  );
}

function toOurError(error: unknown, label: string): LvsyncError {
  if (error instanceof LvsyncError) return error;
  const isSyntax = error instanceof SyntaxError;
  // JSON.parse quotes what it was given.
  const text = isSyntax ? 'it could not parse what it was given (SyntaxError)' : toMessage(error);
  const said = text.split('\n')[0]?.slice(0, maxMessageLength).replace(/\.$/, '') ?? '';
  const message = `The code of the system of record ${label} fails: ${said}.`;
  // With a cause it is the network: fetch throws TypeErrors.
  const isMistake = error instanceof Error && /^(Type|Reference|Range)Error$/.test(error.name) && !error.cause;
  return isMistake
    ? new FatalError(`${message} Mend it, then run again.`, { cause: error })
    : new RetriableError(`${message} Run again.`, isSyntax ? {} : { cause: error });
}
