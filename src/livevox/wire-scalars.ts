/**
 * The single values of LiveVox's answers, read leniently: ids and numbers as number or digits, booleans as true, "true", "Y" or 1, times
 * as epoch milliseconds or ISO 8601, "no value" as missing, null, "" or the text "null". Whole answers are read in the files of
 * their resources.
 */
import { z } from 'zod';
import { parseMoment, toInstant } from '../contact/index.ts';

const nothing: ReadonlySet<unknown> = new Set([undefined, null, '', 'null']);

const text = z.union([z.string(), z.number()]).transform(String);

/** An id, as its digits. */
export const wireId = text.pipe(z.string().trim().regex(/^\d+$/));

/** An id that may be missing. */
export const optionalId = z.preprocess((value) => (nothing.has(value) ? undefined : value), wireId.optional());

/** A whole number. */
export const wireWhole = text
  .pipe(
    z
      .string()
      .trim()
      .regex(/^-?\d+$/),
  )
  .transform(Number);

/** A text that the page calls mandatory; "no value" is the empty text. */
export const wireText = z.preprocess((value) => (nothing.has(value) ? '' : value), text);

/** A text that may be missing. */
export const optionalText = z.preprocess((value) => (nothing.has(value) ? undefined : value), text.optional());

const yes: ReadonlySet<string> = new Set(['true', 'y', 'yes', '1']);
const no: ReadonlySet<string> = new Set(['false', 'n', 'no', '0']);

/** A boolean. */
export const wireBoolean = z.preprocess((value) => {
  const word = String(value).trim().toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : value;
}, z.boolean());

/** An instant that may be missing; undefined too when it cannot be read. Without a zone it is UTC, as the overview has all times. */
export const optionalMoment = z.preprocess((value): Date | undefined => {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const moment = parseMoment(String(value).trim());
  return moment?.kind === 'local' ? toInstant(moment.parts, 'UTC') : moment?.at;
}, z.date().optional());

/** An array; "no value" is the empty one, an object that stands alone is an array of one. */
export function wireList<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => {
    if (nothing.has(value)) return [];
    return Array.isArray(value) ? value : [value];
  }, z.array(item));
}
