/**
 * Every request the sandbox got, for tests to read: written on arrival and completed with the answer, so that a request
 * still running shows with status null. Bounded: the oldest entries go when there are too many, or when they name too
 * many accounts. How often each account was created, and asked to be, is counted apart and never forgotten.
 */

export type LogEntry = {
  /** Rises by one with each request. */
  readonly seq: number;
  /** Arrival, epoch ms by the sandbox's clock. */
  readonly at: number;
  /** Arrival by the machine's steady clock, epoch ms with fractions: what rate limits are measured by. */
  readonly arrivedMs: number;
  readonly method: string;
  /** Path with query, as received. */
  readonly path: string;
  /** Name of the route; null when there is none, or not yet known. */
  route: string | null;
  /** null while the request runs; 0 when the connection was cut instead of an answer. */
  status: number | null;
  session: string | null;
  durationMs: number | null;
  /** True when a rate limit refused it. */
  limited?: true;
  /** Accounts of a bulk write, in the order received. */
  accounts?: readonly string[];
  /** Those of them that a fault leaves out. */
  dropped?: readonly string[];
  /** The window of a download, as received. */
  window?: { readonly startDate: unknown; readonly endDate: unknown };
  /** Faults the request met. */
  faults?: readonly string[];
};

type CreateCount = { received: number; created: number };

export type RequestLog = {
  readonly arrive: (entry: Pick<LogEntry, 'at' | 'arrivedMs' | 'method' | 'path'>) => LogEntry;
  readonly nameAccounts: (entry: LogEntry, accounts: readonly string[]) => void;
  readonly countCreate: (account: string, what: keyof CreateCount) => void;
  readonly list: (since: number, route: string | undefined) => readonly LogEntry[];
  /** Accounts whose create was received at least so many times. */
  readonly listCreates: (atLeast: number) => Readonly<Record<string, CreateCount>>;
  readonly clear: () => void;
};

const maxEntries = 100_000;
const maxAccounts = 2_000_000;

export function makeRequestLog(): RequestLog {
  let entries: LogEntry[] = [];
  let accountsHeld = 0;
  let seq = 0;
  const creates = new Map<string, CreateCount>();

  const forgetOldest = (): void => {
    // In tenths, so that a full log is not moved on every request.
    const kept = entries.slice(Math.ceil(entries.length / 10));
    entries = kept;
    accountsHeld = kept.reduce((sum, entry) => sum + (entry.accounts?.length ?? 0), 0);
  };
  return {
    arrive: (arrival) => {
      if (entries.length >= maxEntries) forgetOldest();
      seq += 1;
      const entry: LogEntry = { seq, ...arrival, route: null, status: null, session: null, durationMs: null };
      entries.push(entry);
      return entry;
    },
    nameAccounts: (entry, accounts) => {
      entry.accounts = accounts;
      accountsHeld += accounts.length;
      while (accountsHeld > maxAccounts && entries.length > 1) forgetOldest();
    },
    countCreate: (account, what) => {
      const count = creates.get(account) ?? { received: 0, created: 0 };
      count[what] += 1;
      creates.set(account, count);
    },
    list: (since, route) =>
      entries.filter((entry) => entry.at >= since && (route === undefined || entry.route === route)),
    listCreates: (atLeast) => Object.fromEntries([...creates].filter(([, count]) => count.received >= atLeast)),
    clear: () => {
      entries = [];
      accountsHeld = 0;
      creates.clear();
    },
  };
}
