/**
 * Bulk Create Contact (POST) and Bulk Update Contact (PUT), both /contact/contacts/bulk: many contacts in one request.
 * Flat field names become the vendor's nested body; the conversion is pure. A bulk row without `active` would switch
 * the contact off ("if not included, property defaults to false"), so such a row is refused here, before anything is sent.
 * The answer is a count at most; the read-back tells what really happened.
 */
import type { ContactField, Sends } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Calls } from './calls.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';
import type { JsonValue, WireContact } from './wire.ts';
import { assertWritable, toPhonePart, toWirePhones, toWireValue } from './wire-value.ts';
import { toWriteAnswer, type WriteAnswer } from './write-answer.ts';

export const bulkCreateMethod: VendorMethod = { name: 'Bulk Create Contact', verb: 'POST', kind: 'create' };
export const bulkUpdateMethod: VendorMethod = { name: 'Bulk Update Contact', verb: 'PUT', kind: 'update' };

/** One contact of a write: who, and what to send. */
export type ContactWrite = {
  readonly account: string;
  /** LiveVox's id of the contact (digits); sent along where a method takes it. */
  readonly lvAccountId?: string;
  /** Export-field names → canonical text or null; `accountBlock` and `phoneNBlock` hold a DND verb. */
  readonly sends: Sends;
};

/** The rows of a write, or what gives them when the request is about to leave (`prepareBody` of a call). */
export type ContactRows = readonly ContactWrite[] | (() => Promise<readonly ContactWrite[]>);

const path = '/contact/contacts/bulk';
const personFields = new Set(['firstName', 'lastName', 'email', 'dateOfBirth', 'ssn', 'zipCode']);
const guarantorFields: Readonly<Record<string, string>> = {
  guarantorFirstName: 'firstName',
  guarantorLastName: 'lastName',
};

/** Sends a Bulk Create Contact. */
export async function sendBulkCreate(
  calls: Calls,
  rows: ContactRows,
  timeZone: string,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  const body = withRows(rows, (given) => ({
    createContactDetails: toRows(given, (row) => toBulkRow({ ...row, lvAccountId: undefined }, timeZone)),
  }));
  // The page demands this value, though it names no compression.
  const headers = { 'accept-encoding': 'application/json' };
  const reply = await calls.call(bulkCreateMethod, { path, headers, ...body }, signal);
  return toWriteAnswer(reply, { method: bulkCreateMethod.name, origin: calls.origin });
}

/** Sends a Bulk Update Contact. */
export async function sendBulkUpdate(
  calls: Calls,
  rows: ContactRows,
  timeZone: string,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  const body = withRows(rows, (given) => ({ updateContactDetails: toRows(given, (row) => toBulkRow(row, timeZone)) }));
  const reply = await calls.call(bulkUpdateMethod, { path, ...body }, signal);
  return toWriteAnswer(reply, { method: bulkUpdateMethod.name, origin: calls.origin });
}

/** A contact where a missing `active` means false. @throws FatalError when it lacks `active` or holds what a write cannot express. */
export function toBulkRow(row: ContactWrite, timeZone: string): WireContact {
  if (row.sends['active'] === undefined) {
    throw new FatalError('A write without "active" would deactivate the contact: put "active" into the patch');
  }
  return toContactBody(row, timeZone);
}

/** The vendor's nested body of one contact. @throws FatalError when it holds what a write cannot express. */
export function toContactBody(row: ContactWrite, timeZone: string): WireContact {
  const values = toValues(row, timeZone);
  const wire: WireContact = { account: row.account };
  if (row.lvAccountId !== undefined) wire.id = toWireId(row.lvAccountId);
  for (const [field, value] of values) place(wire, field, value);
  const phone = toWirePhones(values);
  return phone.length > 0 ? { ...wire, phone } : wire;
}

/** The values of a row as JSON, by field. @throws FatalError when one is not writable or names another account. */
export function toValues(row: ContactWrite, timeZone: string): Map<ContactField, JsonValue> {
  const values = new Map<ContactField, JsonValue>();
  for (const [name, value] of Object.entries(row.sends)) {
    const field = assertWritable(name);
    if (name !== 'account') values.set(field, toWireValue(field, value, timeZone));
    else if (value !== row.account)
      throw new FatalError('A patch sends another account than its own: correct the plan');
  }
  return values;
}

/** The body of a call, made now or when the request is about to leave. */
export function withRows(
  rows: ContactRows,
  toBody: (rows: readonly ContactWrite[]) => object,
): { body: unknown } | Required<Pick<CallInput, 'prepareBody'>> {
  return typeof rows === 'function' ? { prepareBody: async () => toBody(await rows()) } : { body: toBody(rows) };
}

/** @throws FatalError for a write of nothing, which LiveVox would answer in its own way. */
export function toRows<T>(rows: readonly ContactWrite[], convert: (row: ContactWrite) => T): T[] {
  if (rows.length === 0) throw new FatalError('A write needs at least one contact: do not send an empty chunk');
  return rows.map(convert);
}

/** A JSON number where a double holds it exactly, else the digits as text (LiveVox takes ids in both forms). */
export function toWireId(digits: string): JsonValue {
  if (!/^\d+$/.test(digits)) throw new FatalError('A LiveVox id consists of digits: correct the patch');
  const id = Number(digits);
  return Number.isSafeInteger(id) ? id : digits;
}

function place(wire: WireContact, field: ContactField, value: JsonValue): void {
  const guarantorName = guarantorFields[field.name];
  if (toPhonePart(field.name) !== undefined) return;
  if (field.custom) {
    wire.customFields = [...(wire.customFields ?? []), { field: field.name, value }];
  } else if (personFields.has(field.name)) {
    wire.person = { ...wire.person, [field.name]: value };
  } else if (guarantorName !== undefined) {
    wire.guarantor = { ...wire.guarantor, [guarantorName]: value };
  } else {
    wire[field.name] = value;
  }
}
