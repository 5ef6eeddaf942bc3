/**
 * Phones of a contact: which fields are numbers, and one spelling of a number.
 * A number is ten digits of the North American plan, because that is what LiveVox dials; an extension, a letter or a
 * foreign country code makes it no phone number instead of a different one.
 */
import type { ContactField } from './fields.ts';

/** True for `phone1`..`phone10` themselves, not for their consents, blocks and counters. */
export function isPhoneNumberField(field: ContactField): boolean {
  return field.ordinal !== undefined && field.type === 'text';
}

/** The ten digits of a phone number in any usual punctuation, with or without +1; undefined when it is none. */
export function parsePhoneNumber(text: string): string | undefined {
  // Only punctuation that people put between digits: anything else (x12, ext, #) would change the number dialled.
  if (!/^\+?[\d\s().\-\u2010-\u2015/]+$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, '');
  if (text.startsWith('+') && digits.length !== 11) return undefined;
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(national) ? national : undefined;
}
