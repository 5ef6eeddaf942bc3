/** The queries of docs/mirror.md, run against a mirror of the sandbox: each brings rows that say what its heading promises. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { insertQuarantined } from '../../src/store/index.ts';
import { putContact } from '../support/sandbox-admin.ts';
import { type Setup, setupReferences } from './setup.ts';

type Row = Record<string, unknown>;

const page = readFileSync(new URL('../../docs/mirror.md', import.meta.url), 'utf8');

/** Heading → query. */
const queries = new Map(
  [...page.matchAll(/^### (.+)$(?:(?!^#)[\s\S])*?^```sql\n([\s\S]+?)^```$/gm)].map(([, heading, sql]) => [
    heading,
    sql,
  ]),
);

async function setup(): Promise<Setup> {
  const made = await setupReferences({ contacts: 400 });
  const open = { state: 'NY', active: true, phone1CellConsent: true, phone1SmsConsent: true };
  await putContact(made.sandbox, 'TODAY', { phone1: '2125550101', ...open, accountBlockDaily: true, groupId: 83_190 });
  await putContact(made.sandbox, 'OPEN', { phone1: '2125550102', ...open });
  const { added } = await made.pull();
  expect(added).toBe(402);
  const [{ id } = {}] = await made.select('select id from sync.runs');
  await made.select(`update mirror.contacts set merged_at = merged_at - interval '1 hour'`);
  await putContact(made.sandbox, 'A0000003', { firstName: 'Renamed' });
  await made.pull();
  const reason = 'balance: not a number';
  const download = { tenant: 'acme', runId: String(id), origin: 'livevox', file: 'x.download' } as const;
  await insertQuarantined(made.store.pool, download, [
    { line: 2, account: 'Q1', reason, raw: 'Q1,x' },
    { line: 3, account: 'Q2', reason, raw: 'Q2,y' },
  ]);
  await made.select(`update mirror.contacts set tombstoned_at = now() where account in ('A0000001', 'A0000002')`);
  await made.store.pool.query('analyze mirror.contacts (tenant, account)');
  return made;
}

const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

/** What the rows of each query have to say. */
const promises: Readonly<Record<string, (rows: readonly Row[]) => void>> = {
  'Is the mirror fresh': (rows) => {
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ tenant: 'acme', gaps: 0, contacts_about: '402', watermark: expect.any(Date) });
    expect(rows[0]?.['agents_fetched_at']).toBeInstanceOf(Date);
  },
  'Which time is missing': (rows) => {
    expect(rows.map((row) => row['kind'])).toEqual(['covered']);
    expect(rows[0]?.['starts_at']).toEqual(new Date(0));
  },
  'Contacts and balances by state': (rows) => {
    expect(rows.map((row) => row['state'])).toEqual(expect.arrayContaining(['NY', 'CA', 'TX']));
    expect(sum(rows, 'contacts')).toBeGreaterThan(300);
    for (const row of rows) expect(Number(row['balance'])).toBeGreaterThan(Number(row['average']));
  },
  'What stops phones from being dialled': (rows) => {
    const phones = new Map(rows.map((row) => [row['blocked_by'], Number(row['phones'])]));
    expect([...phones.keys()].sort()).toEqual(['account', 'account_daily', 'nothing', 'phone']);
    expect(phones.get('account_daily')).toBe(1);
    expect(phones.get('nothing')).toBeGreaterThan(phones.get('phone') ?? 0);
  },
  'Who may be called, who may be texted': (rows) => {
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      expect(Number(row['may_be_called'])).toBeGreaterThan(0);
      expect(Number(row['may_be_called'])).toBeLessThanOrEqual(Number(row['phones']));
    }
  },
  'By custom fields, under their labels': (rows) => {
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(Number(row['Days Past Due'])).toBeGreaterThan(90);
    expect(new Set(rows.map((row) => row['Product, Line'])).size).toBeGreaterThan(2);
  },
  'What changed this week, and by whom': (rows) => {
    expect(sum(rows, 'contacts')).toBeGreaterThanOrEqual(2);
    expect(sum(rows, 'contacts')).toBeLessThan(50);
  },
  'What could not be read': (rows) => {
    expect(rows).toEqual([
      { origin: 'livevox', reason: 'balance: not a number', rows: '2', last_seen: expect.any(Date) },
    ]);
  },
  'Contacts by group and agent': (rows) => {
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((row) => row['contact_group'] === null || row['agent'] === null)).toEqual([]);
    expect(rows.filter((row) => String(row['skills']).includes('GOLD')).length).toBeGreaterThan(5);
  },
  'What is gone': (rows) => {
    expect(sum(rows, 'contacts')).toBe(2);
  },
  'What a contact was, as far as we knew': (rows) => {
    expect(rows).toMatchObject([{ account: 'A0000003', known_until: null }]);
    expect(rows[0]?.['first_name']).not.toBe('Renamed');
  },
  'Which fields changed, from what to what, and by whom': (rows) => {
    expect(rows).toContainEqual(
      expect.objectContaining({ field: 'first_name', changed_by: 'pull', changes: '1', a_new_value: 'Renamed' }),
    );
  },
};

describe('docs/mirror.md', () => {
  test('has twelve queries, each under a heading that says what it brings', () => {
    expect([...queries.keys()]).toEqual(Object.keys(promises));
    expect(page.match(/^```sql$/gm)).toHaveLength(queries.size);
    expect(queries.size).toBe(12);
  });

  test('each query brings what its heading promises', async () => {
    const { select } = await setup();
    for (const [heading, sql] of queries) {
      const rows = await select(String(sql));
      expect(rows.length, heading).toBeGreaterThan(0);
      promises[String(heading)]?.(rows);
    }
  });

  test('names every table and view of the schema', async () => {
    const { select } = await setupReferences({ contacts: 1 });
    const found = await select(
      `select 'mirror.' || relname as name from pg_class where relnamespace = 'mirror'::regnamespace and relkind in ('r', 'v')`,
    );
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter(({ name }) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
