/**
 * What a fan-out asks of one ordinal of one contact, as SQL conditions over `d` (its desired row) and `m` (its row of the mirror), either of
 * which may be missing. Owners count as they do when the contact is planned: `newest` never holds back a revocation, and a missing time is no
 * proof of being newer. Names of columns and fields come from the catalogue, never from input.
 */
import { findField, type Owner } from '../contact/index.ts';

export type Owners = Readonly<Record<string, Owner>>;

/** A switch of a phone that can be revoked: the end of its field's name, and the value that revokes. */
export type RevocableSwitch = { readonly suffix: 'Block' | 'CellConsent' | 'SmsConsent'; readonly revoked: boolean };

/**
 * The number that LiveVox dials for a spelling of it: ten digits, or null. Wider than the canonical value on purpose: a number with a word behind it
 * is dialled all the same.
 */
export function toDigits(column: string): string {
  // Ten digits and nothing else is how nearly all are spelt, and seen without a regular expression, which costs three times as much.
  const isPlain = `octet_length(${column}) = 10 and ltrim(${column}, '0123456789') = ''`;
  const isDiallable = `${column} collate "C" >= '2' and substr(${column}, 4, 1) collate "C" >= '2'`;
  return `case when ${isPlain} and ${isDiallable} then ${column}
     else substring(regexp_replace(${column} collate "C", '[^0-9+]', '', 'g') from '^(?:[+]?1)?([2-9][0-9]{2}[2-9][0-9]{6})$') end`;
}

/** The number of an ordinal in the mirror. */
export function toShownNumber(ordinal: number): string {
  return toDigits(`m.phone${ordinal}`);
}

/** Which number the contact's own row speaks of: its own, or LiveVox's where it names none. */
export function toSaidNumber(ordinal: number): string {
  const phone = `phone${ordinal}`;
  return `case when d.fields ? '${phone}' then d.fields ->> '${phone}' else ${toShownNumber(ordinal)} end`;
}

/** The contact's own row revokes here, and not because of an earlier fan-out. */
export function saysRevoked(ordinal: number, { suffix, revoked }: RevocableSwitch): string {
  const field = `phone${ordinal}${suffix}`;
  return `d.fields ->> '${field}' = '${revoked}' and (d.causes ? '${field}') is not true`;
}

/** LiveVox shows the number blocked, and the contact's own row does not lift that. */
export function showsBlock(ordinal: number, owners: Owners): string {
  const block = `m.phone${ordinal}_block`;
  const wins = toWinning(owners[`phone${ordinal}Block`]);
  if (wins === undefined) return block;
  const lifts = `d.fields ->> 'phone${ordinal}Block' = 'false' and ${toSaidNumber(ordinal)} = ${toShownNumber(ordinal)} and ${wins}`;
  return `${block} and (${lifts}) is not true`;
}

/** The plan leaves LiveVox's number at this ordinal. */
export function keepsNumber(ordinal: number, owners: Owners): string {
  const phone = `phone${ordinal}`;
  const wins = toWinning(owners[phone]);
  return wins === undefined ? 'true' : `(d.fields ? '${phone}' and ${wins}) is not true`;
}

/** The plan puts the contact's own number at this ordinal, given that it names one. */
export function takesNumber(ordinal: number, owners: Owners): string {
  const owner = owners[`phone${ordinal}`];
  return owner === 'only-if-empty' ? `nullif(btrim(m.phone${ordinal}), '') is null` : (toWinning(owner) ?? 'false');
}

/** A revocation of the number `number` would change something here: it is neither said by the contact's own row already, nor so in LiveVox and staying so. */
export function needsSwitch(ordinal: number, turn: RevocableSwitch, owners: Owners, number: string): string {
  const field = `phone${ordinal}${turn.suffix}`;
  const owner = owners[field];
  if (owner === 'livevox') return 'false';
  const { column } = findField(field)!;
  // Such a word of its own counts only where LiveVox has none, so the revocation is put beside it as a cause.
  const isFirm = owner === 'only-if-empty' ? ` and d.causes ? '${field}'` : '';
  const isSaid = `d.fields ->> '${field}' = '${turn.revoked}'${isFirm}`;
  const isUndone = `d.fields ->> '${field}' = '${!turn.revoked}'`;
  const mayUndo = owner === 'record' || owner === 'newest' || owner === 'only-if-empty';
  const isShown = turn.revoked ? `m.${column}` : `m.account is not null and m.${column} is not true`;
  const stays = `${isShown} and ${toShownNumber(ordinal)} = ${number}${mayUndo ? ` and (${isUndone}) is not true` : ''}`;
  return `(${isSaid}) is not true and (${stays}) is not true`;
}

/** When the record surely wins over LiveVox; undefined: never, or only where LiveVox has nothing. */
function toWinning(owner: Owner | undefined): string | undefined {
  if (owner === 'record') return 'true';
  return owner === 'newest' ? '(m.account is null or d.changed_at >= m.modify_date)' : undefined;
}
