/**
 * Waiting that ends: a time limit for one request, and a promise that gives up when its caller does.
 * Both take their listeners off the caller's signal again, because that signal lives as long as a run of thousands of requests.
 */

export type Deadline = { readonly signal: AbortSignal; readonly stop: () => void };

/** A signal that aborts after `timeoutMs`, or with the caller's signal, whichever is first; `stop` when the request is over. */
export function startDeadline(timeoutMs: number, signal?: AbortSignal): Deadline {
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) follow();
  signal?.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => controller.abort(new Error(`no whole answer within ${timeoutMs} ms`)), timeoutMs);
  const stop = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', follow);
  };
  return { signal: controller.signal, stop };
}

/** The promise's end, or a rejection with the signal's reason as soon as it aborts; the promise itself goes on. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
