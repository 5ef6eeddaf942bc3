/**
 * The system of record of a run: the sandbox's own contacts under the demo's columns, with changes by chance - blocks, withdrawn consents,
 * lifts, numbers that move with their block, new accounts - and once more the same with further changes. A second version never takes
 * back a stop of the first, and stops nobody whom the first lifts, so what is meant to be stopped at an instant is never a matter of opinion.
 */
import { writeFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { demoMapping } from '../../src/cli/demo-record.ts';
import type { PlainContact } from '../../src/sandbox/index.ts';
import type { Dice } from './dice.ts';

type Field = keyof typeof demoMapping;
export type RecordRow = Record<Field, string>;

const fields = Object.keys(demoMapping) as readonly Field[];

/** The first version. */
export function makeRecord(
  dice: Dice,
  contacts: ReadonlyMap<string, PlainContact['fields']>,
  newAccounts: number,
): readonly RecordRow[] {
  const rows = [...contacts].map(([account, shown], place) => {
    const row = Object.fromEntries(fields.map((field) => [field, shown[field] ?? ''])) as RecordRow;
    return change(dice, { ...row, account }, place, true);
  });
  return [...rows, ...Array.from({ length: newAccounts }, (_, index) => makeNewRow(dice, `NEW-${index + 1}`))];
}

/** The next version: more stops and changes, no lift, some new accounts. */
export function changeRecord(
  dice: Dice,
  rows: readonly RecordRow[],
  lifted: ReadonlySet<string>,
): readonly RecordRow[] {
  const changed = rows.map((row, place) => (lifted.has(row.account) ? row : change(dice, row, place + 400, false)));
  return [...changed, ...Array.from({ length: dice.int(1, 6) }, (_, index) => makeNewRow(dice, `LATE-${index + 1}`))];
}

/** Accounts of which the rows let something be dialled, or spoken to, that LiveVox does not. */
export function findLifted(
  rows: readonly RecordRow[],
  contacts: ReadonlyMap<string, PlainContact['fields']>,
): ReadonlySet<string> {
  const isLifted = (row: RecordRow): boolean =>
    fields.some((field) => /Block$/.test(field) && isNo(row[field]) && contacts.get(row.account)?.[field] === 'true');
  return new Set(rows.filter(isLifted).map((row) => row.account));
}

/** Writes the file whole, by a rename, so that no reader ever sees half of it. */
export async function writeRecord(file: string, rows: readonly RecordRow[]): Promise<void> {
  const columns = fields.map((field) => demoMapping[field]);
  const data = rows.map((row) => fields.map((field) => row[field]));
  await writeFile(file, `${Papa.unparse({ fields: columns, data }, { newline: '\r\n' })}\r\n`, { mode: 0o600 });
}

function change(dice: Dice, row: RecordRow, place: number, mayLift: boolean): RecordRow {
  const next = { ...row };
  if (dice.chance(0.1)) next.lastName = `Oakfield-${place}`;
  if (dice.chance(0.1)) next.balance = `${place}.5`;
  if (dice.chance(0.05)) next.COL1 = `segment ${place % 7}`;
  if (dice.chance(0.06)) next.accountBlock = 'yes';
  if (next.phone1 !== '') {
    if (dice.chance(0.1)) next.phone1Block = 'yes';
    if (dice.chance(0.1)) next.phone1CellConsent = 'no';
    // Of a stopped number as well: then the block moves with it.
    if (dice.chance(isYes(next.phone1Block) ? 0.4 : 0.06)) next.phone1 = makePhone(place);
  }
  if (mayLift && isYes(row.accountBlock) && dice.chance(0.3)) next.accountBlock = 'no';
  if (mayLift && row.phone1 !== '' && isYes(row.phone1Block) && dice.chance(0.2)) next.phone1Block = 'no';
  return next;
}

function makeNewRow(dice: Dice, account: string): RecordRow {
  const number = dice.int(0, 69_999);
  return {
    account,
    firstName: 'Robin',
    lastName: 'Newcomer, R.',
    email: 'robin@example.com',
    city: 'San Francisco',
    state: 'CA',
    zipCode: '94105',
    balance: `${100 + (number % 100)}.25`,
    dueDate: '12/31/2026',
    accountBlock: dice.chance(0.2) ? 'yes' : 'no',
    phone1: makePhone(number),
    phone1Block: dice.chance(0.3) ? 'yes' : 'no',
    phone1CellConsent: dice.chance(0.5) ? 'yes' : 'no',
    phone2: '',
    phone2Block: 'no',
    phone2SmsConsent: 'no',
    COL1: 'new',
  };
}

/** A number of the fictitious 555-01xx range, as people write it. */
function makePhone(place: number): string {
  const any = 201 + (place % 700);
  // No area code ends in 11.
  const area = any % 100 === 11 ? any + 1 : any;
  return `(${area}) 555-01${String(Math.floor(place / 700) % 100).padStart(2, '0')}`;
}

/** As LiveVox shows it, or as the record says it. */
export function isYes(value: string): boolean {
  return value === 'yes' || value === 'true';
}

export function isNo(value: string): boolean {
  return value === 'no' || value === 'false';
}
