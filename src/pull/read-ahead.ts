/**
 * Works ahead of a slow taker: while it is busy with one piece, the next ones are made ready. Without it, scanning and COPY would take
 * turns, and each would wait for the other.
 */

/** The same pieces in the same order, `depth` of them asked for before they are wanted. Ends its source when it is ended. */
export async function* readAhead<T>(source: AsyncIterable<T>, depth: number): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const asked: Promise<IteratorResult<T>>[] = [];
  const ask = (): void => {
    const next = iterator.next();
    // Whoever takes it hears of a failure; that nobody has taken it yet must not end the process.
    next.catch(() => {});
    asked.push(next);
  };
  try {
    for (let index = 0; index < depth; index += 1) ask();
    for (;;) {
      const next = await asked.shift();
      if (next === undefined || next.done === true) return;
      ask();
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
