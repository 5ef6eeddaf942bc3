/** The roles of a database: what each may do and may not, run by each, and a whole sync by a login that is a worker and nothing else. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { grantRoles } from '../../src/store/grant-roles.ts';
import { closeStore, migrate, openStore, pruneHistory, type Store } from '../../src/store/index.ts';
import { makeHistoryMonths } from '../../src/store/make-history-months.ts';
import { setupDatabase, setupEmptyDatabase, type TestDatabase } from '../support/database.ts';
import { setupWorkplace } from '../support/lvsync.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { putContact, setupSandbox } from '../support/sandbox-admin.ts';

type Granted = TestDatabase & { readonly prefix: string };

/** A database with roles of its own; they are the server's, so they are dropped after the test. */
async function setupRoles(): Promise<Granted> {
  const database = await setupDatabase();
  const prefix = await makePrefix(database);
  await grantRoles(database.store, prefix);
  return { ...database, prefix };
}

/** A prefix of this database alone; roles that bear it are dropped after the test. */
async function makePrefix({ store, url }: TestDatabase): Promise<string> {
  const found = await store.pool.query<{ oid: string }>(
    `select oid::text from pg_database where datname = current_database()`,
  );
  const prefix = `lvt${found.rows[0]?.oid}`;
  onTestFinished(async () => {
    const admin = await openStore(url);
    const { rows } = await admin.pool.query<{ name: string }>(
      `select rolname as name from pg_roles where rolname ~ $1`,
      [`^${prefix}_`],
    );
    await admin.pool
      .query("select format('alter database %I owner to current_user', current_database()) as sql")
      .then((one) => admin.pool.query(one.rows[0].sql));
    for (const { name } of rows) await admin.pool.query(`drop owned by ${name} cascade`);
    for (const { name } of rows) await admin.pool.query(`drop role ${name}`);
    await closeStore(admin);
  });
  return prefix;
}

/** 'yes', or the SQLSTATE. */
async function tryAs(store: Store, role: string, sql: string): Promise<string> {
  const client = await store.pool.connect();
  try {
    await client.query('begin');
    await client.query(`set local role ${role}`);
    await client.query(sql);
    return 'yes';
  } catch (error) {
    return String((error as { readonly code?: string }).code);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** Statement → may worker, analyst, analyst with personal data. */
const statements: readonly [string, string][] = [
  ['select account, balance, active, phone1_block, modify_date from mirror.contacts', 'yes yes yes'],
  ['select first_name from mirror.contacts', 'yes no yes'],
  ['select ssn from mirror.contacts', 'yes no yes'],
  ['select date_of_birth from mirror.contacts', 'yes no yes'],
  ['select phone1 from mirror.contacts', 'yes no yes'],
  ['select email from mirror.contacts', 'yes no yes'],
  ['select address1 from mirror.contacts', 'yes no yes'],
  ['select col1 from mirror.contacts', 'yes no yes'],
  ['select * from mirror.contacts', 'yes no yes'],
  ['select c from mirror.contacts c', 'yes no yes'],
  ['select account, known_until from mirror.contact_versions', 'yes yes yes'],
  ['select last_name from mirror.contact_history', 'yes no yes'],
  ['select old_value from mirror.contact_changes', 'yes no yes'],
  [`select * from mirror.contact_as_of('A')`, 'yes no yes'],
  ['select account, ordinal, blocked_by from mirror.contact_phones', 'yes yes yes'],
  ['select phone from mirror.contact_phones', 'yes no yes'],
  ['select id, active from mirror.agents', 'yes yes yes'],
  ['select last_name from mirror.agents', 'yes no yes'],
  ['select note from mirror.contact_notes', 'yes no yes'],
  ['select * from mirror.associated_accounts', 'yes no yes'],
  ['select * from mirror.freshness', 'yes yes yes'],
  ['select * from mirror.coverage', 'yes yes yes'],
  ['delete from mirror.contacts', 'yes no no'],
  ['create view mirror.own as select 1', 'yes no no'],
  ['select * from mirror_history.contact_versions_default', 'yes no no'],
  ['select * from sync.runs', 'yes no no'],
  ['select * from sync.patches', 'yes no no'],
  [`insert into sync.reconciles (id, tenant, apply) values (gen_random_uuid(), 't', false)`, 'yes no no'],
  ['select accounts from sync.reconciles', 'yes no no'],
  [`insert into sync.totals values ('t', 'run', 'sync', 'proven', 1)`, 'yes no no'],
  [`insert into sync.notices (tenant, event, subject, sentence) values ('t', 'held', 's', '')`, 'yes no no'],
  [`update sync.notices set told_at = now()`, 'yes no no'],
  ['select * from sync.notices', 'yes no no'],
  ['select * from lvsync.migrations', 'yes no no'],
  ['create table sync.own (id integer)', 'yes no no'],
  [`insert into sync.audit (tenant, actor, action) values ('t', 'a', 'applied')`, 'yes no no'],
  ['update sync.audit set actor = null', 'no no no'],
  ['delete from sync.audit', 'no no no'],
  ['truncate sync.audit', 'no no no'],
  ['delete from sync.approvals', 'no no no'],
  ['drop table mirror.contacts', 'no no no'],
  ['alter table sync.runs add column x integer', 'no no no'],
  ['delete from lvsync.migrations', 'no no no'],
  ['create role lvt_other', 'no no no'],
  [`select mirror_history.make_month(now())`, 'yes no no'],
  [`select mirror_history.drop_month('contact_versions_1999_01')`, 'missing no no'],
  [`select mirror_history.drop_month('contact_versions_default')`, 'wrong no no'],
  [`select mirror.analyze_contacts()`, 'yes no no'],
];

const words: Readonly<Record<string, string>> = { yes: 'yes', '42501': 'no', '42P01': 'missing', '22023': 'wrong' };

describe('roles', () => {
  test('each may do what it needs and nothing else', async () => {
    const { store, prefix } = await setupRoles();
    const found: [string, string][] = [];
    for (const [sql] of statements) {
      const codes: string[] = [];
      for (const role of ['worker', 'analyst', 'analyst_pii']) codes.push(await tryAs(store, `${prefix}_${role}`, sql));
      found.push([sql, codes.map((code) => words[code] ?? code).join(' ')]);
    }
    expect(found).toEqual(statements);
  });

  test('no column that is called personal is open to an analyst, but for the account', async () => {
    const { store, prefix } = await setupRoles();
    const { rows } = await store.pool.query<{ name: string }>(
      `select c.relname || '.' || a.attname as name
         from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'mirror'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
          and has_column_privilege($1, c.oid, a.attnum, 'select')
          and (col_description(c.oid, a.attnum) ~ 'Personal data' or a.attname ~ 'name$|phone[0-9]*$|ssn|birth|address|email$|zip|city|^col[0-9]')
          and a.attname <> 'account'`,
      [`${prefix}_analyst`],
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(['agent_skills.name', 'contact_groups.name']);
  });

  test('a user who owns the database and may create roles needs no superuser; one who may not is told so', async () => {
    const database = await setupEmptyDatabase();
    const prefix = await makePrefix(database);
    const { pool } = database.store;
    await pool.query(
      `create role ${prefix}_admin login createrole password 'x'; create role ${prefix}_plain login password 'x'`,
    );
    const { rows } = await pool.query<{ name: string }>('select current_database() as name');
    await pool.query(`alter database ${rows[0]?.name} owner to ${prefix}_admin`);
    const as = async <T>(user: string, work: (store: Store) => Promise<T>): Promise<T> => {
      const url = new URL(database.url);
      [url.username, url.password] = [`${prefix}_${user}`, 'x'];
      const store = await openStore(url.href);
      return work(store).finally(() => closeStore(store));
    };
    await as('admin', async (store) => {
      await migrate(store);
      await grantRoles(store, prefix);
      await grantRoles(store, prefix);
      expect(await migrate(store)).toEqual({ applied: [] });
      expect((await store.pool.query('select count(*)::int as runs from sync.runs')).rows).toEqual([{ runs: 0 }]);
    });
    expect(await tryAs(database.store, `${prefix}_worker`, 'select * from sync.runs')).toBe('yes');
    await expect(as('plain', (store) => grantRoles(store, `${prefix}_b`))).rejects.toThrow(
      /^The roles cannot be made: permission denied.*Run lvsync migrate --roles as the owner/,
    );
  });

  test('granting again changes nothing, and takes back what was granted beyond', async () => {
    const { store, prefix } = await setupRoles();
    const selectGrants = async (): Promise<unknown> => {
      const { rows } = await store.pool.query(
        `select c.oid::regclass::text as name, c.relowner::regrole::text as owner, c.relacl::text as acl,
                (select json_agg(a.attacl::text order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attacl is not null) as columns
           from pg_class c where c.relnamespace in ('mirror'::regnamespace, 'sync'::regnamespace, 'mirror_history'::regnamespace) order by 1`,
      );
      return rows;
    };
    const before = await selectGrants();
    await grantRoles(store, prefix);
    expect(await selectGrants()).toEqual(before);
    await store.pool.query(`grant select on mirror.contacts to ${prefix}_analyst`);
    await grantRoles(store, prefix);
    expect(await tryAs(store, `${prefix}_analyst`, 'select ssn from mirror.contacts')).toBe('42501');
  });

  test('a login that is a worker and nothing else runs a whole sync, makes months and drops them', async () => {
    const { store, url, prefix } = await setupRoles();
    await store.pool.query(
      `create role ${prefix}_login login password 'x' in role ${prefix}_worker; alter role ${prefix}_login set role ${prefix}_worker`,
    );
    const login = new URL(url);
    [login.username, login.password] = [`${prefix}_login`, 'x'];
    const sandbox = await setupSandbox({ contacts: 20 });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    const mapping = { account: 'id', firstName: 'first' };
    const place = await setupWorkplace({
      sandbox,
      databaseUrl: login.href,
      tenant: { systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping } } },
    });
    await place.write('record.csv', 'id,first\nX1,New\nN1,Ann\n');
    const { code, stdout, stderr } = await place.run('sync');
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining('proven'),
      expect.not.stringContaining('denied'),
    ]);
    expect(await tryAs(store, `${prefix}_analyst_pii`, 'select first_name from mirror.main_contacts')).toBe('yes');
    expect(await tryAs(store, `${prefix}_analyst`, 'select account from mirror.main_contacts')).toBe('42501');
    const scheduled = await runLvsync(['schedule'], { cwd: place.folder, env: place.env });
    expect([scheduled.code, scheduled.stderr]).toEqual([0, []]);
    const worker = await openStore(login.href);
    try {
      await makeHistoryMonths(worker, new Date('2020-01-15T00:00:00Z'));
      const now = new Date('2021-01-15T00:00:00Z');
      expect(await pruneHistory(worker, { tenant: 'main', keepMonths: 1, now })).toEqual({ months: 2, versions: 0 });
    } finally {
      await closeStore(worker);
    }
  });
});
