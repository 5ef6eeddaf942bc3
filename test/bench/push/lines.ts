/** What a run shows, as lines of the table: both sides of each ratio, the limit to reach, and whether it is reached. */
import { format, formatCount } from '../pull/measure.ts';
import { type Line, note } from '../pull/table.ts';
import { endpoints } from './plans.ts';
import type { Ran } from './run.ts';
import { countMost, type Limit, measurePace, methodNames } from './sandbox.ts';

const leastShare = 0.98;
const mostRequests = 1.02;
const mostCallsUntilFound = 10;

/** That a known limit is kept, and used. */
export function toKeptLines(what: string, ran: Ran, limit: Limit): readonly Line[] {
  return endpoints.flatMap((endpoint) => {
    const path = `${what}: ${methodNames[endpoint]}`;
    const entries = ran.requests[endpoint];
    const arrivals = entries.map(({ arrivedMs }) => arrivedMs);
    const refused = entries.filter(({ limited }) => limited).length;
    const most = countMost(arrivals, limit.perMs);
    return [
      toPaceLine(path, arrivals, limit),
      {
        ...{ path: `… requests refused with 429, of ${formatCount(arrivals.length)}; most in any ${limit.perMs} ms` },
        ...{ ours: `${refused}; ${most}`, theirs: `0; ${limit.starts}`, ratio: '', limit: 'no 429' },
        verdict: refused === 0 ? 'reached' : 'NOT REACHED',
      } as const,
    ];
  });
}

function toPaceLine(path: string, arrivals: readonly number[], limit: Limit): Line {
  const pace = measurePace(arrivals, limit);
  if (pace === undefined) return note(`${path}: share of the permitted rate`, `${arrivals.length} requests`);
  const share = pace.allowedMs / pace.tookMs;
  return {
    path: `${path}: share of the permitted rate: seconds taken, against those it takes at the limit`,
    ours: `${format(pace.tookMs / 1_000)} s`,
    theirs: `${format(pace.allowedMs / 1_000)} s`,
    ratio: `${(share * 100).toFixed(2)} %`,
    limit: `≥ ${leastShare * 100} %`,
    verdict: share >= leastShare ? 'reached' : 'NOT REACHED',
  };
}

/** Requests against the fewest that can carry the rows. */
export function toRequestsLine(what: string, { requests, fewest }: Ran): Line {
  const sent = endpoints.reduce((sum, endpoint) => sum + requests[endpoint].length, 0);
  return {
    path: `${what}: requests, against the fewest possible`,
    ...{ ours: formatCount(sent), theirs: formatCount(fewest), ratio: (sent / fewest).toFixed(3) },
    limit: `≤ ${mostRequests}`,
    verdict: sent / fewest <= mostRequests ? 'reached' : 'NOT REACHED',
  };
}

/** What our own work costs where nothing is limited: one process, one tenant, one call in flight. */
export function toOverheadLines(ran: Ran, rows: number): readonly Line[] {
  const [report] = ran.reports;
  if (report === undefined) return [];
  const { startedAt, endedAt, preparingMs, requests, answersMs, cpuMs, peakRssMb } = report;
  const sendingMs = endedAt - startedAt - preparingMs;
  const each = (ms: number): string => `${(ms / requests).toFixed(1)} ms`;
  return [
    {
      path: `no limit: milliseconds per request from the first request to the end, against those of waiting for its answer`,
      ours: each(sendingMs),
      theirs: each(answersMs),
      ratio: `${(sendingMs / answersMs).toFixed(2)}; ${each(sendingMs - answersMs)} are ours`,
      ...{ limit: '', verdict: '' },
    },
    note('… before the first request: seal, cut into chunks, login', `${format(preparingMs / 1_000)} s`),
    note('… processor time per request', `${each(cpuMs)} (${((cpuMs / rows) * 1_000).toFixed(0)} µs per contact)`),
    note('… peak memory of the process', `${format(peakRssMb)} MB`),
  ];
}

/** The same plans in one process, side by side, and in several. */
export function toProcessesLine(what: string, one: Ran, several: Ran, rows: number): Line {
  const rate = ({ seconds }: Ran): number => rows / seconds;
  return {
    path: `${what}: contacts per second of ${several.reports.length} processes, against one with the same plans side by side`,
    ours: formatCount(Math.round(rate(several))),
    theirs: formatCount(Math.round(rate(one))),
    ratio: (rate(several) / rate(one)).toFixed(2),
    ...{ limit: '', verdict: '' },
  };
}

/** A limit that nobody has configured: found within ten calls after the first 429. */
export function toFoundLine(ran: Ran, limit: Limit): Line {
  const until = endpoints.map((endpoint) => {
    const refused = ran.requests[endpoint].map(({ limited }) => limited === true);
    return { refused: refused.filter(Boolean).length, calls: refused.lastIndexOf(true) - refused.indexOf(true) };
  });
  const calls = Math.max(...until.map((one) => one.calls));
  const refused = until.reduce((sum, one) => sum + one.refused, 0);
  return {
    path: `unknown limit of ${limit.starts} per ${limit.perMs / 1_000} s, ${ran.reports.length} processes: calls after the first 429 up to the last`,
    ours: `${calls} (${refused} × 429)`,
    ...{ theirs: '', ratio: '', limit: `≤ ${mostCallsUntilFound}` },
    verdict: refused === 0 ? 'not measured' : calls <= mostCallsUntilFound ? 'reached' : 'NOT REACHED',
  };
}
