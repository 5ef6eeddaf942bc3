/** When revocations fan out: from the policy's first day on, as the client's calendar counts. Pure. */
import type { FanOutConfig } from '../config.ts';
import { toLocalDate } from '../contact/index.ts';
import type { FanOutKinds } from '../store/index.ts';

/** What fans out at `now`; undefined before the policy's first day in the client's zone, and where there is no policy. */
export function chooseFanOut(policy: FanOutConfig | undefined, now: Date, timeZone: string): FanOutKinds | undefined {
  if (policy === undefined || toLocalDate(now, timeZone) < policy.from) return undefined;
  const { from, ...kinds } = policy;
  return kinds;
}
