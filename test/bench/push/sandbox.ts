/** The sandbox of the bench, a process of its own: its limits, and what its log says of the requests that came. */
import type { LogEntry } from '../../../src/sandbox/index.ts';
import type { BulkEndpoint } from './plans.ts';

export type Limit = { readonly starts: number; readonly perMs: number };

/** The bulk methods: as the sandbox calls their routes, and as the vendor heads their pages. */
const routes: Readonly<Record<BulkEndpoint, string>> = {
  ...{ multi_dnd: 'multi-dnd', bulk_create: 'bulk-create', bulk_update: 'bulk-update' },
};
export const methodNames: Readonly<Record<BulkEndpoint, string>> = {
  multi_dnd: "Update Multiple Contacts' DND",
  bulk_create: 'Bulk Create Contact',
  bulk_update: 'Bulk Update Contact',
};

/** Sets the limit of each bulk method, undefined for none, and forgets what was logged. */
export async function resetSandbox(url: string, limit: Limit | undefined): Promise<void> {
  const limits = limit === undefined ? {} : Object.fromEntries(Object.values(routes).map((route) => [route, limit]));
  await call(url, 'PUT', 'limits', limits);
  await call(url, 'DELETE', 'log');
}

/** The requests of a bulk method, in the order of arrival. */
export async function fetchRequests(url: string, endpoint: BulkEndpoint): Promise<readonly LogEntry[]> {
  const { entries } = (await call(url, 'GET', `log?route=${routes[endpoint]}`)) as { entries: LogEntry[] };
  return entries.toSorted((one, other) => one.arrivedMs - other.arrivedMs);
}

export async function fetchCount(url: string): Promise<number> {
  return ((await call(url, 'GET', 'count')) as { count: number }).count;
}

/** The most arrivals in any half-open stretch of that length. */
export function countMost(arrivals: readonly number[], perMs: number): number {
  let most = 0;
  let first = 0;
  for (const [last, at] of arrivals.entries()) {
    while (at - (arrivals[first] ?? at) >= perMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/**
 * Over whole windows' worth of requests from the first on: how long they were allowed to take, and took, milliseconds. Undefined when there
 * were too few for one window.
 */
export function measurePace(
  arrivals: readonly number[],
  { starts, perMs }: Limit,
): { readonly allowedMs: number; readonly tookMs: number } | undefined {
  const rounds = Math.floor((arrivals.length - 1) / starts);
  const last = arrivals[rounds * starts];
  if (rounds < 1 || last === undefined) return undefined;
  return { allowedMs: rounds * perMs, tookMs: last - (arrivals[0] ?? last) };
}

async function call(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${url}/sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} /sandbox/${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
