/** A question to something that may never answer, for those who must say something in time. */
import type { Clock } from '../src/clock.ts';

/** The answer; undefined when it fails or does not come within `patienceMs` milliseconds. What is asked goes on meanwhile, unheard. */
export async function askInTime<T>(clock: Clock, patienceMs: number, ask: () => Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  const tooLate = clock.sleep(patienceMs, done.signal).then(() => undefined);
  // Aborted when the answer came first.
  tooLate.catch(() => {});
  const answer = ask();
  answer.catch(() => {});
  try {
    return await Promise.race([answer, tooLate]);
  } catch {
    return undefined;
  } finally {
    done.abort();
  }
}
