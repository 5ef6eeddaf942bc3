/**
 * Made-up personal values that occur nowhere else, to be planted in every input; and the search for them in what a program has let out.
 * A value is searched for in every spelling that the program knows of it, so that a leak does not hide behind a conversion.
 */
import { readdir, readFile } from 'node:fs/promises';
import type { Running } from './lvsync.ts';

/** As LiveVox and the record spell them. */
export const canaries = {
  firstName: 'Zyxwina',
  lastName: 'Quetzalby',
  otherName: 'Vorpalina',
  ssn: '987-65-4329',
  otherSsn: '986-54-3218',
  dateOfBirth: '1931-02-03',
  otherDateOfBirth: '1932-12-29',
  phone: '2015557731',
  otherPhone: '2025558842',
  email: 'canary@hush.example',
} as const;

/** Every spelling, lower case. */
const spellings: readonly string[] = [
  ...Object.values(canaries),
  ...[canaries.ssn, canaries.otherSsn].map((ssn) => ssn.replaceAll('-', '')),
  ...[canaries.dateOfBirth, canaries.otherDateOfBirth].flatMap(toDates),
  ...[canaries.phone, canaries.otherPhone].flatMap(toPhones),
].map((text) => text.toLowerCase());

/** All of them in one sentence, as LiveVox or Postgres may quote what they were sent. */
export const canarySentence = `Row refused: ${Object.values(canaries)
  .map((value) => `"${value}"`)
  .join(', ')}`;

/** The canaries in a text. */
export function findCanaries(text: string): readonly string[] {
  const lower = text.toLowerCase();
  return spellings.filter((spelling) => lower.includes(spelling));
}

/** Every name of a file or folder below, joined. */
export async function listNames(folder: string): Promise<string> {
  return (await readdir(folder, { recursive: true })).join('\n');
}

/** What all processes of the machine's user show of a running one: title and arguments; empty where there is no /proc. */
export async function readTitle({ child }: Running): Promise<string> {
  const files = ['cmdline', 'comm'].map((name) => readFile(`/proc/${child.pid}/${name}`, 'utf8').catch(() => ''));
  return (await Promise.all(files)).join('\n');
}

function toDates(iso: string): readonly string[] {
  const [year, month, day] = iso.split('-');
  return [`${month}/${day}/${year}`, `${year}${month}${day}`, String(Date.parse(iso))];
}

function toPhones(digits: string): readonly string[] {
  const [area, exchange, line] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)];
  return [`${area}-${exchange}-${line}`, `(${area}) ${exchange}-${line}`];
}
