/** The views for analysts over rows set by hand: phones, blocks in force, coverage, freshness. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { markTenant, openRun, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

const run = randomUUID();

/** Puts a contact of tenant acme into the mirror, merged at an instant of the database's own clock. */
async function putContact(
  store: Store,
  account: string,
  columns: Record<string, unknown>,
  mergedAt = 'now()',
): Promise<void> {
  const names = Object.keys(columns);
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, ${[...names, 'first_seen_at', 'merged_at', 'merged_by'].join(', ')})
     values ('acme', $1, ${names.map((_, index) => `$${index + 3}`).join(', ')}${names.length > 0 ? ', ' : ''}now(), ${mergedAt}, $2)`,
    [account, run, ...Object.values(columns)],
  );
}

async function select(store: Store, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await store.pool.query<Record<string, unknown>>(sql, values)).rows;
}

describe('mirror.contact_phones', () => {
  test('has a row for each phone that is there, with its own consents and counts', async () => {
    const { store } = await setupDatabase();
    await markTenant(store.pool, 'acme', 'America/New_York');
    await putContact(store, 'A1', {
      phone1: '2025550101',
      phone1_cell_consent: true,
      phone1_attempts_total: 4,
      phone10: '2025550110',
      phone10_sms_consent: true,
      phone10_attempts_today: 2,
      phone3_block: true,
    });
    await putContact(store, 'A2', {});
    const found = await select(
      store,
      `select account, ordinal, phone, attempts_total, attempts_today, cell_consent, sms_consent, blocked, blocked_by
         from mirror.contact_phones order by 1, 2`,
    );
    const open = { blocked: false, blocked_by: null };
    expect(found).toEqual([
      {
        account: 'A1',
        ordinal: 1,
        phone: '2025550101',
        attempts_total: 4,
        attempts_today: null,
        cell_consent: true,
        sms_consent: null,
        ...open,
      },
      {
        account: 'A1',
        ordinal: 10,
        phone: '2025550110',
        attempts_total: null,
        attempts_today: 2,
        cell_consent: null,
        sms_consent: true,
        ...open,
      },
    ]);
  });

  test('says what stops a phone from being dialled, the most lasting first; a daily block of yesterday stops nothing', async () => {
    const { store } = await setupDatabase();
    await markTenant(store.pool, 'acme', 'America/New_York');
    const yesterday = `(date_trunc('day', now() at time zone 'America/New_York') - interval '1 minute') at time zone 'America/New_York'`;
    const phone1 = '2025550101';
    const all = { account_block: true, account_block_daily: true, phone1_block: true, phone1_block_daily: true };
    const cases: readonly (readonly [Record<string, boolean>, string, string | null])[] = [
      [all, 'now()', 'account'],
      [{ ...all, account_block: false }, 'now()', 'phone'],
      [{ account_block_daily: true, phone1_block_daily: true }, 'now()', 'account_daily'],
      [{ phone1_block_daily: true }, 'now()', 'phone_daily'],
      [{ account_block_daily: true, phone1_block_daily: true }, yesterday, null],
      [{ ...all, account_block: false }, yesterday, 'phone'],
      [{}, 'now()', null],
    ];
    for (const [index, [columns, mergedAt]] of cases.entries())
      await putContact(store, `A${index}`, { phone1, ...columns }, mergedAt);
    const found = await select(
      store,
      `select blocked, blocked_by, block_daily_in_force from mirror.contact_phones order by account`,
    );
    expect(found.map((row) => row['blocked_by'])).toEqual(cases.map(([, , by]) => by));
    expect(found.map((row) => row['blocked'])).toEqual(cases.map(([, , by]) => by !== null));
    expect(found.map((row) => row['block_daily_in_force'])).toEqual([true, true, true, true, false, false, null]);
  });

  test('the phones of one account are found by the key', async () => {
    const { store } = await setupDatabase();
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, phone1, first_seen_at, merged_at, merged_by)
       select 'acme', 'A' || n, '2025550101', now(), now(), $1 from generate_series(1, 5000) n`,
      [run],
    );
    await store.pool.query('analyze mirror.contacts (tenant, account)');
    const plan = await select(
      store,
      `explain select * from mirror.contact_phones where tenant = 'acme' and account = 'A77'`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Scan using contacts_pkey/);
  });
});

/** Coverage of tenant acme: intervals as [from, until], ISO. */
async function putCoverage(store: Store, ...intervals: (readonly [string, string])[]): Promise<void> {
  const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
  for (const [from, until] of intervals) {
    await store.pool.query(
      `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
       values ('acme', $1, $2, $3, $3, 0, 0, 0, '', $3)`,
      [runId, from, until],
    );
  }
}

const at = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;
const begin = '1970-01-01T00:00:00.000Z';
const selectCoverage = (store: Store): Promise<Record<string, unknown>[]> =>
  select(
    store,
    `select tenant, kind, to_char(starts_at at time zone 'UTC', 'DD Mon') as from, to_char(ends_at at time zone 'UTC', 'DD Mon') as until
       from mirror.coverage order by starts_at`,
  );

describe('mirror.coverage and mirror.freshness', () => {
  test('join what meets and name what is missing', async () => {
    const { store } = await setupDatabase();
    await putCoverage(store, [begin, at(3)], [at(2), at(4)], [at(6), at(7)], [at(7), at(8)]);
    expect(await selectCoverage(store)).toEqual([
      { tenant: 'acme', kind: 'covered', from: '01 Jan', until: '04 Mar' },
      { tenant: 'acme', kind: 'gap', from: '04 Mar', until: '06 Mar' },
      { tenant: 'acme', kind: 'covered', from: '06 Mar', until: '08 Mar' },
    ]);
    await markTenant(store.pool, 'acme', 'America/New_York');
    const [row] = await select(
      store,
      `select tenant, time_zone, watermark, merged_at, gaps, minutes_behind from mirror.freshness`,
    );
    expect(row).toMatchObject({
      tenant: 'acme',
      time_zone: 'America/New_York',
      watermark: new Date(at(4)),
      merged_at: new Date(at(8)),
      gaps: 1,
    });
    const [age] = await select(
      store,
      `select round((extract(epoch from now() - $1::timestamptz) / 60)::numeric) as minutes`,
      [at(4)],
    );
    expect(Math.abs(Number(row?.['minutes_behind']) - Number(age?.['minutes']))).toBeLessThan(5);
  });

  test('a mirror that begins later than time has a gap, and no watermark', async () => {
    const { store } = await setupDatabase();
    await putCoverage(store, [at(3), at(4)]);
    expect((await selectCoverage(store)).map(({ kind, from }) => [kind, from])).toEqual([
      ['gap', '01 Jan'],
      ['covered', '03 Mar'],
    ]);
    expect(await select(store, `select watermark, gaps, time_zone from mirror.freshness`)).toEqual([
      { watermark: null, gaps: 1, time_zone: null },
    ]);
  });

  test('about how many contacts there are comes from the statistics', async () => {
    const { store } = await setupDatabase();
    for (const tenant of ['acme', 'beta']) await markTenant(store.pool, tenant, 'UTC');
    const count = `select tenant, contacts_about::int from mirror.freshness order by 1`;
    expect(await select(store, count)).toEqual([
      { tenant: 'acme', contacts_about: null },
      { tenant: 'beta', contacts_about: null },
    ]);
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by)
       select case when n <= 300 then 'acme' else 'beta' end, n, now(), now(), $1 from generate_series(1, 400) n`,
      [run],
    );
    await store.pool.query('analyze mirror.contacts (tenant, account)');
    expect(await select(store, count)).toEqual([
      { tenant: 'acme', contacts_about: 300 },
      { tenant: 'beta', contacts_about: 100 },
    ]);
  });

  test('a zone that Postgres does not know is refused, so that the views never fail over it', async () => {
    const { store } = await setupDatabase();
    await expect(markTenant(store.pool, 'acme', 'Mars/Olympus')).rejects.toThrow('time zone');
  });
});
