/**
 * The contacts a sandbox starts with. Contact number `index` is a pure function of (seed, index, asOf): nothing is
 * stored, so a million of them cost nothing until somebody writes. `modifyDate` lies in the two years before `asOf` and
 * depends on nothing else of the contact, so that a window can skip contacts without making them. Beyond the first few
 * thousand, contacts share the rest with one of those (profiles.ts).
 * No contact starts with a DAILY block: whatever was set before `asOf` has ended.
 */
import { dayMs } from '../client-zone.ts';
import { makeBlankRow, positionOf, type Row, type Value } from './columns.ts';
import { chance, type Dice, pick, roll, toHash } from './dice.ts';
import {
  addressDetails,
  companies,
  departments,
  firstNames,
  lastNames,
  mailDomains,
  type Place,
  places,
  salutations,
  streets,
  titles,
  users,
} from './pools.ts';
import { fillCustomFields } from './population-custom-fields.ts';
import { fillPhones } from './population-phones.ts';
import { copyOwn, profileCount, toProfile, writeOwn } from './profiles.ts';

export type Population = {
  /** Number of contacts, numbered from 0. */
  readonly size: number;
  /** The `modifyDate` of a contact, epoch ms. */
  readonly modifiedAt: (index: number) => number;
  /** Overwrites the row with that contact. */
  readonly fill: (row: Row, index: number) => void;
  /** Which contacts are alike in all but their own values (`ownPositions`): those of the same number. */
  readonly profileOf: (index: number) => number;
  /** Overwrites the contact's own values only. */
  readonly fillOwn: (row: Row, index: number) => void;
};

export type PopulationOptions = {
  readonly size: number;
  readonly seed: number;
  /** No contact was modified after this instant, epoch ms. */
  readonly asOf: number;
};

/** The LiveVox client's number, the same on every contact and in the answer of a login. */
export const clientId = 100_042;
/** `lvAccountId` of contact 0; too large for 32 bits, as ids of a platform this old are. */
export const firstContactId = 5_000_000_001;
/** The contact groups that contacts belong to: so many ids from the first on. */
export const firstGroupId = 83_190;
export const groupCount = 12;

const spanMs = 730 * dayMs;
const modifiedPurpose = 1;
const contactPurpose = 2;
const ownPurpose = 4;

const at = {
  account: positionOf('account'),
  dueDate: positionOf('dueDate'),
  accountToSpeak: positionOf('accountToSpeak'),
  address1: positionOf('address1'),
  address2: positionOf('address2'),
  agentId: positionOf('agentId'),
  agentTeamId: positionOf('agentTeamId'),
  amountToSpeak: positionOf('amountToSpeak'),
  active: positionOf('active'),
  callAttemptsTotal: positionOf('callAttemptsTotal'),
  callAttemptsToday: positionOf('callAttemptsToday'),
  city: positionOf('city'),
  clientId: positionOf('clientId'),
  countryId: positionOf('countryId'),
  createDate: positionOf('createDate'),
  createUser: positionOf('createUser'),
  department: positionOf('department'),
  description: positionOf('description'),
  dateOfBirth: positionOf('dateOfBirth'),
  accountBlock: positionOf('accountBlock'),
  accountBlockDaily: positionOf('accountBlockDaily'),
  accountEmailBlock: positionOf('accountEmailBlock'),
  email: positionOf('email'),
  firstName: positionOf('firstName'),
  groupId: positionOf('groupId'),
  guarantorFirstName: positionOf('guarantorFirstName'),
  guarantorLastName: positionOf('guarantorLastName'),
  initialLoadCampaignId: positionOf('initialLoadCampaignId'),
  initialLoadDate: positionOf('initialLoadDate'),
  lastLoadCampaignId: positionOf('lastLoadCampaignId'),
  lastLoadDate: positionOf('lastLoadDate'),
  lastName: positionOf('lastName'),
  lvAccountId: positionOf('lvAccountId'),
  modifyDate: positionOf('modifyDate'),
  modifyUser: positionOf('modifyUser'),
  originalAccountNumber: positionOf('originalAccountNumber'),
  balance: positionOf('balance'),
  zipCode: positionOf('zipCode'),
  primaryEmailConsent: positionOf('primaryEmailConsent'),
  salutation: positionOf('salutation'),
  primarySMSConsent: positionOf('primarySMSConsent'),
  ssn: positionOf('ssn'),
  state: positionOf('state'),
  title: positionOf('title'),
};

/** Contacts `A0000001`, `A0000002`, … of that seed. */
export function makePopulation({ size, seed, asOf }: PopulationOptions): Population {
  const modifiedAt = (index: number): number =>
    asOf - Math.floor((toHash(seed, index, modifiedPurpose) / 4_294_967_296) * spanMs);
  const throwContact = (row: Row, index: number): void => {
    const dice: Dice = { state: toHash(seed, index, contactPurpose) };
    const place = pick(dice, places);
    row.fill(null);
    fillIdentity(row, dice, index);
    fillPerson(row, dice);
    fillAddress(row, dice, place);
    fillMoney(row, dice, Math.floor(asOf / dayMs));
    fillHistory(row, dice, modifiedAt(index));
    fillPhones(row, dice, place.areaCodes);
    fillCustomFields(row, dice, Math.floor(asOf / dayMs));
  };
  const profiles: (Row | undefined)[] = new Array(Math.min(size, profileCount));
  const readProfile = (profile: number): Row => {
    const row = profiles[profile] ?? makeBlankRow();
    if (profiles[profile] === undefined) throwContact(row, profile);
    profiles[profile] = row;
    return row;
  };
  const fillOwn = (row: Row, index: number): void => {
    const profile = readProfile(toProfile(seed, index));
    if (index < profileCount) copyOwn(row, profile);
    else
      writeOwn(
        row,
        profile,
        { account: toAccount(index), id: firstContactId + index, modifiedAt: modifiedAt(index) },
        { state: toHash(seed, index, ownPurpose) },
      );
  };
  const fill = (row: Row, index: number): void => {
    const profile = readProfile(toProfile(seed, index));
    for (let position = 0; position < profile.length; position += 1) row[position] = profile[position] as Value;
    if (index >= profileCount) fillOwn(row, index);
  };
  return { size, modifiedAt, fill, profileOf: (index) => toProfile(seed, index), fillOwn };
}

/** Index of the base contact with that account; undefined when no population could have it. */
export function toIndex(account: string): number | undefined {
  const digits = /^A(\d{7,9})$/.exec(account)?.[1];
  if (digits === undefined || toAccount(Number(digits) - 1) !== account) return undefined;
  return Number(digits) - 1;
}

function toAccount(index: number): string {
  return `A${String(index + 1).padStart(7, '0')}`;
}

function fillIdentity(row: Row, dice: Dice, index: number): void {
  const account = toAccount(index);
  row[at.account] = account;
  row[at.lvAccountId] = firstContactId + index;
  row[at.clientId] = clientId;
  row[at.accountToSpeak] = chance(dice, 90) ? account : null;
  row[at.originalAccountNumber] = chance(dice, 60) ? `0${roll(dice, 900_000_000) + 100_000_000}` : null;
  row[at.groupId] = firstGroupId + roll(dice, groupCount);
  row[at.agentId] = chance(dice, 30) ? 657_530_652 + roll(dice, 20) : null;
  row[at.agentTeamId] = row[at.agentId] === null ? null : 4100 + roll(dice, 9);
  row[at.department] = chance(dice, 70) ? pick(dice, departments) : null;
  row[at.active] = chance(dice, 92);
  row[at.accountBlock] = chance(dice, 2);
  row[at.accountBlockDaily] = 0;
  row[at.accountEmailBlock] = chance(dice, 3);
}

function fillPerson(row: Row, dice: Dice): void {
  const firstName = pick(dice, firstNames);
  const lastName = pick(dice, lastNames);
  row[at.firstName] = firstName;
  row[at.lastName] = lastName;
  row[at.salutation] = chance(dice, 50) ? pick(dice, salutations) : null;
  row[at.title] = chance(dice, 20) ? pick(dice, titles) : null;
  // From 1940 to 2005: half of the dates lie before the epoch.
  row[at.dateOfBirth] = chance(dice, 85) ? roll(dice, 23_741) - 10_957 : null;
  row[at.ssn] = chance(dice, 40) ? `9${roll(dice, 90) + 10}-${roll(dice, 90) + 10}-${roll(dice, 9000) + 1000}` : null;
  row[at.email] = chance(dice, 65) ? `person${roll(dice, 10_000_000)}@${pick(dice, mailDomains)}` : null;
  row[at.primaryEmailConsent] = chance(dice, 55);
  row[at.primarySMSConsent] = chance(dice, 45);
  if (!chance(dice, 12)) return;
  row[at.guarantorFirstName] = pick(dice, firstNames);
  row[at.guarantorLastName] = lastName;
}

function fillAddress(row: Row, dice: Dice, place: Place): void {
  const street = `${roll(dice, 9899) + 100} ${pick(dice, streets)}`;
  // Rarely, somebody pasted two lines into one.
  row[at.address1] = chance(dice, 0.2) ? `${street}\nRear entrance` : street;
  row[at.address2] = chance(dice, 22) ? pick(dice, addressDetails) : null;
  row[at.city] = place.city;
  row[at.state] = place.state;
  row[at.zipCode] = place.zip + String(roll(dice, 100)).padStart(2, '0');
  row[at.countryId] = 1;
}

function fillMoney(row: Row, dice: Dice, asOfDay: number): void {
  const cents = roll(dice, 2_000_000);
  const balance = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  row[at.balance] = chance(dice, 95) ? balance : null;
  row[at.amountToSpeak] = chance(dice, 40) ? balance : null;
  row[at.dueDate] = chance(dice, 80) ? asOfDay - 300 + roll(dice, 400) : null;
  row[at.description] = chance(dice, 50) ? `Placed by ${pick(dice, companies)}` : null;
}

function fillHistory(row: Row, dice: Dice, modifiedAt: number): void {
  const createdAt = modifiedAt - roll(dice, 1000) * dayMs - roll(dice, dayMs);
  row[at.createDate] = createdAt;
  row[at.createUser] = pick(dice, users);
  row[at.modifyDate] = modifiedAt;
  row[at.modifyUser] = pick(dice, users);
  row[at.callAttemptsTotal] = roll(dice, 60);
  row[at.callAttemptsToday] = 0;
  row[at.initialLoadCampaignId] = 2_200_000 + roll(dice, 5000);
  row[at.initialLoadDate] = createdAt;
  row[at.lastLoadCampaignId] = 2_300_000 + roll(dice, 5000);
  row[at.lastLoadDate] = createdAt + Math.floor((modifiedAt - createdAt) / 2);
}
