/**
 * Makes a million contacts cheap: the first few thousand are thrown in full and serve as profiles, every later one is a
 * profile with its own account, ids, dates, money, mail and phone numbers. A value of one's own is there exactly where
 * the profile has one. What the contacts of a profile share can so be kept, as a row here and as bytes by a download.
 */
import { positionOf, type Row, type Value } from './columns.ts';
import { type Dice, roll, toHash } from './dice.ts';

/** Contacts thrown in full; those of a smaller population all are. */
export const profileCount = 4096;

const profilePurpose = 3;

const account = positionOf('account');
const lvAccountId = positionOf('lvAccountId');
const accountToSpeak = positionOf('accountToSpeak');
const originalAccountNumber = positionOf('originalAccountNumber');
const dateOfBirth = positionOf('dateOfBirth');
const ssn = positionOf('ssn');
const email = positionOf('email');
const balance = positionOf('balance');
const amountToSpeak = positionOf('amountToSpeak');
const dueDate = positionOf('dueDate');
const createDate = positionOf('createDate');
const initialLoadDate = positionOf('initialLoadDate');
const lastLoadDate = positionOf('lastLoadDate');
const modifyDate = positionOf('modifyDate');
const phones = Array.from({ length: 10 }, (_, index) => positionOf(`phone${index + 1}`));

const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** Where contacts of the same profile differ. */
// biome-ignore format: a list reads better as a block
export const ownPositions: readonly number[] = [
  account, lvAccountId, accountToSpeak, originalAccountNumber, dateOfBirth, ssn, email, balance, amountToSpeak, dueDate,
  createDate, initialLoadDate, lastLoadDate, modifyDate, ...phones,
];

/** What of a contact follows from its number alone. */
export type Identity = { readonly account: string; readonly id: number; readonly modifiedAt: number };

/** The profile of a contact; its own number for the first ones. */
export function toProfile(seed: number, index: number): number {
  return index < profileCount ? index : toHash(seed, index, profilePurpose) % profileCount;
}

/** Writes all own values of a contact into the row: its own where the profile has one, null elsewhere. */
export function writeOwn(row: Row, profile: Row, identity: Identity, dice: Dice): void {
  row[account] = identity.account;
  row[lvAccountId] = identity.id;
  row[accountToSpeak] = profile[accountToSpeak] === null ? null : identity.account;
  row[originalAccountNumber] =
    profile[originalAccountNumber] === null ? null : `0${roll(dice, 900_000_000) + 100_000_000}`;
  row[ssn] = profile[ssn] === null ? null : `9${10 + roll(dice, 90)}-${10 + roll(dice, 90)}-${roll(dice, 9000) + 1000}`;
  row[email] = profile[email] === null ? null : `person${roll(dice, 10_000_000)}${toDomain(profile[email] as string)}`;
  row[dateOfBirth] = profile[dateOfBirth] === null ? null : roll(dice, 23_741) - 10_957;
  // Near the profile's, so that it keeps its relation to the day of the population.
  row[dueDate] = profile[dueDate] === null ? null : (profile[dueDate] as number) - roll(dice, 30);
  fillMoney(row, profile, dice);
  fillDates(row, profile, identity.modifiedAt);
  for (const phone of phones) {
    const number = profile[phone] as string | null;
    row[phone] = number === null ? null : `${number.slice(0, 6)}${roll(dice, 9000) + 1000}`;
  }
}

/** Writes the own values of the contact that is the profile. */
export function copyOwn(row: Row, profile: Row): void {
  for (const position of ownPositions) row[position] = profile[position] as Value;
}

function fillMoney(row: Row, profile: Row, dice: Dice): void {
  const cents = roll(dice, 2_000_000);
  const amount = `${Math.floor(cents / 100)}.${twoDigits[cents % 100]}`;
  row[balance] = profile[balance] === null ? null : amount;
  row[amountToSpeak] = profile[amountToSpeak] === null ? null : amount;
}

/** As long before the change as in the profile. */
function fillDates(row: Row, profile: Row, modifiedAt: number): void {
  const later = modifiedAt - (profile[modifyDate] as number);
  row[createDate] = (profile[createDate] as number) + later;
  row[initialLoadDate] = (profile[initialLoadDate] as number) + later;
  row[lastLoadDate] = (profile[lastLoadDate] as number) + later;
  row[modifyDate] = modifiedAt;
}

function toDomain(mail: string): string {
  return mail.slice(mail.indexOf('@'));
}
