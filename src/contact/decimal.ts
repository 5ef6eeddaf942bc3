/**
 * Whole and decimal numbers as text, one spelling per number; no float is ever made, so that none rounds.
 * What would surprise: separators are refused, because 1,500 is fifteen hundred to some and one and a half to others.
 */
import { accept, type CanonicalResult, refuse } from './canonical-result.ts';

/** LiveVox takes numbers as JSON numbers; more digits than a double holds would arrive as another number. */
const maxSignificantDigits = 15;
const maxInteger = 2_147_483_647n;
const maxBigint = 9_223_372_036_854_775_807n;

const plainWhole = /^(?:0|[1-9]\d{0,8})$/;
const plainDecimal = /^(?:0|-?[1-9]\d{0,11}|-?(?:0|[1-9]\d{0,11})\.\d?[1-9])$/;
const currency = /\p{Sc}|^[A-Z]{3}\s?[+-]?\.?\d|\d\.?\s?[A-Z]{3}$/iu;

/** An id or a count of 32 bits. */
export function toInteger(text: string): CanonicalResult {
  return toWhole(text, maxInteger);
}

/** An id of 64 bits. */
export function toBigint(text: string): CanonicalResult {
  return toWhole(text, maxBigint);
}

function toWhole(text: string, max: bigint): CanonicalResult {
  if (plainWhole.test(text)) return accept(text);
  if (!/^[+-]?\d{1,30}$/.test(text)) return refuse('not a whole number');
  const number = BigInt(text.replace('+', ''));
  return number > max || number < -max - 1n ? refuse('a whole number out of range') : accept(number.toString());
}

/** A number that is sent as a JSON number. */
export function toNumber(text: string): CanonicalResult {
  const decimal = formatDecimal(text);
  if (decimal === undefined) return refuse(findNumberProblem(text));
  const digits = decimal.length > maxSignificantDigits ? decimal.replace(/\D/g, '').replace(/^0+/, '') : '';
  return digits.length > maxSignificantDigits
    ? refuse(`a number of more than ${maxSignificantDigits} digits`)
    : accept(decimal);
}

/** A number that is sent as text, so that any number of digits arrives. */
export function toNumberText(text: string): CanonicalResult {
  const decimal = formatDecimal(text);
  return decimal === undefined ? refuse(findNumberProblem(text)) : accept(decimal);
}

/** `+0100.50` → `100.5`, `-0` → `0`, `.5` → `0.5`; undefined for what is no plain decimal number. */
function formatDecimal(text: string): string | undefined {
  if (plainDecimal.test(text)) return text;
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const integer = whole.replace(/^0+(?=\d)/, '') || '0';
  const decimals = dropTrailingZeros(fraction);
  const size = decimals === '' ? integer : `${integer}.${decimals}`;
  return sign === '-' && size !== '0' ? `-${size}` : size;
}

/** By hand: a pattern would take the square of the length for zeros in the middle. */
function dropTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function findNumberProblem(text: string): string {
  return currency.test(text)
    ? 'an amount with a currency sign; give the number alone'
    : 'not a plain decimal number (digits, at most one point, no separators)';
}
