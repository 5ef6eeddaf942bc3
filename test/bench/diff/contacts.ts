/**
 * Made-up contacts of 24 mapped fields, spelt twice: as SQL, for the mirror and for the tables of those who compare by hand, and as rows of
 * a system of record. Every hundredth has another first name there; the rows come in another order.
 */
import type { CanonicalValue, Owner } from '../../../src/contact/index.ts';
import type { SystemOfRecord } from '../../../src/system-of-record/index.ts';

type Spelling = {
  readonly field: string;
  readonly column: string;
  readonly type: string;
  /** Of the contact number `i`. */
  readonly sql: string;
  readonly js: (i: number) => CanonicalValue;
};

const text = (field: string, column: string, prefix: string, modulo: number): Spelling => ({
  ...{ field, column, type: 'text', sql: `'${prefix}' || i % ${modulo}` },
  js: (i) => `${prefix}${i % modulo}`,
});

const spellings: readonly Spelling[] = [
  text('firstName', 'first_name', 'First', 5_000),
  text('lastName', 'last_name', 'Last', 40_000),
  text('address1', 'address1', 'Main Street ', 90_000),
  text('address2', 'address2', 'Floor ', 60),
  text('city', 'city', 'Springfield ', 900),
  text('department', 'department', 'Department ', 12),
  text('email', 'email', 'somebody@example.test', 1_000_000_000),
  text('originalAccountNumber', 'original_account_number', 'ORIG-', 1_000_000_000),
  text('guarantorFirstName', 'guarantor_first_name', 'G', 3_000),
  text('guarantorLastName', 'guarantor_last_name', 'Guarantor', 30_000),
  text('salutation', 'salutation', 'S', 4),
  text('title', 'title', 'T', 9),
  text('COL1', 'col1', 'segment ', 20),
  text('COL2', 'col2', 'loan ', 1_000_000_000),
  { field: 'groupId', column: 'group_id', type: 'integer', sql: '100 + i % 40', js: (i) => String(100 + (i % 40)) },
  { field: 'agentId', column: 'agent_id', type: 'integer', sql: '1 + i % 300', js: (i) => String(1 + (i % 300)) },
  {
    field: 'balance',
    column: 'balance',
    type: 'numeric',
    sql: `(1 + i % 9000) + 0.25`,
    js: (i) => `${1 + (i % 9000)}.25`,
  },
  {
    ...{ field: 'amountToSpeak', column: 'amount_to_speak', type: 'numeric', sql: `(1 + i % 700) + 0.5` },
    js: (i) => `${1 + (i % 700)}.5`,
  },
  {
    ...{ field: 'dueDate', column: 'due_date', type: 'date', sql: `date '2026-01-01' + (i % 28)::int` },
    js: (i) => `2026-01-${String(1 + (i % 28)).padStart(2, '0')}`,
  },
  {
    ...{ field: 'phone1', column: 'phone1', type: 'text', sql: `(2025550000::bigint + i % 9000)::text` },
    js: (i) => String(2_025_550_000 + (i % 9000)),
  },
  {
    ...{ field: 'phone2', column: 'phone2', type: 'text', sql: `(3125550000::bigint + i % 7000)::text` },
    js: (i) => String(3_125_550_000 + (i % 7000)),
  },
  { field: 'phone1Block', column: 'phone1_block', type: 'boolean', sql: 'i % 50 = 0', js: (i) => String(i % 50 === 0) },
  {
    ...{ field: 'phone1CellConsent', column: 'phone1_cell_consent', type: 'boolean', sql: 'i % 3 = 0' },
    js: (i) => String(i % 3 === 0),
  },
  { field: 'active', column: 'active', type: 'boolean', sql: 'true', js: () => 'true' },
];

export const mappedCount = spellings.length;
export const owners: Readonly<Record<string, Owner>> = Object.fromEntries(
  spellings.map(({ field }) => [field, 'record']),
);

const account = `'ACCT-' || lpad(i::text, 9, '0')`;
const columns = spellings.map(({ column }) => column).join(', ');
const differs = 100;
/** Prime, so that it visits every contact once: another order than the mirror's. */
const stride = 7_919;

/** The mirror of tenant `bench`, as a first load leaves it. */
export function toMirrorSql(rows: number): string {
  return `
    insert into mirror.contacts (tenant, account, ${columns}, lv_account_id, modify_date, first_seen_at, merged_at, merged_by)
    select 'bench', ${account}, ${spellings.map(({ sql }) => sql).join(', ')}, i, '2026-01-01', '2026-01-01', '2026-01-01',
           '00000000-0000-0000-0000-000000000000'
      from generate_series(1::bigint, ${rows}) i;
    analyze mirror.contacts;`;
}

/** Two tables of account and 24 typed columns, for those who compare column by column. */
export function toHandMadeSql(rows: number): string {
  const types = spellings.map(({ column, type }) => `${column} ${type}`).join(', ');
  const made = spellings.map(({ column, sql }) =>
    column === 'first_name' ? `${sql} || case when i % ${differs} = 0 then 'x' else '' end` : sql,
  );
  return `
    create schema if not exists by_hand;
    drop table if exists by_hand.mirror, by_hand.desired;
    create unlogged table by_hand.mirror (account text primary key, ${types});
    create unlogged table by_hand.desired (account text primary key, ${types});
    insert into by_hand.mirror select ${account}, ${spellings.map(({ sql }) => sql).join(', ')} from generate_series(1::bigint, ${rows}) i;
    insert into by_hand.desired
    select ${account}, ${made.join(', ')} from (select 1 + (s * ${stride}) % ${rows} as i from generate_series(1::bigint, ${rows}) s) g;
    analyze by_hand.mirror; analyze by_hand.desired;`;
}

const distinct = `(${spellings.map(({ column }) => `m.${column}`).join(', ')}) is distinct from (${spellings.map(({ column }) => `d.${column}`).join(', ')})`;

export const fullJoinSql = `
  create temporary table differing as
  select coalesce(m.account, d.account) as account
    from by_hand.mirror m full join by_hand.desired d on d.account = m.account
   where m.account is null or d.account is null or ${distinct}`;

export const exceptSql = `
  create temporary table differing as
  select account from (
    (select account, ${columns} from by_hand.desired except select account, ${columns} from by_hand.mirror)
    union all
    (select account, ${columns} from by_hand.mirror except select account, ${columns} from by_hand.desired)) e
  group by account`;

/** The first `count` of `rows` contacts in the order of the reading. */
export function makeSource(rows: number, count: number, isComplete: boolean): SystemOfRecord {
  return {
    ...{ label: 'bench', isComplete, onAbsence: 'nothing' as const, filesPassedOver: 0, owners },
    rows: async function* () {
      for (let s = 1; s <= count; s += 1) {
        const i = 1 + Number((BigInt(s) * BigInt(stride)) % BigInt(rows));
        const fields: Record<string, CanonicalValue> = {};
        for (const { field, js } of spellings) fields[field] = js(i);
        if (i % differs === 0) fields['firstName'] += 'x';
        const name = `ACCT-${String(i).padStart(9, '0')}`;
        yield { kind: 'desired' as const, account: name, line: s, fields, raw: name };
      }
    },
  };
}

/** Touches so many contacts as a merge does. */
export function toTouchSql(rows: number, count: number): string {
  const step = Math.floor(rows / count);
  return `
    insert into sync.touched_contacts (tenant, account)
    select 'bench', ${account} from (select 1 + (s * ${step}) % ${rows} as i from generate_series(1::bigint, ${count}) s) g;
    analyze sync.touched_contacts;`;
}
