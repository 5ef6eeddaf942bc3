/**
 * Made-up contacts for the bench of the pull: row `index` in version `version` is the same bytes on every machine, and no row needs
 * another. Fills as measured for the design: some 3 of 10 phones, 20 of 100 custom fields, 10 % quoted addresses, 8 % names beyond
 * ASCII, 0.1 % descriptions with a line break; some 739 bytes a row. Version 0 is how a contact began; each later one differs from it
 * in one to eight fields and in its modifyDate. Accounts come in no order, as a download's do.
 */
import { type ContactField, contactFields } from '../../../src/contact/index.ts';

/** `usual`: MM/DD/YYYY and true/false; `epoch`: epoch milliseconds and Y/N, which the fast path does not know. */
export type Dialect = 'usual' | 'epoch';

/** The made-up client's zone: seven hours behind UTC all year, so that wall clocks and instants are told apart but never twice. */
export const timeZone = 'America/Phoenix';
const zoneOffsetMs = 7 * 3_600_000;
const dayMs = 86_400_000;

type Dice = () => number;
type MakeCell = (dice: Dice, index: number) => string;

const givenNames = [
  'Maria',
  'James',
  'Ana',
  'Robert',
  'Linda',
  'Wei',
  'Fatima',
  'Peter',
  'Grace',
  'Omar',
  'Ruth',
  'Ivan',
];
const familyNames = ['Smith', 'Garcia', 'Jones', 'Nguyen', 'Miller', 'Okafor', 'Brown', 'Kowalski', 'Lopez', 'Young'];
const namesBeyondAscii = ['Núñez', 'Müller', 'Łukasz', 'Zoë', 'Søren', '王伟', 'Đặng', 'Çelik'];
const streets = [
  'Oak Street',
  'Main Street',
  'Maple Avenue',
  'Second Street',
  'Hill Road',
  'Lake Drive',
  'Sunset Boulevard',
];
const cities = ['Springfield', 'Riverton', 'Fairview', 'Franklin', 'Greenville', 'Bristol', 'Clinton', 'Salem'];
const states = ['AZ', 'CA', 'NY', 'TX', 'FL', 'WA', 'OH', 'GA'];
const words = [
  'gold',
  'silver',
  'north',
  'south',
  'retail',
  'first notice',
  'settled',
  'promise to pay',
  'call back',
  'web',
];

/** 3^18 has no factor in common with 10^9, so that no two indexes share an account. */
const accountStride = 387_420_489;

function toAccount(index: number): string {
  return `MF${String((index * accountStride) % 1_000_000_000).padStart(9, '0')}`;
}

const pick = (dice: Dice, list: readonly string[]): string => list[Math.floor(dice() * list.length)] ?? '';
const below = (dice: Dice, limit: number): number => Math.floor(dice() * limit);
const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

function toDate(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${at.getUTCFullYear()}`;
}

function toTime(ms: number): string {
  const at = new Date(ms);
  return `${toDate(ms)} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

const firstDay = Date.UTC(2024, 0, 1);
const makeDay: MakeCell = (dice) => toDate(firstDay + below(dice, 700) * dayMs);
const makeTime: MakeCell = (dice) => toTime(firstDay + below(dice, 700 * 86_400) * 1000);
const makeBoolean: MakeCell = (dice) => (dice() < 0.15 ? 'true' : 'false');
const makeCount: MakeCell = (dice) => String(below(dice, 40));
const makeMoney: MakeCell = (dice) => (below(dice, 900_000) / 100).toFixed(2);
const makeGivenName: MakeCell = (dice) => pick(dice, givenNames);
const makeFamilyName: MakeCell = (dice) => (dice() < 0.08 ? pick(dice, namesBeyondAscii) : pick(dice, familyNames));

function makeAddress(dice: Dice): string {
  const street = `${below(dice, 9_900) + 100} ${pick(dice, streets)}`;
  return dice() < 0.1 ? `"${street}, Apt ${below(dice, 90)}"` : street;
}

/** Epoch milliseconds of births before 1980 can be read as YYYYMMDDHHMM too, and such rows are quarantined. */
const firstBirthday = Date.UTC(1980, 0, 1);

const makers: Readonly<Record<string, MakeCell>> = {
  account: (_, index) => toAccount(index),
  dueDate: makeDay,
  accountToSpeak: (_, index) => String(index % 10_000),
  address1: makeAddress,
  address2: (dice) => (dice() < 0.2 ? `Unit ${below(dice, 60)}` : ''),
  agentId: (dice) => String(1_000 + below(dice, 400)),
  agentTeamId: (dice) => String(below(dice, 20)),
  amountToSpeak: makeMoney,
  callAttemptsTotal: makeCount,
  callAttemptsToday: () => '0',
  city: (dice) => pick(dice, cities),
  clientId: () => '1004711',
  countryId: () => '1',
  createDate: makeTime,
  createUser: () => 'loader',
  department: (dice) => (dice() < 0.1 ? pick(dice, words) : ''),
  description: (dice) => (dice() < 0.001 ? '"spoke twice\ncall back"' : ''),
  dateOfBirth: (dice) => toDate(firstBirthday + below(dice, 6_000) * dayMs),
  email: (dice, index) => (dice() < 0.6 ? `c${index}@example.com` : ''),
  firstName: makeGivenName,
  groupId: (dice) => String(below(dice, 50)),
  guarantorFirstName: (dice) => (dice() < 0.2 ? pick(dice, givenNames) : ''),
  guarantorLastName: (dice) => (dice() < 0.2 ? pick(dice, familyNames) : ''),
  initialLoadCampaignId: (dice) => String(500_000 + below(dice, 200)),
  initialLoadDate: makeTime,
  lastLoadCampaignId: (dice) => String(500_000 + below(dice, 200)),
  lastLoadDate: makeTime,
  lastName: makeFamilyName,
  lvAccountId: (_, index) => String(70_000_000_000 + index),
  modifyDate: makeTime,
  modifyUser: () => 'dialer',
  originalAccountNumber: (_, index) => `MF${index}`,
  balance: makeMoney,
  zipCode: (dice) => String(10_000 + below(dice, 89_999)),
  salutation: () => 'M',
  ssn: (dice) => `000-00-${1_000 + below(dice, 8_999)}`,
  state: (dice) => pick(dice, states),
  title: (dice) => (dice() < 0.1 ? 'Dr' : ''),
};

function makeCustom(dice: Dice): string {
  const kind = dice();
  if (kind < 0.5) return makeMoney(dice, 0);
  if (kind < 0.65) return makeDay(dice, 0);
  return kind < 0.8 ? pick(dice, words) : `ref ${below(dice, 100_000)}`;
}

function makeCell(field: ContactField, dice: Dice, index: number, phones: number): string {
  if (field.ordinal !== undefined) {
    if (field.ordinal > phones) return '';
    if (field.type === 'text') return `602555${String(below(dice, 10_000)).padStart(4, '0')}`;
    return field.type === 'boolean' ? makeBoolean(dice, index) : makeCount(dice, index);
  }
  if (field.custom) return dice() < 0.19 ? makeCustom(dice) : '';
  return (makers[field.name] ?? makeBoolean)(dice, index);
}

/** What later versions may change; never the account. */
const changeable = contactFields.filter(
  (field) => field.custom || ['balance', 'city', 'active', 'dueDate'].includes(field.name),
);
const modifyDatePosition = contactFields.findIndex((field) => field.name === 'modifyDate');
const firstChangeAt = Date.UTC(2026, 1, 1);

function change(cells: string[], dice: Dice, index: number, version: number): void {
  const count = 1 + below(dice, 8);
  for (let changed = 0; changed < count; changed += 1) {
    const field = changeable[below(dice, changeable.length)];
    if (field === undefined) continue;
    cells[field.position] = field.custom ? `v${version} ${pick(dice, words)}` : makeCell(field, dice, index, 0);
  }
  cells[modifyDatePosition] = toTime(firstChangeAt + version * dayMs + below(dice, 86_400) * 1000);
}

/** One row of the CSV, with its line end. */
export function makeCsvRow(seed: number, index: number, version: number, dialect: Dialect): string {
  const dice = makeDice(seed, index, 0);
  const phones = 1 + below(dice, 5);
  const cells = contactFields.map((field) => makeCell(field, dice, index, phones));
  if (version > 0) change(cells, makeDice(seed, index, version), index, version);
  if (dialect === 'usual') return `${cells.join(',')}\n`;
  return `${contactFields.map((field, at) => toEpochDialect(field, cells[at] ?? '')).join(',')}\n`;
}

export function makeCsvHeader(): string {
  return `${contactFields.map((field) => field.label ?? `Label of ${field.name}`).join(',')}\n`;
}

function toEpochDialect(field: ContactField, cell: string): string {
  if (cell === '') return cell;
  if (field.type === 'boolean') return cell === 'true' ? 'Y' : 'N';
  if (field.type !== 'date' && field.type !== 'timestamp') return cell;
  const [, month, day, year, time = '00:00:00'] = /^(\d\d)\/(\d\d)\/(\d{4})(?: (.+))?$/.exec(cell) ?? [];
  const wallMs = Date.parse(`${year}-${month}-${day}T${time}Z`);
  return String(field.type === 'date' ? wallMs : wallMs + zoneOffsetMs);
}

/** mulberry32, begun from a mixture of the three numbers. */
function makeDice(seed: number, index: number, version: number): Dice {
  let state = Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(version + 1, 0xc2b2ae35);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
