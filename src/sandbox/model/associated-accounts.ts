/**
 * The accounts of Account Manager that a contact belongs to: a pure function of seed and contact, none to three of them,
 * in the order of their names. Here an account is a company, not the key of a contact.
 */
import { dayMs } from '../client-zone.ts';
import { chance, type Dice, pick, roll, toHash } from './dice.ts';
import { type Place, places, streets, users } from './pools.ts';

export type AssociatedAccount = Readonly<Record<string, unknown>> & { readonly id: number; readonly name: string };

const accountsPurpose = 4;
const firstId = 53_939;
const maxAccounts = 3;

const industries = ['Telecom Software', 'Health Care', 'Banking', 'Utilities'];
const ratings = ['Hot', 'Warm', 'Cold'];
const ownerships = ['Private', 'Public', 'Subsidiary'];
const sources = ['Advertisement', 'Data.com', 'Trade Show'];
const classes = ['Gold', 'Silver', 'Bronze'];
const types = ['Grocery', 'Hospital', 'Bank'];
const names = ['Northwind Health', 'Contoso Bank', 'Fabrikam, Inc.', 'Tailspin Utilities', 'Acme "Plus" LLC'];

/** No account was changed after `asOf`, epoch ms. */
export function makeAssociatedAccounts(seed: number, slot: number, asOf: number): readonly AssociatedAccount[] {
  const dice = { state: toHash(seed, slot, accountsPurpose) };
  const accounts = Array.from({ length: roll(dice, maxAccounts + 1) }, (_, index) =>
    makeAccount(dice, firstId + slot * maxAccounts + index, asOf),
  );
  return accounts.sort((left, right) =>
    left.name < right.name ? -1 : left.name > right.name ? 1 : left.id - right.id,
  );
}

function makeAccount(dice: Dice, id: number, asOf: number): AssociatedAccount {
  const place = pick(dice, places);
  const createdDate = asOf - roll(dice, 1000) * dayMs;
  const classification = roll(dice, classes.length);
  const type = roll(dice, types.length);
  return {
    id,
    createdDate,
    createdBy: pick(dice, users),
    modifiedDate: Math.min(asOf, createdDate + roll(dice, 300) * dayMs),
    modifiedBy: pick(dice, users),
    name: pick(dice, names),
    description: `Account ${id}`,
    industry: pick(dice, industries),
    annualRevenue: roll(dice, 10_000) * 100,
    phoneFax: makePhone(dice, place),
    billingAddress: makeAddress(dice, place),
    rating: pick(dice, ratings),
    phoneOffice: makePhone(dice, place),
    phoneAlternate: makePhone(dice, place),
    website: 'www.example.com',
    ownershipType: pick(dice, ownerships),
    numOfEmployees: roll(dice, 5000) + 1,
    tickerSymbol: 'EX',
    shippingAddress: makeAddress(dice, place),
    campaignId: 28_500_000 + roll(dice, 100_000),
    accountNumber: `AN${id}`,
    originalAccountNumber: `OAN${id}`,
    agentId: 595_348,
    agentTeamId: 16_001,
    agentTeamName: 'Collections',
    location: place.city,
    accountSource: pick(dice, sources),
    sicCode: String(1000 + roll(dice, 8999)),
    sicDesc: 'Services',
    classificationId: 172 + classification,
    classificationName: classes[classification],
    typeId: 48 + type,
    typeName: types[type],
    customFields: chance(dice, 40) ? [{ field: 'COL1', value: String(roll(dice, 100)) }] : [],
  };
}

function makePhone(dice: Dice, place: Place): string {
  return `${pick(dice, place.areaCodes)}555${roll(dice, 9000) + 1000}`;
}

function makeAddress(dice: Dice, place: Place): Readonly<Record<string, string>> {
  const postalCode = place.zip + String(roll(dice, 100)).padStart(2, '0');
  const street = `${roll(dice, 9899) + 100} ${pick(dice, streets)}`;
  return { street, city: place.city, state: place.state, postalCode, country: 'USA' };
}
