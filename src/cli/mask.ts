/**
 * Personal values as they are shown by default: enough to recognise a change by, too little to know the person. The same value always
 * masks to the same text. Accounts stay whole: they are what a person searches by, and what a system of record knows a contact as.
 * No mask hints at the length of what it hides. Pure.
 */
import { type CanonicalValue, type ContactField, findField } from '../contact/index.ts';

const hidden = '•••';

const names = new Set(['firstName', 'lastName', 'guarantorFirstName', 'guarantorLastName']);

/** The value as it may be shown; empty ones and those that say nothing of a person are unchanged. */
export function maskValue(fieldName: string, value: CanonicalValue): CanonicalValue {
  if (value === null || fieldName === 'account') return value;
  const field = findField(fieldName);
  if (field === undefined) return hidden;
  return field.personal ? maskPersonal(field, value) : value;
}

/** Both values of a change. Two that differ are still told apart when their masks are the same. */
export function maskChange(
  fieldName: string,
  from: CanonicalValue,
  to: CanonicalValue,
): readonly [from: CanonicalValue, to: CanonicalValue] {
  const masked = [maskValue(fieldName, from), maskValue(fieldName, to)] as const;
  return from !== to && masked[0] === masked[1] ? [masked[0], `${masked[1]} (changed)`] : masked;
}

function maskPersonal(field: ContactField, value: string): string {
  if (names.has(field.name)) return maskName(value);
  if (field.ordinal !== undefined) return maskPhone(value);
  if (field.name === 'dateOfBirth') return maskDate(value);
  if (field.name === 'email') return maskEmail(value);
  return hidden;
}

/** `Smith` → `S•••`; a name of one letter is hidden whole. */
function maskName(value: string): string {
  const [first = '', ...rest] = value;
  return rest.length === 0 ? hidden : `${first}${hidden}`;
}

/** `2015550123` → `•••23`; of a number too short to be one, nothing. */
function maskPhone(value: string): string {
  const digits = value.replace(/\D/g, '');
  return digits.length < 7 ? hidden : `${hidden}${digits.slice(-2)}`;
}

/** `1980-05-17` → `1980-••-••`. */
function maskDate(value: string): string {
  const year = /^(\d{4})-\d{2}-\d{2}$/.exec(value)?.[1];
  return year === undefined ? hidden : `${year}-••-••`;
}

/** `bob@example.com` → `b•••@example.com`. */
function maskEmail(value: string): string {
  const at = value.lastIndexOf('@');
  const [first] = value.slice(0, Math.max(0, at));
  return first === undefined ? hidden : `${first}${hidden}${value.slice(at)}`;
}
