import { afterAll, describe, expect, test, vi } from 'vitest';
import type { FieldMapping, MysqlSourceConfig, Secret } from '../../src/config.ts';
import type { RecordRow, SystemOfRecord } from '../../src/system-of-record/index.ts';
import { setupFolder } from '../support/folder.ts';
import { openMysqlServer, setupMysql } from '../support/mariadb.ts';
import { collect, open, summarize } from './open-record.ts';

const server = await openMysqlServer();
afterAll(() => server?.stop());

const secret = (text: string): Secret => ({ reveal: () => text });

function openQuery(url: string, query: string, mapping: FieldMapping): Promise<SystemOfRecord> {
  const place = { urlVariable: 'CRM_URL', url: secret(url) };
  const source: MysqlSourceConfig = { kind: 'mysql', ...place, query, complete: false, onAbsence: 'nothing' };
  return open({ ...source, mapping });
}

async function read(url: string, query: string, mapping: FieldMapping): Promise<RecordRow[]> {
  return collect((await openQuery(url, query, mapping)).rows());
}

/** So many rows without a table, on any server. */
const count = (rows: number): string =>
  `with recursive n as (select 1 as n union all select n + 1 from n where n < ${rows}) select n as acct from n order by n`;

/** Rows of more bytes than the buffers on the way can take. */
const tooMuch = `select n.acct, repeat('x', 250) as note from (${count(1000)}) n join (${count(200)}) m`;

describe.skipIf(server === undefined)('rows of a MySQL query', () => {
  test('every type is taken as the text the server prints, so that no date slips and no digit is lost', async () => {
    const { url, admin } = await setupMysql(server);
    await admin.query(`create table crm (acct varchar(20), due date, born datetime, seen timestamp(3) null, owed decimal(20,2),
      spoken double, dnc tinyint(1), held bit(1), mask bit(12), agent bigint unsigned, code int(6) zerofill, note varchar(20),
      label enum('gold','blue'), doc text, since year);
      insert into crm values ('A-1', '2024-05-01', '2024-05-02 02:30:00', '2024-05-02 02:30:00.125', 12345678901234.50, 0.1,
        true, b'1', b'101', 18446744073709551615, 42, null, 'gold', 'Zoë 😀 \\'?\\'', 2024)`);
    const mapping = {
      account: 'acct',
      dueDate: 'due',
      dateOfBirth: 'born',
      balance: 'owed',
      amountToSpeak: 'spoken',
      accountBlock: 'dnc',
      phone1Block: 'held',
      COL1: 'mask',
      COL2: 'agent',
      COL3: 'code',
      COL4: 'note',
      COL5: 'label',
      COL6: 'doc',
      COL7: 'seen',
      COL8: 'since',
    };
    expect(await read(url, `select * from crm`, mapping)).toEqual([
      {
        kind: 'desired',
        account: 'A-1',
        line: 1,
        fields: {
          dueDate: '2024-05-01',
          dateOfBirth: '2024-05-02',
          balance: '12345678901234.5',
          amountToSpeak: '0.1',
          accountBlock: 'true',
          phone1Block: 'true',
          COL1: '5',
          COL2: '18446744073709551615',
          COL3: '000042',
          COL4: null,
          COL5: 'gold',
          COL6: "Zoë 😀 '?'",
          COL7: '2024-05-02 02:30:00.125Z',
          COL8: '2024',
        },
        raw: expect.stringMatching(/^{"acct":"A-1",.*"owed":"12345678901234.50",.*"note":null,/),
      },
    ]);
  });

  test('a TIMESTAMP is the instant it is, also in the hour that a change of the clocks repeats or leaves out', async () => {
    const { url, admin } = await setupMysql(server);
    // New York went back from -04:00 to -05:00 on 2024-11-03 at 06:00 UTC, and forward on 2024-03-10 at 07:00 UTC.
    await admin.query(`create table crm (acct int, at timestamp null);
      insert into crm values (1, '2024-11-03 05:30:00'), (2, '2024-11-03 06:30:00'), (3, '2024-11-03 03:59:59'),
        (4, '2024-11-03 04:00:00'), (5, '2024-11-04 04:59:59'), (6, '2024-11-04 05:00:00'), (7, '2024-03-10 07:00:00'),
        (8, '2024-03-11 03:59:59'), (9, '2024-03-11 04:00:00')`);
    const rows = await read(url, 'select * from crm order by acct', { account: 'acct', dueDate: 'at', COL1: 'at' });
    expect(rows.map((row) => row.kind === 'desired' && [row.fields['COL1'], row.fields['dueDate']])).toEqual([
      ['2024-11-03 05:30:00Z', '2024-11-03'],
      ['2024-11-03 06:30:00Z', '2024-11-03'],
      ['2024-11-03 03:59:59Z', '2024-11-02'],
      ['2024-11-03 04:00:00Z', '2024-11-03'],
      ['2024-11-04 04:59:59Z', '2024-11-03'],
      ['2024-11-04 05:00:00Z', '2024-11-04'],
      ['2024-03-10 07:00:00Z', '2024-03-10'],
      ['2024-03-11 03:59:59Z', '2024-03-10'],
      ['2024-03-11 04:00:00Z', '2024-03-11'],
    ]);
  });

  test('a DATETIME keeps its day, also at a time that the clocks of the client left out', async () => {
    const { url } = await setupMysql(server);
    const query = `select 1 as acct, cast('2024-03-10 02:30:00' as datetime) as due
      union all select 2, cast('2024-11-03 23:59:59' as datetime) union all select 3, cast('2024-11-03 00:00:00' as datetime)`;
    expect(summarize(await read(url, query, { account: 'acct', dueDate: 'due' }), 'dueDate')).toEqual([
      ['1', '2024-03-10'],
      ['2', '2024-11-03'],
      ['3', '2024-11-03'],
    ]);
  });

  test('a Z after a DATETIME that holds UTC makes it the day of the client', async () => {
    const { url } = await setupMysql(server);
    const query = `select 1 as acct, concat(cast('2024-05-02 02:30:00' as datetime), 'Z') as due, concat(from_unixtime(1714617000), 'Z') as at`;
    const rows = await read(url, query, { account: 'acct', dueDate: 'due', dateOfBirth: 'at' });
    expect(rows).toMatchObject([{ fields: { dueDate: '2024-05-01', dateOfBirth: '2024-05-01' } }]);
  });

  test('a zero date is quarantined and clears nothing', async () => {
    const { url, admin } = await setupMysql(server);
    await admin.query(`set sql_mode = ''; create table crm (acct int, due date, seen datetime, at timestamp null);
      insert into crm values (1, '0000-00-00', null, null), (2, '2024-05-00', null, null), (3, '2024-00-01', null, null),
        (4, null, '0000-00-00 00:00:00', null), (5, null, null, '0000-00-00 00:00:00'), (6, nullif('0000-00-00', '0000-00-00'), null, null)`);
    const query = 'select * from crm order by acct';
    const rows = await read(url, query, { account: 'acct', dueDate: 'due', dateOfBirth: 'seen', COL1: 'at' });
    const reason = (field: string, column: string): string =>
      `${field} (column "${column}"): a zero date; give null for "no date" in the query, such as nullif(born, 0)`;
    expect(summarize(rows, 'dueDate')).toEqual([
      [1, reason('dueDate', 'due')],
      [2, reason('dueDate', 'due')],
      [3, reason('dueDate', 'due')],
      [4, reason('dateOfBirth', 'seen')],
      [5, reason('COL1', 'at')],
      ['6', null],
    ]);
  });

  test('the advice for zero dates is good', async () => {
    const { url, admin } = await setupMysql(server);
    await admin.query(`set sql_mode = ''; create table crm (acct int, born date, at timestamp null);
      insert into crm values (1, '0000-00-00', '0000-00-00 00:00:00'), (2, '1980-01-02', '2024-05-02 02:30:00')`);
    const query = 'select acct, nullif(born, 0) as born, nullif(at, 0) as at from crm order by acct';
    const rows = await read(url, query, { account: 'acct', dateOfBirth: 'born', dueDate: 'at' });
    expect(rows).toMatchObject([
      { fields: { dateOfBirth: null, dueDate: null } },
      { fields: { dateOfBirth: '1980-01-02', dueDate: '2024-05-01' } },
    ]);
  });

  test('bytes are told as bytes, not taken for text', async () => {
    const { url, admin } = await setupMysql(server);
    await admin.query(`create table crm (acct int, id binary(2), doc blob, at point);
      insert into crm values (1, x'ff41', 'Zoë', point(1, 2))`);
    const reason = 'bytes, not text; convert them in the query, such as convert(name using utf8mb4) or hex(id)';
    const mapping = { account: 'acct', COL1: 'id', COL2: 'doc', COL3: 'at' };
    expect(await read(url, 'select * from crm', mapping)).toEqual([
      {
        kind: 'unusable',
        line: 1,
        account: '1',
        reason: `COL1 (column "id"): ${reason}; COL2 (column "doc"): ${reason}; COL3 (column "at"): ${reason}`,
        raw: JSON.stringify({ acct: '1', id: `(${reason})`, doc: `(${reason})`, at: `(${reason})` }),
      },
    ]);
    const converted = 'select acct, hex(id) as id, convert(doc using utf8mb4) as doc, st_astext(at) as at from crm';
    expect(await read(url, converted, mapping)).toMatchObject([
      { fields: { COL1: 'FF41', COL2: 'Zoë', COL3: 'POINT(1 2)' } },
    ]);
  });

  test('of JSON a single value is taken, a list or an object is not', async () => {
    const { url, admin } = await setupMysql(server);
    await admin.query(`create table crm (acct int, doc json);
      insert into crm values (1, '"Zo\\\\u00eb \\\\"Q\\\\""'), (2, '12345678901234567890.10'), (3, 'null'), (4, null), (5, 'true'),
        (6, '{"a": 1}'), (7, ' [1]'), (8, '"null"')`);
    const rows = await read(url, 'select * from crm order by acct', { account: 'acct', COL1: 'doc' });
    const reason = 'COL1 (column "doc"): a JSON list or object, not a single value; take one out in the query';
    expect(summarize(rows, 'COL1')).toEqual([
      ['1', 'Zoë "Q"'],
      ['2', expect.stringMatching(/^1234567890123456789/)],
      ['3', null],
      ['4', null],
      ['5', 'true'],
      [6, reason],
      [7, reason],
      ['8', 'null'],
    ]);
  });

  test.each([0, 1, 255, 256, 257, 2500])('a query of %i rows gives each once, numbered from 1', async (rows) => {
    const { url, admin, countReaders } = await setupMysql(server);
    await admin.query(
      `create table crm (acct int); insert into crm select a.acct + 50 * (b.acct - 1) from (${count(50)}) a join (${count(50)}) b`,
    );
    const found = await read(
      url,
      `select concat('A-', acct) as acct from crm where acct <= ${rows} order by crm.acct;`,
      {
        account: 'acct',
      },
    );
    const numbers = Array.from({ length: rows }, (_, index) => index + 1);
    expect(found.map((row) => [row.line, row.account])).toEqual(numbers.map((number) => [number, `A-${number}`]));
    await vi.waitUntil(async () => (await countReaders()) === 0);
  });

  test('all rows are of one instant, whatever is written meanwhile', async () => {
    const { url, admin } = await setupMysql(server);
    // More than the buffers on the way can take, so that the last row is still to be read when it changes.
    await admin.query(`create table crm (acct int primary key, note varchar(2000));
      insert into crm select n.acct, repeat('x', 2000) from (${count(1000)}) n;
      insert into crm select acct + 1000, note from crm; insert into crm select acct + 2000, note from crm;
      insert into crm select acct + 4000, note from crm; insert into crm select acct + 8000, note from crm`);
    const record = await openQuery(
      url,
      'select acct, left(note, 250) as note, note as ballast from crm order by acct',
      {
        account: 'acct',
        COL1: 'note',
      },
    );
    const notes = new Set<unknown>();
    for await (const row of record.rows()) {
      if (row.line === 1) await admin.query(`update crm set note = 'new' where acct = 16000`);
      notes.add(row.kind === 'desired' && row.fields['COL1']);
    }
    expect([...notes]).toEqual(['x'.repeat(250)]);
  });

  test('so are the statements of a procedure', async () => {
    const { url, name, admin, countReaders } = await setupMysql(server);
    await admin.query(`create table crm (acct int); insert into crm values (1); grant execute on ${name}.* to ${name};
      create procedure p() begin
        declare before_it int; select count(*) into before_it from crm; do get_lock('${name}', 30);
        select before_it as acct, count(*) as after_it from crm; end; do get_lock('${name}', 30)`);
    const reading = read(url, 'call p()', { account: 'acct', COL1: 'after_it' });
    await vi.waitUntil(async () => (await countReaders('User lock')) === 1);
    await admin.query(`insert into crm values (2); do release_lock('${name}')`);
    expect(await reading).toMatchObject([{ account: '1', fields: { COL1: '1' } }]);
  });

  test('a row that cannot be used comes out with its reason and the mapped columns', async () => {
    const { url } = await setupMysql(server);
    const query = `select 'A-1' as acct, '555-0199' as cell, 'x' as unmapped union all select null, '2125550100', 'y'`;
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
    const { url, countReaders } = await setupMysql(server);
    const record = await openQuery(url, tooMuch, { account: 'acct', COL1: 'note' });
    for await (const row of record.rows()) if (row.line === 5) break;
    await vi.waitUntil(async () => (await countReaders()) === 0);
  });

  test('an abort ends a query that has not answered yet, on the server too', async () => {
    const { url, countReaders } = await setupMysql(server);
    const controller = new AbortController();
    // Minutes of work at which the server does not look whether its client is there, as it does while it sleeps.
    const record = await openQuery(url, `select benchmark(1000000000, sha2('x', 512)) as acct`, { account: 'acct' });
    const reading = record.rows(controller.signal)[Symbol.asyncIterator]().next();
    await vi.waitUntil(async () => (await countReaders('executing')) === 1);
    controller.abort(new Error('stopped by hand'));
    await expect(reading).rejects.toThrow('stopped by hand');
    await vi.waitUntil(async () => (await countReaders()) === 0, { timeout: 8000, interval: 100 });
  }, 15_000);

  test('an abort between two rows ends the reading', async () => {
    const { url, countReaders } = await setupMysql(server);
    const controller = new AbortController();
    const record = await openQuery(url, count(1000), { account: 'acct' });
    const readAndAbort = async (): Promise<void> => {
      for await (const row of record.rows(controller.signal)) if (row.line === 5) controller.abort();
    };
    await expect(readAndAbort()).rejects.toThrow('aborted');
    await vi.waitUntil(async () => (await countReaders()) === 0);
  });
});

describe.skipIf(server === undefined)('a MySQL query that cannot be used', () => {
  test('a mapped column that is missing or repeats is told, even when there are no rows', async () => {
    const { url } = await setupMysql(server);
    const query =
      'select * from (select 1 as acct_no) a join (select 2 as cell) b join (select 3 as cell) c where false';
    await expect(read(url, query, { account: 'acct_nr', phone1: 'cell' })).rejects.toMatchObject({
      name: 'ConfigError',
      problems: [
        'The column "acct_nr", mapped to account, is missing in the query; the nearest is "acct_no".',
        'The column "cell", mapped to phone1, stands 2 times in the query; rename all but one.',
      ],
    });
  });

  test.each([
    `insert into crm values ('A-1')`,
    'drop table crm',
    'create table other (acct text)',
    'truncate crm',
    `commit and chain`,
  ])('what is no select is refused and writes nothing: %s', async (query) => {
    const { url, name, admin } = await setupMysql(server);
    await admin.query(
      `create table crm (acct text); insert into crm values ('A-0'); grant all on ${name}.* to ${name}`,
    );
    await expect(read(url, query, { account: 'acct' })).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringMatching(/READ ONLY transaction|gives no columns/),
    });
    expect((await admin.query('select acct from crm'))[0]).toEqual([{ acct: 'A-0' }]);
    expect((await admin.query('show tables'))[0]).toHaveLength(1);
  });

  test('two statements are not run, and a procedure with two results is refused', async () => {
    const { url, name, admin } = await setupMysql(server);
    await expect(read(url, 'select 1 as acct; select 2 as acct', { account: 'acct' })).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringContaining('error in your SQL syntax'),
    });
    await admin.query(`create procedure one() select 1 as acct;
      create procedure two() begin select 1 as acct; select 2 as other, 3 as acct; end; grant execute on ${name}.* to ${name}`);
    expect(await read(url, 'call one()', { account: 'acct' })).toMatchObject([{ account: '1' }]);
    await expect(read(url, 'call two()', { account: 'acct' })).rejects.toMatchObject({
      name: 'FatalError',
      message: 'The query of the system of record gives several results. Write one select in the config.',
    });
  });

  test.each([
    ['select acct from nowhere', /Table '\w+\.nowhere' doesn't exist/],
    ['select nothing from dual', /Unknown column 'nothing'/],
    ['select user from mysql.user', /command denied/],
  ])('a mistake in the query is told in the words of the server: %s', async (query, words) => {
    const { url } = await setupMysql(server);
    await expect(read(url, query, { account: 'acct' })).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringMatching(words),
    });
  });

  test.each([
    [`select updatexml(1, concat('~', x), 1) as acct from (select 'Maria Gonzales' as x) t`, 'error 1105'],
    [`select 9223372036854775807 + char_length(x) as acct from (select 'Maria Gonzales' as x) t`, 'error 1690'],
  ])(
    'an error about a value is told by its number alone, because the server may quote it: %s',
    async (query, number) => {
      const { url } = await setupMysql(server);
      const reading = read(url, query, { account: 'acct' });
      await expect(reading).rejects.toMatchObject({
        name: 'FatalError',
        message: expect.stringMatching(new RegExp(`^(?!.*Maria).*${number} \\(ER_\\w+\\)`)),
      });
    },
  );

  test('a query that the server ends for its time is worth another try', async () => {
    const { url, admin, countReaders } = await setupMysql(server);
    const reading = read(url, 'select sleep(600) as acct', { account: 'acct' });
    const told = expect(reading).rejects.toMatchObject({ name: 'RetriableError' });
    await vi.waitUntil(async () => (await countReaders()) === 1);
    await killReaders(admin, url, 'query');
    await told;
  });

  test('a server that has no connection to spare is worth another try', async () => {
    const { url, name, admin, countReaders } = await setupMysql(server);
    await admin.query(`alter user ${name} with max_user_connections 1`);
    const record = await openQuery(url, tooMuch, { account: 'acct' });
    for await (const _row of record.rows()) {
      await expect(read(url, 'select 1 as acct', { account: 'acct' })).rejects.toMatchObject({
        name: 'RetriableError',
        message: expect.stringMatching(/cannot be read now: error 1\d{3} \(ER_\w+\)\. Run again\.$/),
      });
      break;
    }
    await vi.waitUntil(async () => (await countReaders()) === 0);
  });

  test.each([
    ['password', 's3cret2', /^(?!.*s3cret).*refuses us: Access denied for user/],
    ['pathname', '/no_such_database', /refuses us: (Unknown database|Access denied for user)/],
  ] as const)('a refusal is told once, for a person to mend: %s', async (part, text, words) => {
    const { url } = await setupMysql(server);
    const elsewhere = new URL(url);
    elsewhere[part] = text;
    await expect(read(elsewhere.href, 'select 1 as acct', { account: 'acct' })).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringMatching(words),
    });
  });

  test('a connection lost between two rows is worth another try, and no end of the rows', async () => {
    const { url, admin } = await setupMysql(server);
    const readAndKill = async (): Promise<void> => {
      for await (const row of (await openQuery(url, tooMuch, { account: 'acct', COL1: 'note' })).rows()) {
        if (row.line === 5) await killReaders(admin, url, 'connection');
      }
    };
    await expect(readAndKill()).rejects.toMatchObject({ name: 'RetriableError' });
  });
});

describe.skipIf(server === undefined)('encryption', () => {
  const isEncrypted = `select if(variable_value = '', 'plain', 'encrypted') as acct
    from information_schema.session_status where variable_name = 'Ssl_cipher'`;

  function withParameters(url: string, host: string, parameters: Readonly<Record<string, string>>): string {
    const changed = new URL(url);
    changed.hostname = host;
    for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
    return changed.href;
  }

  test.skipIf(server?.authority === undefined)('ssl decides how far the certificate is looked at', async () => {
    const { url } = await setupMysql(server);
    const ca = { 'ssl-ca': server?.authority ?? '' };
    const readAt = async (host: string, parameters: Readonly<Record<string, string>>): Promise<unknown> => {
      const rows = read(withParameters(url, host, parameters), isEncrypted, { account: 'acct' });
      return rows.then(
        (found) => found[0]?.account,
        (error: Error) => `${error.name}: ${error.message}`,
      );
    };
    expect(await readAt('127.0.0.1', {})).toBe('plain');
    expect(await readAt('127.0.0.1', { ssl: 'no-verify' })).toBe('encrypted');
    expect(await readAt('127.0.0.1', { ssl: 'verify-ca', ...ca })).toBe('encrypted');
    expect(await readAt('localhost', { ssl: 'true' })).toMatch(/^FatalError: .*refuses us: .*self-signed certificate/);
    // Another name of this machine.
    expect(await readAt('127.1', { ssl: 'true', ...ca })).toMatch(/^FatalError: .*refuses us/);
    expect(await readAt('localhost', { ssl: 'true', ...ca })).toBe('encrypted');
    expect(await readAt('localhost', ca)).toBe('encrypted');
  });
});

describe('a MySQL address', () => {
  test('a server that cannot be reached is named without user and password', async () => {
    const reading = read('mysql://maria:s3cret@127.0.0.1:1/crm', 'select 1 as acct', { account: 'acct' });
    await expect(reading).rejects.toMatchObject({
      name: 'RetriableError',
      message:
        'The system of record at 127.0.0.1:1/crm cannot be read: connect ECONNREFUSED 127.0.0.1:1. ' +
        'Check CRM_URL and that the server runs.',
    });
  });

  test('a socket that is not there is named', async () => {
    const path = `${await setupFolder()}/none.sock`;
    const reading = read(`mysql://maria:s3cret@localhost/crm?socketPath=${path}`, 'select 1 as acct', {
      account: 'acct',
    });
    await expect(reading).rejects.toMatchObject({
      name: 'RetriableError',
      message: expect.stringMatching(/^(?!.*s3cret)The system of record at .*none.sock cannot be read: connect ENOENT/),
    });
  });

  test.each([
    'mysql://maria:s3cret@host:port/crm',
    'postgres://maria:s3cret@host/crm',
    'mysql://maria:s3cret%zz@host/crm',
    's3cret',
  ])('a text that is no connection string is told by the name of its variable: %s', async (url) => {
    await expect(read(url, 'select 1 as acct', { account: 'acct' })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^(?!.*s3cret)CRM_URL is no MySQL connection string/),
    });
  });

  test.each([
    ['multipleStatements=true', 'CRM_URL has the unknown parameter multipleStatements; use ssl, ssl-ca, socketPath.'],
    ['ssl=REQUIRED', 'ssl of CRM_URL must be true, verify-ca, no-verify, false.'],
    ['ssl=toString', 'ssl of CRM_URL must be true, verify-ca, no-verify, false.'],
    ['ssl=true', 'ssl of CRM_URL needs the name of the host, not its address; or say ssl=verify-ca.'],
    ['ssl=verify-ca&ssl-ca=/no/such/file', 'The file that ssl-ca of CRM_URL names cannot be read: /no/such/file.'],
  ])('a parameter that is not known is refused: %s', async (parameter, message) => {
    const reading = read(`mysql://maria:s3cret@127.0.0.1:1/crm?${parameter}`, 'select 1 as acct', { account: 'acct' });
    await expect(reading).rejects.toMatchObject({ name: 'ConfigError', message });
  });
});

type Admin = Awaited<ReturnType<typeof setupMysql>>['admin'];

async function killReaders(admin: Admin, url: string, what: 'query' | 'connection'): Promise<void> {
  const [found] = await admin.query(
    `select id from information_schema.processlist where user = '${new URL(url).username}'`,
  );
  for (const { id } of found as { id: number }[]) await admin.query(`kill ${what} ${id}`);
}
