/**
 * How many patches per second and core the planner makes, for contacts with 24 mapped fields and 3 phones of which 2 fields differ: two plain
 * ones, one and a block, one and a phone number. Counts the processor's time, so that a busy machine does not matter.
 */
import { type CanonicalValue, contactFields, phoneOrdinals, toDefaultOwner } from '../../src/contact/index.ts';
import type { DesiredContact, MirrorContact } from '../../src/diff/contact-state.ts';
import { makePlanner } from '../../src/diff/plan.ts';

const contacts = 2_000;
const rounds = 50;
const warmUps = 10;

const plain = [
  ...['firstName', 'lastName', 'address1', 'city', 'state', 'zipCode', 'balance', 'dueDate', 'email', 'groupId'],
  ...['originalAccountNumber', 'COL1', 'COL2', 'COL3', 'COL4'],
];
const switches = ['active', 'accountBlock', 'phone1Block', 'phone2Block', 'phone3Block', 'phone1CellConsent'];
const phones = ['phone1', 'phone2', 'phone3'];
const mapped = [...plain, ...switches, ...phones];

const differences: Readonly<Record<string, Readonly<Record<string, CanonicalValue>>>> = {
  'two plain fields': { firstName: 'Eve', balance: '1' },
  'a plain field and a block': { phone2Block: 'true', balance: '1' },
  'a plain field and a phone': { phone2: '2025550177', balance: '1' },
};

for (const [name, changed] of Object.entries(differences)) {
  process.stdout.write(`${name}: ${measure(changed).toLocaleString('en-US')} patches per second and core\n`);
}

function measure(changed: Readonly<Record<string, CanonicalValue>>): number {
  const owners = Object.fromEntries(mapped.map((field) => [field, toDefaultOwner(field)]));
  const plan = makePlanner({ createActive: true, owners, onAbsence: 'nothing' });
  const pairs = Array.from({ length: contacts }, (_, index) => makePair(index, changed));
  const pass = (): number => pairs.reduce((sum, [mirror, desired]) => sum + plan(mirror, desired).length, 0);
  for (let round = 0; round < warmUps; round += 1) pass();
  const before = process.cpuUsage();
  let patches = 0;
  for (let round = 0; round < rounds; round += 1) patches += pass();
  const { user, system } = process.cpuUsage(before);
  return Math.round(patches / ((user + system) / 1_000_000));
}

/** A contact as the mirror has it, with all its fields, and as the system of record wants it. */
function makePair(
  index: number,
  changed: Readonly<Record<string, CanonicalValue>>,
): readonly [MirrorContact, DesiredContact] {
  const values: Record<string, CanonicalValue> = {};
  for (const { name, type } of contactFields) values[name] = type === 'boolean' ? 'false' : null;
  for (const name of plain) values[name] = `${name} ${index}`;
  for (const [place, name] of phones.entries()) values[name] = `202555010${place}`;
  values['active'] = 'true';
  const rawPhones = Object.fromEntries(
    phoneOrdinals.map((ordinal) => [`phone${ordinal}`, values[`phone${ordinal}`] ?? null]),
  );
  const account = `A${index}`;
  const fields = { ...Object.fromEntries(mapped.map((name) => [name, values[name] ?? null])), ...changed };
  return [
    { account, lvAccountId: String(index), mergedAt: 'v1', modifyDate: null, values, rawPhones },
    { account, fields },
  ];
}
