/** What a failed read of reference data means for the rest of it. Nothing here makes a pull fail: the contacts are merged already. */
import { FatalError } from '../errors.ts';

/**
 * forbidden: our user may not see things of this kind.
 * unreadable: this one thing is not there, or cannot be read; others may.
 * broken: LiveVox, the way to it or our session is not well: nothing else is tried in this run.
 */
export type Failure = 'forbidden' | 'unreadable' | 'broken';

export function toFailure(error: unknown): Failure {
  if (!(error instanceof FatalError)) return 'broken';
  const { reply } = error.facts;
  if (reply === 'forbidden') return 'forbidden';
  // Without a reply: the account cannot stand in an address, or the answer has another shape than the vendor's pages.
  return reply === undefined || reply === 'not_found' || reply === 'refused' ? 'unreadable' : 'broken';
}
