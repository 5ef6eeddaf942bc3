/** What a revert came to, for a person: what it takes back, what stays as it is and why, and that the record still wants the change. */
import type { UnrevertedReason, UnrevertedSummary } from '../store/index.ts';
import { formatMany, formatTable, formatVisible } from './print.ts';
import { formatRunAnswer, type RunAnswer } from './report.ts';

export type RevertAnswer = RunAnswer & {
  /** The plan that is taken back, and what it was computed from. */
  readonly reverted: { readonly changeSetId: string; readonly systemOfRecord: string };
  /** What stays as it is. */
  readonly unreverted: UnrevertedSummary;
  /** What to do before the next plan. */
  readonly advice: string;
};

const sayReason: Readonly<Record<UnrevertedReason, string>> = {
  touched_since: 'somebody has changed it since',
  wanted: 'the system of record wants it so: a block, a withdrawn consent or a deactivation',
  no_reading:
    'no reading of the system of record says whether the stop is still wanted; run lvsync plan, then revert again',
  deleted: 'the plan deleted the contact, which nobody can take back',
  gone: 'LiveVox does not show the contact any more',
};

export function toAdvice(systemOfRecord: string): string {
  return `The system of record ${systemOfRecord} still wants what is taken back: apply this plan first, then correct the record or the mapping, or the next plan changes it again.`;
}

/** The lines a person reads. */
export function formatRevertAnswer(answer: RevertAnswer): string {
  return [formatUnreverted(answer.unreverted), formatRunAnswer(answer), `${formatVisible(answer.advice)}\n`].join('');
}

function formatUnreverted({ contacts, reasons, first }: UnrevertedSummary): string {
  if (contacts === 0) return '';
  const counted = reasons.map((one) => [formatMany(one.contacts, 'contact'), sayReason[one.reason]]);
  const listed = first.map(({ account, reason, fields }) => [formatVisible(account), reason, fields.join(', ')]);
  const more = first.length < reasons.reduce((sum, one) => sum + one.contacts, 0) ? '    …\n' : '';
  return [
    `what stays as it is: something of ${formatMany(contacts, 'contact')} (sync.unreverted)\n`,
    formatTable(counted, '  '),
    formatTable(listed, '    '),
    more,
  ].join('');
}
