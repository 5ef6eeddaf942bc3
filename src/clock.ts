/**
 * Time as a dependency, so that tests can hold it still. Nothing else reads `Date.now()`, except the sandbox,
 * which has a clock of its own on purpose.
 */
export type Clock = {
  /** The instant it is now, by this machine's clock. */
  readonly now: () => Date;
  /** Resolves after `delayMs` milliseconds; rejects with the signal's reason when aborted. */
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
