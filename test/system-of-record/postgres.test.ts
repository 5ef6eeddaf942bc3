import { describe, expect, test, vi } from 'vitest';
import type { FieldMapping, Secret } from '../../src/config.ts';
import type { RecordRow, SystemOfRecord } from '../../src/system-of-record/index.ts';
import { setupDatabase } from '../support/database.ts';
import { collect, open } from './open-record.ts';

const secret = (text: string): Secret => ({ reveal: () => text });

function openQuery(url: string, query: string, mapping: FieldMapping): Promise<SystemOfRecord> {
  const place = { urlVariable: 'CRM_URL', url: secret(url) };
  return open({ kind: 'postgres', ...place, query, mapping, complete: false, onAbsence: 'nothing' });
}

async function read(url: string, query: string, mapping: FieldMapping): Promise<RecordRow[]> {
  return collect((await openQuery(url, query, mapping)).rows());
}

async function setup() {
  const database = await setupDatabase();
  const countReaders = async (): Promise<number> => {
    const found = await database.store.pool.query<{ readers: number }>(
      `select count(*)::int as readers from pg_stat_activity
       where datname = current_database() and application_name = 'lvsync system of record'`,
    );
    return found.rows[0]?.readers ?? -1;
  };
  return { ...database, countReaders };
}

describe('rows of a query', () => {
  test('every type is taken as the text the server prints, so that no date slips and no digit is lost', async () => {
    const { url } = await setup();
    const query = `select 'A-1'::varchar as acct, date '2024-05-01' as due, timestamptz '2024-05-02 02:30:00+00' as born,
      12345678901234.50::numeric as owed, 0.1::float8 as spoken, true as dnc, 7::bigint as agent, null::text as note, 'x' as unmapped`;
    const mapping = {
      account: 'acct',
      dueDate: 'due',
      dateOfBirth: 'born',
      balance: 'owed',
      amountToSpeak: 'spoken',
      accountBlock: 'dnc',
      agentId: 'agent',
      COL1: 'note',
    };
    expect(await read(url, query, mapping)).toEqual([
      {
        kind: 'desired',
        account: 'A-1',
        line: 1,
        fields: {
          dueDate: '2024-05-01',
          dateOfBirth: '2024-05-01',
          balance: '12345678901234.5',
          amountToSpeak: '0.1',
          accountBlock: 'true',
          agentId: '7',
          COL1: null,
        },
        raw: JSON.stringify({
          acct: 'A-1',
          due: '2024-05-01',
          born: '2024-05-01 22:30:00-04',
          owed: '12345678901234.50',
          spoken: '0.1',
          dnc: 't',
          agent: '7',
          note: null,
        }),
      },
    ]);
  });

  test('a cast to date in the query means the day of the client', async () => {
    const { url } = await setup();
    const rows = await read(url, `select 'A-1' as acct, (timestamptz '2024-05-02 02:30:00+00')::date as due`, {
      account: 'acct',
      dueDate: 'due',
    });
    expect(rows).toMatchObject([{ fields: { dueDate: '2024-05-01' } }]);
  });

  test.each([0, 1, 999, 1000, 1001, 2500])('a query of %i rows gives each once, numbered from 1', async (count) => {
    const { url, countReaders } = await setup();
    const rows = await read(url, `select 'A-' || n as acct from generate_series(1, ${count}) n order by n;`, {
      account: 'acct',
    });
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    expect(rows.map((row) => [row.line, row.account])).toEqual(numbers.map((number) => [number, `A-${number}`]));
    await vi.waitUntil(async () => (await countReaders()) === 0);
  });

  test('a row that cannot be used comes out with its reason and the mapped columns', async () => {
    const { url } = await setup();
    const query = `select * from (values ('A-1', '555-0199', 'x'), (null, '2125550100', 'y')) as t (acct, cell, unmapped)`;
    expect(await read(url, query, { account: 'acct', phone1: 'cell' })).toEqual([
      {
        kind: 'unusable',
        line: 1,
        account: 'A-1',
        reason: 'phone1 (column "cell"): not a phone number of 10 digits',
        raw: '{"acct":"A-1","cell":"555-0199"}',
      },
      { kind: 'unusable', line: 2, reason: 'account is empty', raw: '{"acct":null,"cell":"2125550100"}' },
    ]);
  });

  test('a reader that stops early leaves no connection behind', async () => {
    const { url, countReaders } = await setup();
    const record = await openQuery(url, `select n as acct from generate_series(1, 100000) n`, {
      account: 'acct',
    });
    for await (const row of record.rows()) {
      if (row.line === 5) break;
    }
    await vi.waitUntil(async () => (await countReaders()) === 0);
  });

  test('an abort ends a query that has not answered yet, on the server too', async () => {
    const { url, countReaders } = await setup();
    const controller = new AbortController();
    const record = await openQuery(url, `select 'A-1' as acct from pg_sleep(600)`, { account: 'acct' });
    const rows = record.rows(controller.signal);
    const reading = rows[Symbol.asyncIterator]().next();
    await vi.waitUntil(async () => (await countReaders()) === 1);
    controller.abort(new Error('stopped by hand'));
    await expect(reading).rejects.toThrow('stopped by hand');
    await vi.waitUntil(async () => (await countReaders()) === 0, { timeout: 8000, interval: 100 });
  }, 15_000);
});

describe('a query that cannot be used', () => {
  test('a mapped column that is missing or repeats is told, even when there are no rows', async () => {
    const { url } = await setup();
    const reading = read(url, `select 1 as acct_no, 2 as cell, 3 as cell where false`, {
      account: 'acct_nr',
      phone1: 'cell',
    });
    await expect(reading).rejects.toMatchObject({
      name: 'ConfigError',
      problems: [
        'The column "acct_nr", mapped to account, is missing in the query; the nearest is "acct_no".',
        'The column "cell", mapped to phone1, stands 2 times in the query; rename all but one.',
      ],
    });
  });

  test('a query that writes is refused and writes nothing', async () => {
    const { url, store } = await setup();
    await store.pool.query('create table crm (acct text)');
    const reading = read(url, `insert into crm values ('A-1') returning acct`, { account: 'acct' });
    await expect(reading).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringContaining('cannot execute INSERT in a read-only transaction'),
    });
    expect((await store.pool.query('select acct from crm')).rows).toEqual([]);
  });

  test('a mistake in the query is told in the words of the server', async () => {
    const { url } = await setup();
    await expect(read(url, 'select acct from nowhere', { account: 'acct' })).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringContaining('relation "nowhere" does not exist'),
    });
  });

  test('an error about a value is told by its code alone, because the server quotes the value', async () => {
    const { url } = await setup();
    const reading = read(url, `select x::int as acct from (values ('Maria Gonzales')) as t (x)`, { account: 'acct' });
    await expect(reading).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringMatching(/^(?!.*Maria).*SQLSTATE 22P02/),
    });
  });

  test('a database that does not exist is told once, for a person to mend', async () => {
    const { url } = await setup();
    const elsewhere = new URL(url);
    elsewhere.pathname = '/no_such_database';
    await expect(read(elsewhere.href, 'select 1 as acct', { account: 'acct' })).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringContaining('database "no_such_database" does not exist'),
    });
  });

  test('a server that cannot be reached is named without user and password', async () => {
    const reading = read('postgres://maria:s3cret@127.0.0.1:1/crm', 'select 1 as acct', { account: 'acct' });
    await expect(reading).rejects.toMatchObject({
      name: 'RetriableError',
      message:
        'The system of record at 127.0.0.1:1/crm cannot be read: connect ECONNREFUSED 127.0.0.1:1. ' +
        'Check CRM_URL and that the server runs.',
    });
  });

  test('a text that is no connection string is told by the name of its variable', async () => {
    await expect(
      read('postgres://maria:s3cret@host:port/crm', 'select 1 as acct', { account: 'acct' }),
    ).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^(?!.*s3cret)CRM_URL is no PostgreSQL connection string/),
    });
  });

  test('a connection lost between two batches is worth another try', async () => {
    const { url, store } = await setup();
    const readAndKill = async (): Promise<void> => {
      const record = await openQuery(url, 'select n as acct from generate_series(1, 100000) n', {
        account: 'acct',
      });
      for await (const row of record.rows()) {
        if (row.line !== 5) continue;
        await store.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'lvsync system of record'`,
        );
      }
    };
    await expect(readAndKill()).rejects.toMatchObject({ name: 'RetriableError' });
  });
});
