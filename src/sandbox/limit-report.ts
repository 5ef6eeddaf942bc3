/**
 * What the request log proves about a client's limiter: how many requests it started in the fullest window, and how much
 * of what was permitted it used. A pure function of the log, so that it can also measure against limits nobody enforces.
 */
import { countMostInWindow, type Limits } from './rate-limits.ts';
import type { LogEntry } from './request-log.ts';

export type LimitReport = {
  readonly route: string;
  /** null for requests without a session. */
  readonly session: string | null;
  readonly starts: number;
  readonly perMs: number;
  readonly requests: number;
  /** Refused because of the limit. */
  readonly refused: number;
  /** Of all requests, refused ones included. */
  readonly mostInAnyWindow: number;
  /** Of those that were admitted. */
  readonly mostAdmittedInAnyWindow: number;
  /** From the first admitted arrival to the last. */
  readonly spanMs: number;
  /** Admitted requests, as a share of the most that could have been admitted in that span: 0..1. */
  readonly usedShare: number;
};

/** One line for each route and session that has a limit. */
export function reportLimits(entries: readonly LogEntry[], limits: Limits): readonly LimitReport[] {
  const groups = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    if (entry.route === null || (limits[entry.route] ?? limits['*']) === undefined) continue;
    const key = `${entry.route} ${entry.session}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()].map((group) => reportGroup(group, limits));
}

function reportGroup(group: readonly LogEntry[], limits: Limits): LimitReport {
  const [{ route, session }] = group as [LogEntry];
  const { starts, perMs } = limits[route ?? ''] ?? (limits['*'] as Limits[string]);
  const all = toArrivals(group);
  const admitted = toArrivals(group.filter((entry) => entry.limited !== true));
  const spanMs = admitted.length === 0 ? 0 : (admitted.at(-1) as number) - (admitted[0] as number);
  return {
    route: route ?? '',
    session,
    starts,
    perMs,
    requests: all.length,
    refused: all.length - admitted.length,
    mostInAnyWindow: countMostInWindow(all, perMs),
    mostAdmittedInAnyWindow: countMostInWindow(admitted, perMs),
    spanMs,
    usedShare: admitted.length / (starts * (Math.floor(spanMs / perMs) + 1)),
  };
}

function toArrivals(group: readonly LogEntry[]): number[] {
  return group.map((entry) => entry.arrivedMs).sort((left, right) => left - right);
}
