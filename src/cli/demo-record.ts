/**
 * Writes the system-of-record CSV of the demo: the sandbox's own contacts under a call centre's column names, with the differences that
 * a night brings - new accounts, changed names, phones, balances and custom fields, new blocks, withdrawn consents, lifted
 * blocks - and some rows that no one may accept. Which contact differs how depends on its place alone, so each demo is the same.
 */
import { open } from 'node:fs/promises';
import Papa from 'papaparse';
import type { FieldMapping } from '../config.ts';

/** A contact as the sandbox's admin API shows it. */
export type SandboxContact = { readonly account: string; readonly fields: Readonly<Record<string, string | null>> };

/** LiveVox field → column of the demo's CSV. */
export const demoMapping = {
  account: 'acct_no',
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
  city: 'city',
  state: 'state',
  zipCode: 'zip',
  balance: 'balance',
  dueDate: 'due_on',
  accountBlock: 'do_not_call',
  phone1: 'home_phone',
  phone1Block: 'home_do_not_call',
  phone1CellConsent: 'home_cell_ok',
  phone2: 'work_phone',
  phone2Block: 'work_do_not_call',
  phone2SmsConsent: 'work_sms_ok',
  COL1: 'segment',
} as const;

/** The same with the call centre's word over LiveVox's for blocks and consents too, so that the demo shows lifts. */
export const demoRules: FieldMapping = Object.fromEntries(
  Object.entries(demoMapping).map(([field, column]) =>
    /(?:Block|Consent)$/.test(field) ? [field, { column, owner: 'record' as const }] : [field, column],
  ),
);

type DemoField = keyof typeof demoMapping;
type DemoRow = Record<DemoField, string>;

const fields = Object.keys(demoMapping) as readonly DemoField[];

/** What was put into the file, by kind; for the summary. */
export type DemoCounts = Record<string, number>;

const newAccounts = 300;

/** Writes the file (0600) and returns what is in it. */
export async function writeDemoRecord(
  file: string,
  contacts: AsyncIterable<readonly SandboxContact[]>,
): Promise<DemoCounts> {
  const counts: DemoCounts = {};
  const out = await open(file, 'w', 0o600);
  try {
    await out.write(`${fields.map((field) => demoMapping[field]).join(',')}\r\n`);
    let place = 0;
    for await (const batch of contacts) {
      await out.write(formatRows(batch.map((contact) => toDemoRow(contact, place++, counts))));
    }
    const created = Array.from({ length: newAccounts }, (_, index) => makeNewRow(index));
    counts['new accounts'] = created.length;
    await out.write(formatRows(created));
    const unacceptable = makeUnacceptableRows();
    counts['rows no one may accept'] = unacceptable.rows;
    await out.write(unacceptable.text);
  } finally {
    await out.close();
  }
  return counts;
}

function formatRows(rows: readonly DemoRow[]): string {
  return `${Papa.unparse({ fields: [...fields], data: rows.map((row) => fields.map((field) => row[field])) }, { header: false, newline: '\r\n' })}\r\n`;
}

/** The contact as LiveVox has it, in the spellings of a call centre's system, with the change that its place brings. */
function toDemoRow(contact: SandboxContact, place: number, counts: DemoCounts): DemoRow {
  const row = Object.fromEntries(fields.map((field) => [field, contact.fields[field] ?? ''])) as DemoRow;
  row.account = contact.account;
  for (const { every, at, name, applies, change } of changes) {
    if (place % every !== at || !applies(row)) continue;
    Object.assign(row, change(place));
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return row;
}

type DemoChange = {
  readonly name: string;
  readonly every: number;
  readonly at: number;
  readonly applies: (row: DemoRow) => boolean;
  readonly change: (place: number) => Partial<DemoRow>;
};

const always = (): boolean => true;

const changes: readonly DemoChange[] = [
  {
    name: 'changed names',
    every: 40,
    at: 1,
    applies: always,
    change: (place) => ({ lastName: `Oakfield-${place}` }),
  },
  {
    name: 'changed balances',
    every: 25,
    at: 2,
    applies: always,
    change: (place) => ({ balance: `${place}.5` }),
  },
  {
    name: 'changed phones',
    every: 50,
    at: 3,
    applies: always,
    change: (place) => ({ phone1: makePhone(place) }),
  },
  {
    name: 'changed custom fields',
    every: 60,
    at: 4,
    applies: always,
    change: (place) => ({ COL1: `segment ${place % 7}` }),
  },
  {
    name: 'new account blocks',
    every: 100,
    at: 5,
    applies: (row) => row.accountBlock !== 'true',
    change: () => ({ accountBlock: 'yes' }),
  },
  {
    name: 'new phone blocks',
    every: 50,
    at: 6,
    applies: (row) => row.phone1 !== '' && row.phone1Block !== 'true',
    change: () => ({ phone1Block: 'yes' }),
  },
  {
    name: 'withdrawn consents',
    every: 10,
    at: 7,
    applies: (row) => row.phone1 !== '' && row.phone1CellConsent === 'true',
    change: () => ({ phone1CellConsent: 'no' }),
  },
  {
    name: 'lifted account blocks',
    every: 3,
    at: 2,
    applies: (row) => row.accountBlock === 'true',
    change: () => ({ accountBlock: 'no' }),
  },
  {
    name: 'lifted phone blocks',
    every: 5,
    at: 4,
    applies: (row) => row.phone1 !== '' && row.phone1Block === 'true',
    change: () => ({ phone1Block: 'no' }),
  },
];

/** A number of the fictitious 555-01xx range, as people write it. */
function makePhone(place: number): string {
  const any = 201 + (place % 700);
  // No area code ends in 11.
  const area = any % 100 === 11 ? any + 1 : any;
  return `(${area}) 555-01${String(Math.floor(place / 700) % 100).padStart(2, '0')}`;
}

function makeNewRow(index: number): DemoRow {
  return {
    account: `NEW-${String(index + 1).padStart(5, '0')}`,
    firstName: index % 10 === 0 ? 'Zoë' : 'Robin',
    lastName: `Newcomer, ${index + 1}`,
    email: `robin.${index + 1}@example.com`,
    city: 'San Francisco',
    state: 'CA',
    zipCode: '94105',
    balance: `${100 + index}.25`,
    dueDate: '12/31/2026',
    accountBlock: index % 30 === 0 ? 'yes' : 'no',
    phone1: makePhone(index + 350),
    phone1Block: index % 20 === 0 ? 'yes' : 'no',
    phone1CellConsent: index % 2 === 0 ? 'yes' : 'no',
    phone2: '',
    phone2Block: 'no',
    phone2SmsConsent: 'no',
    COL1: 'new',
  };
}

/** Rows that have to be refused, each for a reason of its own. */
function makeUnacceptableRows(): { readonly text: string; readonly rows: number } {
  const bad = (account: string, change: Partial<DemoRow>): DemoRow => ({ ...makeNewRow(900), account, ...change });
  const rows = [
    bad('', {}),
    bad('BAD-PHONE', { phone1: '555-0100' }),
    bad('BAD-DATE', { dueDate: '02/30/2026' }),
    bad('BAD-BALANCE', { balance: '12 dollars' }),
    bad('BAD-BLOCK', { accountBlock: 'maybe' }),
    bad('BAD-CUSTOM', { COL1: 'x'.repeat(256) }),
    bad('TWICE', { firstName: 'First' }),
    bad('TWICE', { firstName: 'Second' }),
  ];
  const cutShort = 'CUT-SHORT,Robin,Newcomer\r\n';
  return { text: formatRows(rows) + cutShort, rows: rows.length + 1 };
}
