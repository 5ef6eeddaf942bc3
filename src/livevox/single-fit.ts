/**
 * Which rows of the bulk methods the methods for one contact can carry as well. Create Contact and Update Contact have four attributes
 * fewer than a bulk row, and each of their phones has its number; Update Contact and Update Contact DND name the contact in the
 * path, where not every account can stand. Update Contact leaves `active` alone when it is left out; that it is sent does no harm. Pure.
 */
import { isAddressable } from './account-path.ts';
import type { ContactWrite } from './bulk-write.ts';

/** Attributes of Bulk Create Contact and Bulk Update Contact that the pages of the single methods do not have. */
const bulkOnly: ReadonlySet<string> = new Set(['agentId', 'department', 'salutation', 'title']);

/** Whether Create Contact can say all that a row of Bulk Create Contact says. */
export function fitsCreateContact({ sends }: ContactWrite): boolean {
  return Object.keys(sends).every((field) => !bulkOnly.has(field) && hasNumber(field, sends));
}

/** Whether Update Contact can say all that a row of Bulk Update Contact says. */
export function fitsUpdateContact(row: ContactWrite): boolean {
  return isAddressable(row.account) && fitsCreateContact(row);
}

/** Whether Update Contact DND can be sent for that contact; its body is that of a row of Update Multiple Contacts' DND. */
export function fitsContactDnd({ account }: ContactWrite): boolean {
  return isAddressable(account);
}

/** A block or consent of a phone goes along with its number: `phone3Block` with `phone3`. */
function hasNumber(field: string, sends: ContactWrite['sends']): boolean {
  const phone = /^(phone\d+)\D+$/.exec(field)?.[1];
  return phone === undefined || phone in sends;
}
