/**
 * Sends one notice: up to three requests, each with five seconds, a moment between them. Promises: no redirect is followed, because it would carry the
 * notice somewhere nobody has configured; and neither the address nor what the receiver answers is in an error, because both may hold secrets.
 */
import type { Clock } from '../clock.ts';
import type { NotifyConfig } from '../config.ts';
import { FatalError, RetriableError } from '../errors.ts';
import { makeNoticeRequest, type NoticeMessage } from './notice-request.ts';

export type { NoticeMessage } from './notice-request.ts';

export type NoticeOptions = {
  readonly clock: Clock;
  /** Longest wait for one answer, milliseconds. @default 5_000 */
  readonly timeoutMs?: number;
};

const defaultTimeoutMs = 5_000;
/** Before the second and the third request, milliseconds. */
const pausesMs = [500, 1_500];

/** @throws FatalError when the receiver refuses it; RetriableError when three requests have brought no answer that it was taken */
export async function sendNotice(config: NotifyConfig, notice: NoticeMessage, options: NoticeOptions): Promise<void> {
  const { clock } = options;
  for (const pauseMs of [...pausesMs, undefined]) {
    const outcome = await post(config, notice, options);
    if (outcome === 'taken') return;
    if (outcome.isFinal) throw new FatalError(`The webhook refuses the notice: ${outcome.because}. Check notify.`);
    if (pauseMs === undefined)
      throw new RetriableError(`The webhook took no notice in ${pausesMs.length + 1} attempts: ${outcome.because}.`);
    await clock.sleep(pauseMs);
  }
}

type Outcome = 'taken' | { readonly because: string; readonly isFinal: boolean };

async function post(
  config: NotifyConfig,
  notice: NoticeMessage,
  { clock, timeoutMs = defaultTimeoutMs }: NoticeOptions,
): Promise<Outcome> {
  const { body, headers } = makeNoticeRequest(config, notice, clock.now());
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(config.url.reveal(), { method: 'POST', headers, body, redirect: 'manual', signal });
    await answer.body?.cancel();
    if (answer.ok) return 'taken';
    return { because: `status ${answer.status}`, isFinal: isFinal(answer.status) };
  } catch (error) {
    return { because: signal.aborted ? `no answer within ${timeoutMs / 1000} s` : toCode(error), isFinal: false };
  }
}

/** Whether the same request would be answered in the same way again. */
function isFinal(status: number): boolean {
  return status < 500 && status !== 408 && status !== 425 && status !== 429;
}

/** `ECONNREFUSED`; messages of the network may hold the address. */
function toCode(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'the connection failed';
}
