/**
 * How many calls a plan takes, and how long: never faster than the limit in force lets it be - configured, else learnt - nor than earlier
 * calls took. Where neither is known the time is said to be unknown, not guessed. The pulls that read back are not in it. Pure.
 */
import type { LimitConfig } from './config.ts';
import type { Endpoint } from './contact/index.ts';
import type { Forecast, ForecastBasis } from './store/index.ts';

/** What is known of an endpoint's speed. */
export type EndpointPace = {
  /** All hold at once; empty: none is configured. */
  readonly limits: readonly LimitConfig[];
  readonly learnt?: LimitConfig | undefined;
  /** Median time from sending to the answer, milliseconds. */
  readonly msPerCall?: number | undefined;
  /** Calls at the same time. */
  readonly inFlight: number;
  /** Contacts that a request carries, at most. */
  readonly chunkRows: number;
};

export type ForecastInput = {
  /** Contacts per operation and endpoint: they never share a request. */
  readonly requests: readonly { readonly endpoint: Endpoint; readonly rows: number }[];
  readonly paces: Readonly<Partial<Record<Endpoint, EndpointPace>>>;
};

export function makeForecast({ requests, paces }: ForecastInput): Forecast {
  const endpoints = [...new Set(requests.map(({ endpoint }) => endpoint))].map((endpoint) => {
    const own = requests.filter((request) => request.endpoint === endpoint);
    const pace = paces[endpoint];
    const rows = sum(own.map((request) => request.rows));
    const calls = sum(own.map((request) => Math.ceil(request.rows / (pace?.chunkRows ?? 1))));
    return { endpoint, rows, calls, ...toTime(calls, pace) };
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

/** From the start of the first call to the answer of the last. */
function toTime(calls: number, pace: EndpointPace | undefined): { minutes: number | null; basis: ForecastBasis } {
  const limited = pace && toLimitedStart(calls, pace);
  const { msPerCall, inFlight = 1 } = pace ?? {};
  if (limited === undefined && msPerCall === undefined) return { minutes: null, basis: 'unknown' };
  const answerMs = calls === 0 ? 0 : (msPerCall ?? 0);
  const measuredMs = Math.max(0, Math.ceil(calls / Math.max(1, inFlight)) - 1) * answerMs;
  if (limited === undefined || measuredMs > limited.ms)
    return { minutes: toMinutes(measuredMs + answerMs), basis: 'measured' };
  return { minutes: toMinutes(limited.ms + answerMs), basis: limited.basis };
}

/** The last call waits for as many whole windows as the calls before it fill. */
function toLimitedStart(
  calls: number,
  { limits, learnt }: EndpointPace,
): { ms: number; basis: ForecastBasis } | undefined {
  const windows = limits.length > 0 ? limits : learnt === undefined ? [] : [learnt];
  if (windows.length === 0) return undefined;
  const ms = Math.max(...windows.map(({ starts, perMs }) => Math.floor(Math.max(0, calls - 1) / starts) * perMs));
  return { ms, basis: limits.length > 0 ? 'limit' : 'learnt_limit' };
}

/** `24.5 min`; below a minute in seconds, from two hours on in hours. */
export function formatMinutes(minutes: number): string {
  if (minutes < 1) return minutes < 1 / 60 ? 'less than a second' : `${Math.round(minutes * 60)} s`;
  return minutes < 120 ? `${toTenth(minutes)} min` : `${toTenth(minutes / 60)} h`;
}

function toMinutes(ms: number): number {
  return round(ms / 60_000);
}

/** To a hundredth, not quite a second: more would pretend to be exact. */
function round(minutes: number): number {
  return Math.round(minutes * 100) / 100;
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
