/**
 * The vanish guard: whether so much is missing that the answer is rather to be doubted than the contacts. Pure. A sweep that trips it
 * marks nothing. A handful may always be missing, or a small client could never lose a contact.
 */

export type GuardInput = {
  /** Live contacts in the whole mirror: what the per cent is of. */
  readonly contacts: number;
  /** Of what was compared: not found. */
  readonly absent: number;
  readonly rows: number;
  /** Rows whose account could not be read. */
  readonly unreadable: number;
  /** Windows that brought nothing although the mirror has more than a handful of contacts there. */
  readonly emptyWindows: number;
  readonly maxVanishedPercent: number;
  /** A person chose the per cent for this run, having looked: then a part may be empty. */
  readonly isChosen: boolean;
};

/** That many may be missing from a client of any size. */
export const handful = 5;

/** Why nothing may be marked, a sentence; undefined when it may. */
export function findTrip(input: GuardInput): string | undefined {
  const { contacts, absent, rows, unreadable, emptyWindows, maxVanishedPercent } = input;
  if (rows === 0 && absent > 0) {
    return `LiveVox showed no contact at all where the mirror has ${toText(absent)}, so nothing was marked: look at LiveVox itself, then sweep again.`;
  }
  if (unreadable > 0) {
    return `The sweep has ${toText(unreadable, 'row')} without a readable account, so it proves nothing missing and nothing was marked: look for the account in LiveVox (lvsync pull --full quarantines its row), then sweep again.`;
  }
  if (emptyWindows > 0 && !input.isChosen) {
    return `The sweep got nothing for ${toText(emptyWindows, 'request')} where the mirror has contacts, so nothing was marked: if those were really deleted, run lvsync sweep --max-vanished-percent ${toChoice(absent, contacts)}.`;
  }
  if (absent <= handful || absent <= (contacts * maxVanishedPercent) / 100) return undefined;
  const percent = ((absent / contacts) * 100).toFixed(2);
  return `${toText(absent)} of ${toText(contacts)} contacts are missing in LiveVox (${percent} %, more than ${maxVanishedPercent} %), so nothing was marked: if they were really deleted, run lvsync sweep --max-vanished-percent ${toChoice(absent, contacts)}.`;
}

/** The per cent that would let it through, rounded up. */
function toChoice(absent: number, contacts: number): number {
  return Math.min(100, Math.ceil((absent / contacts) * 100));
}

/** `1 row`, `2,000 rows`, or the number alone. */
function toText(count: number, noun?: string): string {
  const number = count.toLocaleString('en-US');
  return noun === undefined ? number : `${number} ${noun}${count === 1 ? '' : 's'}`;
}
