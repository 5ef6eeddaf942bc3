/**
 * Values of the client's custom fields, by the data type that the client gave the field. LiveVox holds and takes them as text
 * of at most 255 characters whatever the type, so one meaning may come back in several spellings.
 */
import { toBoolean } from './boolean.ts';
import { accept, type CanonicalResult, refuse } from './canonical-result.ts';
import { toDay } from './day.ts';
import { toNumberText } from './decimal.ts';

/** The data types of custom fields, in the vendor's words. */
export const customDataTypes = ['NUMBER', 'STRING', 'DATE', 'BOOLEAN', 'LIST'] as const;

export type CustomDataType = (typeof customDataTypes)[number];

/** Counted as LiveVox's platform counts: UTF-16 units. */
const maxLength = 255;

/** A field without a known type is text. */
export function toCustomValue(text: string, timeZone: string, dataType: CustomDataType | undefined): CanonicalResult {
  const result = read(text, timeZone, dataType);
  return result.ok && result.value !== null && result.value.length > maxLength
    ? refuse(`longer than the ${maxLength} characters of a custom field`)
    : result;
}

function read(text: string, timeZone: string, dataType: CustomDataType | undefined): CanonicalResult {
  switch (dataType) {
    case 'NUMBER':
      return toNumberText(text);
    case 'DATE':
      return toDay(text, timeZone);
    case 'BOOLEAN':
      return toBoolean(text);
    default:
      return accept(text);
  }
}
