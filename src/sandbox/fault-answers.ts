/** Answers that stand in place of the work: those a fault asks for, and the one of a rate limit. */
import type { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import type { RequestFaults } from './faults.ts';

/** Undefined when no fault asks for an answer; `now` is the sandbox's clock. */
export function toFaultAnswer(faults: RequestFaults, now: number): Answer | undefined {
  const limit = faults.find('rate-limit');
  if (limit !== undefined) return toLimitAnswer({ ...limit, waitMs: limit.seconds * 1000, now });
  const fault = faults.find('status');
  if (fault === undefined) return undefined;
  const { status, headers, body } = fault;
  if (body !== undefined) return { kind: 'json', status, headers, body };
  if (status < 400) return { kind: 'empty', status, headers };
  return { kind: 'error', status, headers, error: { code: status, message: 'Fault on request' } };
}

type Limited = {
  readonly status: number;
  readonly retryAfter: Dialect['retryAfter'];
  readonly waitMs: number;
  /** The sandbox's clock, epoch ms. */
  readonly now: number;
};

/** Come again in `waitMs`: whole seconds, never too early. */
export function toLimitAnswer({ status, retryAfter, waitMs, now }: Limited): Answer {
  const message = status === 503 ? 'Service unavailable' : 'Too many requests';
  const error = { code: status, message };
  if (retryAfter === 'none') return { kind: 'error', status, error };
  const value =
    retryAfter === 'seconds'
      ? String(Math.ceil(waitMs / 1000))
      : new Date(Math.ceil((now + waitMs) / 1000) * 1000).toUTCString();
  return { kind: 'error', status, headers: { 'Retry-After': value }, error };
}
