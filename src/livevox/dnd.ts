/**
 * Update Multiple Contacts' DND (POST /contact/contacts/dnd): blocks and consents of many contacts, nothing else.
 * Here a phone is named by number and ordinal, both mandatory. The answer counts contacts, not phones, and an account LiveVox does
 * not know is silently not counted.
 */
import { FatalError } from '../errors.ts';
import { type ContactRows, type ContactWrite, toRows, toValues, withRows } from './bulk-write.ts';
import type { Calls } from './calls.ts';
import type { VendorMethod } from './vendor-method.ts';
import type { WireDnd } from './wire.ts';
import { toPhonePart, toWirePhones } from './wire-value.ts';
import { toWriteAnswer, type WriteAnswer } from './write-answer.ts';

export const multipleContactsDndMethod: VendorMethod = {
  name: "Update Multiple Contacts' DND",
  verb: 'POST',
  kind: 'update',
};

/** Sends an Update Multiple Contacts' DND. */
export async function sendMultipleContactsDnd(
  calls: Calls,
  rows: ContactRows,
  timeZone: string,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  const body = withRows(rows, (given) => ({ contactDnd: toRows(given, (row) => toDndRow(row, timeZone)) }));
  const reply = await calls.call(multipleContactsDndMethod, { path: '/contact/contacts/dnd', ...body }, signal);
  return toWriteAnswer(reply, { method: multipleContactsDndMethod.name, origin: calls.origin });
}

/** One row of a DND body. @throws FatalError for a field DND does not carry, or a phone without its number. */
export function toDndRow(row: ContactWrite, timeZone: string): WireDnd {
  const values = toValues(row, timeZone);
  const wire: WireDnd = { account: row.account };
  for (const [field, value] of values) {
    if (field.name === 'accountBlock') wire.accountBlock = value;
    else if (toPhonePart(field.name) === undefined) {
      throw new FatalError(`"${field.name}" is no field of a DND write: send it by a bulk update`);
    }
  }
  const phones = toWirePhones(values);
  const nameless = phones.find(({ phone }) => phone === undefined || phone === '');
  if (nameless !== undefined) {
    throw new FatalError(
      `A DND write of phone${nameless.ordinal} lacks its number: put "phone${nameless.ordinal}" into the patch`,
    );
  }
  return phones.length > 0 ? { ...wire, updateContactDND: phones } : wire;
}
