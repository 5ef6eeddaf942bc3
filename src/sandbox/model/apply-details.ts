/**
 * Puts the details of a write on a contact. What the body leaves out stays as it is, with one exception which the vendor
 * documents for all writes but Update Contact: a missing `active` means false. Whether the phone array merges by ordinal or replaces all phones is
 * not documented, so both readings are here:
 * merge - an entry changes its ordinal, whose blocks and consents stay although the number changes;
 * replace - the array is all the phones there are, and blocks and consents follow the number, not the ordinal.
 */
import type { CreateDetails, PhoneDetails, UpdateDetails } from '../wire/contact-details.ts';
import { findCountryId } from '../wire/countries.ts';
import { type PhoneSlot, phoneSlots, positionOf, type Row, type Value } from './columns.ts';
import { applyDnd, type DndVerb } from './dnd.ts';
import { completePhone } from './plain-form.ts';

type PhoneReading = 'merge' | 'replace';

export type ApplyOptions = {
  readonly phones: PhoneReading;
  /** The client's day, on which a DAILY block is set. */
  readonly today: number;
  /** Whether a missing `active` leaves the contact's own. @default false */
  readonly keepsActive?: boolean;
};

type Details = CreateDetails | UpdateDetails;
type Attribute = readonly [position: number, read: (details: Details) => Value | undefined];

const attributes: readonly Attribute[] = [
  [positionOf('firstName'), (details) => details.person?.firstName],
  [positionOf('lastName'), (details) => details.person?.lastName],
  [positionOf('email'), (details) => details.person?.email],
  [positionOf('ssn'), (details) => details.person?.ssn],
  [positionOf('zipCode'), (details) => details.person?.zipCode],
  [positionOf('dateOfBirth'), (details) => details.person?.dateOfBirth],
  [positionOf('guarantorFirstName'), (details) => details.guarantor?.firstName],
  [positionOf('guarantorLastName'), (details) => details.guarantor?.lastName],
  [positionOf('balance'), (details) => details.balance],
  [positionOf('accountToSpeak'), (details) => details.accountToSpeak],
  [positionOf('originalAccountNumber'), (details) => details.originalAccountNumber],
  [positionOf('address1'), (details) => details.address1],
  [positionOf('address2'), (details) => details.address2],
  [positionOf('city'), (details) => details.city],
  [positionOf('state'), (details) => details.state],
  [positionOf('countryId'), (details) => (details.country ? findCountryId(details.country) : details.country)],
  [positionOf('amountToSpeak'), (details) => details.amountToSpeak],
  [positionOf('dueDate'), (details) => details.dueDate],
  [positionOf('groupId'), (details) => details.groupId],
  [positionOf('primaryEmailConsent'), (details) => details.primaryEmailConsent],
  [positionOf('agentId'), (details) => details.agentId],
  [positionOf('department'), (details) => details.department],
  [positionOf('salutation'), (details) => details.salutation],
  [positionOf('title'), (details) => details.title],
];

const activeAt = positionOf('active');
const accountBlocks = { block: positionOf('accountBlock'), blockDaily: positionOf('accountBlockDaily') };

/** Changes the row in place. */
export function applyDetails(row: Row, details: Details, options: ApplyOptions): void {
  for (const [position, read] of attributes) setValue(row, position, read(details));
  setValue(row, activeAt, details.active ?? (options.keepsActive ? undefined : false));
  for (const { field, value } of details.customFields ?? []) setValue(row, positionOf(field), value);
  if (details.accountBlock) applyDnd(row, accountBlocks, details.accountBlock, options.today);
  if (details.phone) applyPhones(row, details.phone, options);
}

/** Applies a DND value to the account's own blocks. */
export function applyAccountBlock(row: Row, verb: DndVerb, today: number): void {
  applyDnd(row, accountBlocks, verb, today);
}

function setValue(row: Row, position: number, value: Value | undefined): void {
  if (value === undefined || value === null) return;
  row[position] = value === '' ? null : value;
}

function applyPhones(row: Row, phones: readonly PhoneDetails[], options: ApplyOptions): void {
  const before = [...row];
  if (options.phones === 'replace') {
    for (const slot of phoneSlots) writeSlot(row, slot, undefined, before);
  }
  for (const [index, details] of phones.entries()) {
    // An entry without an ordinal takes the one of its place in the array.
    const slot = phoneSlots[(details.ordinal ?? index + 1) - 1];
    if (slot === undefined) continue;
    if (options.phones === 'replace') writeSlot(row, slot, findSlotOf(before, details.phone), before);
    applyPhone(row, slot, details, options.today);
  }
}

/** Makes a slot a copy of what another slot was, or empty. */
function writeSlot(row: Row, slot: PhoneSlot, origin: PhoneSlot | undefined, before: Row): void {
  for (const part of Object.keys(slot) as (keyof PhoneSlot)[]) {
    row[slot[part]] = origin === undefined ? null : (before[origin[part]] ?? null);
  }
}

function findSlotOf(row: Row, number: string | null | undefined): PhoneSlot | undefined {
  return number ? phoneSlots.find((slot) => row[slot.phone] === number) : undefined;
}

function applyPhone(row: Row, slot: PhoneSlot, details: PhoneDetails, today: number): void {
  setValue(row, slot.phone, details.phone);
  completePhone(row, slot);
  if (row[slot.phone] === null) return;
  setValue(row, slot.smsConsent, details.smsConsent);
  setValue(row, slot.cellConsent, details.cellConsent);
  if (details.phoneBlock) applyDnd(row, slot, details.phoneBlock, today);
}
