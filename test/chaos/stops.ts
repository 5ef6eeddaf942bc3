/**
 * Whether there was an instant at which somebody was diallable who was meant not to be. From every write that LiveVox did, in order:
 * what was stopped, or was not there yet, and is meant to be stopped, is stopped after the write too. So a block that stands is never
 * taken away, one that has arrived stays, and a new contact or a new number never stands there without its block. The same for consents.
 */
import type { ContactWrite, PlainContact } from '../../src/sandbox/index.ts';
import { isNo, isYes, type RecordRow } from './record.ts';

type Fields = PlainContact['fields'];

/** What a record wants of one account: stops, by the number they are about. */
type Wanted = {
  readonly account: boolean;
  readonly blocked: ReadonlySet<string>;
  /** `Cell:2125550100`, `Sms:…`: consents that are withdrawn. */
  readonly withdrawn: ReadonlySet<string>;
};

/** A version of the record, and from when on it is the one that counts, epoch ms. */
export type RecordVersion = { readonly since: number; readonly rows: readonly RecordRow[] };

const ordinals = Array.from({ length: 10 }, (_, index) => index + 1);

/** The instants at which a stop was missing that had been there, one sentence each. Accounts only. */
export function findLiftedStops(
  initial: ReadonlyMap<string, Fields>,
  writes: readonly ContactWrite[],
  versions: readonly RecordVersion[],
): readonly string[] {
  const wanted = versions.map(({ since, rows }) => ({ since, of: toWanted(rows) }));
  const now = new Map(initial);
  const found: string[] = [];
  for (const write of writes) {
    const before = now.get(write.account);
    if (write.kind === 'purged') {
      now.delete(write.account);
      continue;
    }
    const after: Fields = { ...before, ...write.changes };
    now.set(write.account, after);
    const wants = wanted.findLast(({ since }) => since <= write.at)?.of.get(write.account);
    const lost = wants === undefined ? [] : listLost(wants, before, after);
    found.push(
      ...lost.map((what) => `write ${write.seq} (${write.kind}) of ${write.account} leaves it without ${what}`),
    );
  }
  return found;
}

function listLost(wants: Wanted, before: Fields | undefined, after: Fields): readonly string[] {
  const lost: string[] = [];
  const wasStopped = before === undefined || isAccountBlocked(before);
  if (wants.account && wasStopped && !isAccountBlocked(after)) lost.push('its account block');
  for (const number of wants.blocked) {
    if (!isDiallable(before, number) && isDiallable(after, number)) lost.push('the block of a number');
  }
  for (const one of wants.withdrawn) {
    if (!isConsented(before, one) && isConsented(after, one)) lost.push('a withdrawal of consent');
  }
  return lost;
}

function isAccountBlocked(fields: Fields): boolean {
  return fields['accountBlock'] === 'true' || fields['accountBlockDaily'] === 'true';
}

function isDiallable(fields: Fields | undefined, number: string): boolean {
  if (fields === undefined || isAccountBlocked(fields)) return false;
  return ordinals.some(
    (at) =>
      fields[`phone${at}`] === number &&
      fields[`phone${at}Block`] !== 'true' &&
      fields[`phone${at}BlockDaily`] !== 'true',
  );
}

function isConsented(fields: Fields | undefined, one: string): boolean {
  const [kind, number] = one.split(':');
  return ordinals.some((at) => fields?.[`phone${at}`] === number && fields?.[`phone${at}${kind}Consent`] === 'true');
}

function toWanted(rows: readonly RecordRow[]): ReadonlyMap<string, Wanted> {
  return new Map(rows.map((row) => [row.account, toWantedOf(row)]));
}

function toWantedOf(row: RecordRow): Wanted {
  const [first, second] = [toDigits(row.phone1), toDigits(row.phone2)];
  const blocked = new Set<string>();
  if (first !== '' && isYes(row.phone1Block)) blocked.add(first);
  if (second !== '' && isYes(row.phone2Block)) blocked.add(second);
  // One number at both places with two opinions: nobody can say what is meant.
  if (first === second && isYes(row.phone1Block) !== isYes(row.phone2Block)) blocked.delete(first);
  const withdrawn = new Set<string>();
  if (first !== '' && isNo(row.phone1CellConsent)) withdrawn.add(`Cell:${first}`);
  if (second !== '' && isNo(row.phone2SmsConsent)) withdrawn.add(`Sms:${second}`);
  return { account: isYes(row.accountBlock), blocked, withdrawn };
}

function toDigits(phone: string): string {
  return phone.replace(/\D/g, '');
}
