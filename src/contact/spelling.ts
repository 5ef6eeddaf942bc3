/**
 * Fields of plain text that people spell in more ways than one: ZIP codes, social security numbers, e-mail addresses.
 * What has one of the known shapes gets its one spelling; all other text stays as it is, because LiveVox takes any. Never refused.
 * What would surprise: nothing is repaired. A ZIP code of four digits may have lost its zero, but may be from another country.
 */
import { accept, type CanonicalResult } from './canonical-result.ts';

const zipPlus4 = /^(\d{5})[- ]?(\d{4})$/;
/** Canada Post uses neither D, F, I, O, Q nor U, and neither W nor Z in front. */
const canadian = /^([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[- ]?(\d[ABCEGHJ-NPRSTV-Z]\d)$/i;

/** `123456789` → `12345-6789`, `k1a0b1` → `K1A 0B1`: as the postal services write them. Digits keep their zeros. */
export function toZipCode(text: string): CanonicalResult {
  if (text.length === 5) return accept(text);
  const [, zip, plus4] = zipPlus4.exec(text) ?? [];
  if (zip !== undefined) return accept(`${zip}-${plus4}`);
  const [, area, place] = canadian.exec(text) ?? [];
  return accept(area === undefined ? text : `${area} ${place}`.toUpperCase());
}

/** Nine digits, whatever dashes and spaces stand between them. Parts of a number (`0095`) and masked ones stay as they are. */
export function toSsn(text: string): CanonicalResult {
  if (!/^\d[\d -]{8,14}$/.test(text)) return accept(text);
  const digits = text.replace(/[ -]/g, '');
  return accept(digits.length === 9 ? digits : text);
}

/** The domain in lower case; the part before the @ belongs to its owner and keeps its case (RFC 5321, 2.3.11). */
export function toEmail(text: string): CanonicalResult {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  // ASCII letters alone: lower case of others depends on who does it.
  if (at === -1 || !/[A-Z]/.test(domain)) return accept(text);
  return accept(text.slice(0, at + 1) + domain.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
}
