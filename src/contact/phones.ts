/**
 * Phones of a contact: which fields are numbers, and one spelling of a number.
 * A number is ten digits of the North American plan (United States, Canada and the Caribbean with +1), because that is what
 * LiveVox dials; an extension, a letter or a foreign country code makes it no phone number instead of a different one.
 * What would surprise: whether an area code is assigned is not asked, since new ones come every year and a number refused is a
 * person not reached or, worse, not blocked. Only what the plan rules out is refused: area codes and exchanges that begin with 0
 * or 1, area codes that end in 11. Exchanges that end in 11 exist (1-800-411-…).
 */
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { accept, type CanonicalResult, refuse } from './canonical-result.ts';
import type { ContactField } from './fields.ts';

const plan = /^[2-9](?!11)\d{2}[2-9]\d{6}$/;
const none = 'not a phone number of 10 digits';

/** True for `phone1`..`phone10` themselves, not for their consents, blocks and counters. */
export function isPhoneNumberField(field: ContactField): boolean {
  return field.ordinal !== undefined && field.type === 'text';
}

/** The canonical phone number, or the reason why it is none. */
export function toPhone(text: string): CanonicalResult {
  const digits = parsePhoneNumber(text);
  return digits === undefined ? refuse(findPhoneProblem(text)) : accept(digits);
}

/** The ten digits of a phone number in any usual spelling, with or without 1, +1 or 011 1; undefined when it is none. */
export function parsePhoneNumber(text: string): string | undefined {
  if (plan.test(text)) return text;
  const digits = readDigits(text);
  const national = digits === undefined ? readUnusual(text) : digits;
  return plan.test(national) ? national : undefined;
}

/**
 * The digits without a leading 1, where nothing stands between them but the punctuation of people; '' when they are no number.
 * Undefined for what the library has to read: other characters, 011, a plus with another country. Exact: 12 digits fit a double.
 */
function readDigits(text: string): string | undefined {
  let number = 0;
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) {
      if (number === 0 && code === 0x30) return text.startsWith('0') ? undefined : '';
      number = number * 10 + code - 0x30;
      count += 1;
      if (count > 11) return text.startsWith('+') ? undefined : '';
    } else if (!isPunctuation(code) && (code !== 0x2b || index > 0)) return undefined;
  }
  if (count === 11 && number < 20_000_000_000) return String(number - 10_000_000_000);
  return text.startsWith('+') ? undefined : String(number);
}

/** Space, tab, ( ) - . / and Unicode's spaces, dashes and invisible marks. */
function isPunctuation(code: number): boolean {
  if (code < 0x80)
    return code === 0x20 || code === 0x09 || code === 0x28 || code === 0x29 || (code >= 0x2d && code <= 0x2f);
  return code === 0xa0 || (code >= 0x2000 && code <= 0x2015) || (code >= 0x202a && code <= 0x202f) || code === 0x3000;
}

/** Digits of other scripts, `tel:` and 011: what the library reads, where it cannot have dropped or added a digit. */
function readUnusual(text: string): string {
  const bare = dropScheme(text);
  const found = parse(bare);
  if (found?.countryCallingCode !== '1' || found.ext !== undefined) return '';
  const count = bare.match(/\p{Nd}/gu)?.length ?? 0;
  return count === 10 || count === 11 || (count === 14 && bare.startsWith('011')) ? found.nationalNumber : '';
}

/** Why a text is no phone number that LiveVox dials. */
function findPhoneProblem(text: string): string {
  const bare = dropScheme(text);
  const found = parse(bare);
  if (found?.ext !== undefined) return 'a phone number with an extension';
  if (/\p{L}/u.test(bare)) return 'letters in a phone number';
  if (found !== undefined && found.countryCallingCode !== '1') return 'a phone number outside the North American plan';
  return found?.isPossible() === true && !plan.test(found.nationalNumber)
    ? 'no number of the North American plan (area code or exchange)'
    : none;
}

function dropScheme(text: string): string {
  return text.replace(/^tel:/i, '');
}

/** The whole text as one number, or nothing: a number inside a text is not looked for. */
function parse(text: string): PhoneNumber | undefined {
  return parsePhoneNumberFromString(text, { defaultCountry: 'US', extract: false });
}
