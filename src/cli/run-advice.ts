/** What to do about a run, in the words of docs/operations.md; a test holds them against the page. */
import type { ListedRun } from '../store/index.ts';

/** As the page has them, but for a run under way, where there is nothing to do. */
export const runAdvice: Readonly<Record<Exclude<ListedRun['state'], 'running'>, string>> = {
  proven: 'nothing',
  not_proven: 'read the states below. If it only lacks a read-back, `lvsync sync` brings it',
  held: 'look today: `lvsync show PLAN`, then `lvsync approve PLAN`, or correct the system of record and run `lvsync sync`',
  failed:
    'do what the sentence says, then run the same command again. What was done is kept, and nothing is created twice',
  interrupted:
    'run the same command again; in the queue, a worker takes it up. Requests without an answer are `in_doubt` until they are read back',
};

/** One or two sentences, with the id of the plan where the page says PLAN. */
export function toAdvice(state: ListedRun['state'], planId: string | undefined): string {
  if (state === 'running') return 'nothing while its process is at work; lvsync status --watch shows how far it is';
  return runAdvice[state].replaceAll('`', '').replaceAll('PLAN', planId ?? 'PLAN');
}
