/**
 * A first mapping from the names of a source's columns: by the vendor's names, the client's labels of custom fields, and what such columns
 * are usually called. It is a draft: what is only probable carries a doubt for a person to settle, and a column that could mean a
 * permission as well as its opposite is left out.
 */
import { contactFields, findField } from '../contact/index.ts';
import { changeTimes, doubtful, phoneKinds, phonePurposes, synonyms } from './draft-words.ts';
import type { KnownValues } from './known-values.ts';

export type DraftedField = {
  /** Key of the mapping. */
  readonly name: string;
  readonly column: string;
  readonly lookup?: 'contact-group' | 'agent' | undefined;
  /** What a person should check; undefined when the name says it all. */
  readonly doubt?: string | undefined;
};

export type MappingDraft = {
  /** `account` first, if it was found; then in the order of the columns. */
  readonly fields: readonly DraftedField[];
  readonly changedAt?: string | undefined;
  /** Columns that mean no field, or one that another column means more clearly. */
  readonly left: readonly string[];
};

type Meaning = Omit<DraftedField, 'column'>;

/** Drafts a mapping; no two columns get the same field. */
export function draftMapping(columns: readonly string[], customFields: KnownValues['customFields']): MappingDraft {
  const meanings = makeMeanings(customFields);
  const candidates = columns.flatMap((column) => {
    const meaning = findMeaning(column, meanings);
    return meaning === undefined ? [] : [{ column, ...meaning }];
  });
  const taken = new Map<string, DraftedField>();
  for (const one of candidates) {
    const other = taken.get(one.name);
    if (other === undefined || (other.doubt !== undefined && one.doubt === undefined)) taken.set(one.name, one);
  }
  const chosen = candidates.filter((one) => taken.get(one.name) === one);
  const used = new Set(chosen.map(({ column }) => column));
  const changedAt = columns.find((column) => !used.has(column) && changeTimes.includes(toLetters(column)));
  return {
    fields: chosen.toSorted((a, b) => Number(b.name === 'account') - Number(a.name === 'account')),
    changedAt,
    left: columns.filter((column) => !used.has(column) && column !== changedAt),
  };
}

/** Names that say it all: the vendor's, the client's labels, the usual ones. A later one does not replace an earlier one. */
function makeMeanings(customFields: KnownValues['customFields']): ReadonlyMap<string, Meaning> {
  const meanings = new Map<string, Meaning>();
  const add = (letters: string, meaning: Meaning): void => {
    if (letters !== '' && !meanings.has(letters)) meanings.set(letters, meaning);
  };
  for (const { name, writable } of contactFields) if (writable) add(toLetters(name), { name });
  for (const { field, label } of customFields) {
    const isAlone = customFields.filter((other) => toLetters(other.label) === toLetters(label)).length === 1;
    const byLabel = { name: `custom:${label.trim()}` };
    add(toLetters(label), isAlone ? byLabel : { name: field, doubt: 'several fields have this label' });
    // One key for both of its names, lest two columns get the same field.
    if (isAlone && label.trim() !== '') meanings.set(toLetters(field), byLabel);
  }
  for (const [name, words] of Object.entries(synonyms)) for (const word of words) add(word, { name });
  return meanings;
}

/** Of a path (`address.city`) the last part counts when the whole means nothing. */
function findMeaning(column: string, meanings: ReadonlyMap<string, Meaning>): Meaning | undefined {
  for (const text of new Set([column, column.slice(column.lastIndexOf('.') + 1)])) {
    const letters = toLetters(text);
    const probable = Object.hasOwn(doubtful, letters) ? doubtful[letters] : undefined;
    const found = meanings.get(letters) ?? findPhone(letters);
    if (found !== undefined) return found;
    if (probable !== undefined) return { name: probable.field, doubt: probable.doubt, lookup: probable.lookup };
  }
  return undefined;
}

/** `home_phone`, `cell2`, `dnc_home`, `phone3_sms_consent`, `do_not_call`. */
function findPhone(letters: string): Meaning | undefined {
  for (const [ending, words] of phonePurposes) {
    for (const word of words) {
      const rest = letters.startsWith(word)
        ? letters.slice(word.length)
        : letters.endsWith(word)
          ? letters.slice(0, -word.length)
          : undefined;
      if (rest === '') return toWholePurpose(ending);
      const phone = rest === undefined ? undefined : findNumber(rest);
      if (phone !== undefined) return { ...phone, name: `${phone.name}${ending}` };
    }
  }
  return findNumber(letters);
}

/** A permission that does not say of which phone. */
function toWholePurpose(ending: string): Meaning {
  return ending === 'Block'
    ? { name: 'accountBlock', doubt: 'does it block the whole account, or one phone?' }
    : { name: `phone1${ending}`, doubt: 'which phone does it speak of?' };
}

const phonePattern = new RegExp(
  `^(${Object.keys(phoneKinds).join('|')})?(?:telephone|phone|tel|ph)?(?:number|num|nbr|no)?(\\d{1,2})?$`,
);

/** Columns that hold phones even when they do not say so. */
const barePhoneKinds: readonly string[] = ['home', 'cell', 'mobile', 'work'];

function findNumber(letters: string): Meaning | undefined {
  const [whole, kind, digits] = phonePattern.exec(letters) ?? [];
  const isPhone = /(?:phone|tel|ph)/.test(whole ?? '') || (kind !== undefined && barePhoneKinds.includes(kind));
  if (whole === undefined || !isPhone) return undefined;
  const name = `phone${Number(digits ?? phoneKinds[kind ?? 'home'])}`;
  if (findField(name) === undefined) return undefined;
  return kind === undefined ? { name } : { name, doubt: 'which of the ten phones is it in LiveVox?' };
}

function toLetters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
