/**
 * How many calls a plan takes, and how long: never faster than the limit in force lets it be - configured, else learnt - nor than the calls of
 * earlier plans took. Where neither is known the time is said to be unknown, not guessed. The pulls that read back are not in it. Pure.
 */
import type { LimitConfig } from '../config.ts';
import type { Endpoint } from '../contact/index.ts';
import type { Forecast, ForecastBasis } from '../store/index.ts';

/** What is known of an endpoint's speed. */
export type EndpointPace = {
  /** All hold at once; empty: none is configured. */
  readonly limits: readonly LimitConfig[];
  readonly learnt?: LimitConfig | undefined;
  /** Mean time from sending to the answer, milliseconds. */
  readonly msPerCall?: number | undefined;
  /** Calls at the same time. */
  readonly inFlight: number;
};

export type ForecastInput = {
  /** Contacts per operation and endpoint: they never share a request. */
  readonly requests: readonly { readonly endpoint: Endpoint; readonly rows: number }[];
  readonly chunkRows: number;
  readonly paces: Readonly<Partial<Record<Endpoint, EndpointPace>>>;
};

export function makeForecast({ requests, chunkRows, paces }: ForecastInput): Forecast {
  const endpoints = [...new Set(requests.map(({ endpoint }) => endpoint))].map((endpoint) => {
    const own = requests.filter((request) => request.endpoint === endpoint);
    const rows = sum(own.map((request) => request.rows));
    const calls = sum(own.map((request) => Math.ceil(request.rows / toChunkRows(endpoint, chunkRows))));
    return { endpoint, rows, calls, ...toTime(calls, paces[endpoint]) };
  });
  // The endpoints follow one another: a contact's block has its answer before its update leaves.
  const minutes = endpoints.map((one) => one.minutes);
  const known = minutes.filter((one) => one !== null);
  return {
    calls: sum(endpoints.map(({ calls }) => calls)),
    minutes: known.length === minutes.length ? round(sum(known)) : null,
    endpoints,
  };
}

/** A contact is deleted by a call of its own. */
function toChunkRows(endpoint: Endpoint, chunkRows: number): number {
  return endpoint === 'delete_contact' ? 1 : chunkRows;
}

function toTime(calls: number, pace: EndpointPace | undefined): { minutes: number | null; basis: ForecastBasis } {
  const limited = pace && toLimitedMs(calls, pace);
  const measuredMs = pace?.msPerCall === undefined ? undefined : (calls * pace.msPerCall) / Math.max(1, pace.inFlight);
  if (limited === undefined && measuredMs === undefined) return { minutes: null, basis: 'unknown' };
  if (limited === undefined || (measuredMs ?? 0) > limited.ms)
    return { minutes: toMinutes(measuredMs ?? 0), basis: 'measured' };
  return { minutes: toMinutes(limited.ms), basis: limited.basis };
}

/** The last call waits for as many whole windows as the calls before it fill. */
function toLimitedMs(
  calls: number,
  { limits, learnt }: EndpointPace,
): { ms: number; basis: ForecastBasis } | undefined {
  const windows = limits.length > 0 ? limits : learnt === undefined ? [] : [learnt];
  if (windows.length === 0) return undefined;
  const ms = Math.max(...windows.map(({ starts, perMs }) => Math.floor(Math.max(0, calls - 1) / starts) * perMs));
  return { ms, basis: limits.length > 0 ? 'limit' : 'learnt_limit' };
}

function toMinutes(ms: number): number {
  return round(ms / 60_000);
}

/** To a tenth: more would pretend to be exact. */
function round(minutes: number): number {
  return Math.round(minutes * 10) / 10;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
