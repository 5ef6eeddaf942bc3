/** Dead letters as a person reads them: one line each in a list, and one whole. Accounts stand whole, LiveVox's words without what they quote. Pure. */
import type { DeadLetter } from '../store/index.ts';
import { maskWords } from './mask-words.ts';
import { formatInstant, formatMany, formatTable, formatVisible } from './print.ts';

/** A letter as `--json` prints it; `isStop` ones are sent with every plan, whatever their state. */
export type ShownLetter = DeadLetter & { readonly isStop: boolean };

export function toShownLetter(letter: DeadLetter, isMasked: boolean): ShownLetter {
  const message = isMasked && letter.message !== null ? maskWords(letter.message) : letter.message;
  return { ...letter, message, isStop: letter.operation === 'block' };
}

const heads = ['id', 'state', 'since', 'times', 'account', 'operation', 'fields', 'status', 'LiveVox says'];

/** A line for each, and what to do with them. */
export function formatDeadLetters(letters: readonly ShownLetter[], isMasked: boolean): string {
  if (letters.length === 0) return 'LiveVox refuses nothing.\n';
  const masked = isMasked ? '; what it quotes is hidden, --unmask shows it' : '';
  return `${formatTable([heads, ...letters.map(toCells)])}${formatMany(letters.length, 'change')} that LiveVox refuses${masked}\n`;
}

function toCells(letter: ShownLetter): readonly string[] {
  const { id, state, firstAt, times, account, operation, fields, httpStatus } = letter;
  const since = formatInstant(firstAt);
  const status = httpStatus === null ? '-' : String(httpStatus);
  return [
    id,
    state,
    since,
    String(times),
    formatVisible(account),
    operation,
    fields.join(' ') || '-',
    status,
    formatWords(letter),
  ];
}

/** Everything about one, and where its values are. */
export function formatDeadLetter(letter: ShownLetter): string {
  const { id, state, account, operation, endpoint, fields, firstAt, lastAt, times, changeSetId } = letter;
  const lines = [
    ['account', formatVisible(account)],
    ['change', `${operation} by ${endpoint}: ${fields.join(' ') || 'the whole contact'}`],
    ['refused', `${formatMany(times, 'time')}, first ${formatInstant(firstAt)}, last ${formatInstant(lastAt)}`],
    ['LiveVox says', `${letter.httpStatus ?? 'no status'} ${formatWords(letter)}`],
    ...formatDecision(letter),
  ];
  const values =
    changeSetId === null ? '' : `its values: lvsync show ${changeSetId} --account ${formatVisible(account)}\n`;
  return `dead letter ${id}, ${state}\n${formatTable(lines, '  ')}${values}${sayNext(letter)}\n`;
}

function formatWords({ code, message }: ShownLetter): string {
  const words = [code === null ? '' : `(${code})`, message ?? ''].filter((part) => part !== '').join(' ');
  return words === '' ? '-' : formatVisible(words);
}

function formatDecision({ decidedBy, decidedBecause }: ShownLetter): readonly (readonly string[])[] {
  if (decidedBy === null) return [];
  return [['decided by', formatVisible(decidedBecause === null ? decidedBy : `${decidedBy}: ${decidedBecause}`)]];
}

/** What becomes of it by itself, and what a person can do. */
function sayNext({ id, state, isStop }: ShownLetter): string {
  if (state === 'resolved') return 'The change has arrived, or is not wanted any more.';
  if (isStop)
    return 'A block or a withdrawn consent: it is sent again with every plan, and no run that has it is proven until LiveVox takes it.';
  switch (state) {
    case 'open':
      return `Correct it in the system of record, which sends it anew by itself; or lvsync dead retry ${id}, or lvsync dead drop ${id}.`;
    case 'retry':
      return 'It is sent again with the next plan that has it.';
    case 'dropped':
      return `It stays as it is in LiveVox; lvsync dead retry ${id} sends it again.`;
  }
}
