/**
 * Tells where a pull spends its time, from outside: watches the statements that go through a pool, whoever sends them. COPY counts
 * until the server has taken all of it; a transaction that writes mirror.contacts counts as a merge, without the COPY inside it.
 */
import type pg from 'pg';

export type StatementClock = { readonly read: () => { readonly copy: number; readonly merge: number } };

type Transaction = { readonly startedAt: number; copyMs: number; isMerge: boolean };

const writesMirror = /\b(?:insert\s+into|update|merge\s+into|copy)\s+mirror\.contacts\b/i;

/** Watches from now on. Times are in seconds. */
export function watchStatements(pool: pg.Pool): StatementClock {
  const total = { copyMs: 0, mergeMs: 0 };
  const watched = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    watchClient(client, total);
  });
  return { read: () => ({ copy: total.copyMs / 1000, merge: total.mergeMs / 1000 }) };
}

function watchClient(client: pg.PoolClient, total: { copyMs: number; mergeMs: number }): void {
  const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
  let open: Transaction | undefined;
  const end = (): void => {
    if (open?.isMerge) total.mergeMs += performance.now() - open.startedAt - open.copyMs;
    open = undefined;
  };
  const watch = (...args: readonly unknown[]): unknown => {
    const text = toText(args[0]);
    const startedAt = performance.now();
    if (/^\s*begin\b/i.test(text)) open = { startedAt, copyMs: 0, isMerge: false };
    if (open !== undefined && writesMirror.test(text)) open.isMerge = true;
    const returned = query(...args);
    if (/^\s*copy\b/i.test(text) && isStream(returned)) {
      returned.once('finish', () => {
        const took = performance.now() - startedAt;
        total.copyMs += took;
        if (open !== undefined) open.copyMs += took;
      });
    }
    if (/^\s*(?:commit|rollback)\b/i.test(text) && returned instanceof Promise) returned.then(end, end);
    return returned;
  };
  client.query = watch as typeof client.query;
}

function toText(query: unknown): string {
  if (typeof query === 'string') return query;
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : '';
}

function isStream(value: unknown): value is NodeJS.WritableStream {
  return typeof value === 'object' && value !== null && 'once' in value && 'write' in value;
}
