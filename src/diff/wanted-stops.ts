/**
 * Whether a revert may take a stop away: a block, a withdrawn consent, a deactivation. Only where the last reading of the system of record
 * has the contact and does not want the stop, and no reading of another system of record of the tenant wants it. Pure.
 * What would surprise: a word about a number counts wherever the reading has that number, and a word about a place counts there
 * whichever number it is about; a lasting and a daily block are one stop here. All of that can only keep more stops.
 */
import { type CanonicalValue, isRestricting, phoneOrdinals } from '../contact/index.ts';
import type { ReadWord } from '../store/index.ts';

export type Words = {
  /** Whether a reading of the plan's own system of record is kept. */
  readonly isRead: boolean;
  /** Its row of the contact; null: it has none. */
  readonly own: ReadWord | null;
  /** Rows of all readings, the own one among them. */
  readonly all: readonly ReadWord[];
  /** What the mirror shows: where a reading says nothing of a number, its words are about the one that LiveVox has. */
  readonly shown: Readonly<Record<string, CanonicalValue>>;
};

/** Undefined: the stop may go. `number`: whose it would be, for a switch of a phone. */
export function findStopReason(
  words: Words,
  field: string,
  number: CanonicalValue | undefined,
): 'wanted' | 'no_reading' | undefined {
  const { isRead, own, all } = words;
  const suffixes = toSuffixes(field);
  const place = field.slice(0, field.length - suffixes[0]!.length);
  const isWantedHere = all.some(({ fields }) =>
    suffixes.some((one) => isRestricting(place + one, fields[place + one])),
  );
  if (isWantedHere || (number != null && suffixes.some((one) => isNumberStopped(words, number, one)))) return 'wanted';
  if (!isRead) return 'no_reading';
  // `active` is no word of a person: whom the record no longer has may be active again.
  if (field !== 'active' && (own === null || own.restrictsOnly)) return 'no_reading';
  return undefined;
}

/** Whether a reading restricts the number in that switch (`Block`, `CellConsent` …), at whatever place it has it. */
export function isNumberStopped({ all, shown }: Words, number: string, suffix: string): boolean {
  return all.some(({ fields }) =>
    phoneOrdinals.some((ordinal) => {
      const phone = `phone${ordinal}`;
      const named = fields[phone] === undefined ? shown[phone] : fields[phone];
      return named === number && isRestricting(phone + suffix, fields[phone + suffix]);
    }),
  );
}

/** The switch itself first; a block has two. */
function toSuffixes(field: string): readonly string[] {
  if (field.endsWith('BlockDaily')) return ['BlockDaily', 'Block'];
  if (field.endsWith('Block')) return ['Block', 'BlockDaily'];
  const suffix = /(?:Cell|Sms)Consent$/.exec(field)?.[0];
  return [suffix ?? field];
}
