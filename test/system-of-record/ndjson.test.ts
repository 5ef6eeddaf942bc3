/** JSON lines: values by key or path, numbers unrounded, and a bad line costs itself with its place and its text. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FieldMapping, NdjsonSourceConfig } from '../../src/config.ts';
import { ConfigError, FatalError } from '../../src/errors.ts';
import type { RecordRow } from '../../src/system-of-record/index.ts';
import { ndjsonSource, readAll, setupFile, summarize } from './open-record.ts';

const mapping = { account: 'id', city: 'address.city', balance: 'owed', accountBlock: 'dnc' };

async function read(
  content: string | Buffer,
  own: FieldMapping = mapping,
  more: Partial<NdjsonSourceConfig> = {},
): Promise<RecordRow[]> {
  return readAll(ndjsonSource(await setupFile(content, 'contacts.ndjson'), own, more));
}

describe('rows of JSON lines', () => {
  test('values are found by key and by path, numbers and yes/no as they are', async () => {
    const rows = await read(
      '{"id":9007199254740993,"address":{"city":"Troy"},"owed":100.50,"dnc":true}\n\n' +
        '{"id":"A-2","address.city":"Rome","owed":"7","dnc":0}\r\n' +
        '{"id":"A-3","address":{"city":null},"owed":null,"dnc":null}',
    );
    expect(rows).toMatchObject([
      { account: '9007199254740993', line: 1, fields: { city: 'Troy', balance: '100.5', accountBlock: 'true' } },
      { account: 'A-2', line: 3, fields: { city: 'Rome', balance: '7', accountBlock: 'false' } },
      { account: 'A-3', line: 4, fields: { city: null, balance: null } },
    ]);
    expect(rows[2]).toHaveProperty('fields', { city: null, balance: null });
  });

  test('a key that a row lacks says nothing, where null says that there is no value', async () => {
    const rows = await read(
      '{"id":"A-1","address":{"city":"Troy"},"owed":1,"dnc":true}\n{"id":"A-2","address":"none","owed":null}\n',
    );
    expect(rows[1]).toMatchObject({ account: 'A-2', fields: { balance: null } });
    expect(Object.keys((rows[1] as { fields: object }).fields)).toEqual(['balance']);
  });

  test('each bad line is unusable with line, offset, reason and raw text, and its block still counts', async () => {
    const rows = await read(
      [
        '{"id":"A-1","address":{"city":"Troy"},"owed":1,"dnc":false}',
        '{"id":"A-2","address":{"city":["Troy"]},"owed":{},"dnc":true}',
        'id=A-3',
        '["A-4"]',
        '{"address":{"city":"Troy"}}',
        '{"id":"A-6","owed":1e2}',
        '{"id":"A-7","ow',
      ].join('\n'),
    );
    expect(rows.slice(1)).toEqual([
      {
        kind: 'unusable',
        line: 2,
        byteOffset: 60,
        account: 'A-2',
        restrictions: { accountBlock: 'true' },
        reason:
          'city (column "address.city"): a list, not a single value; ' +
          'balance (column "owed"): an object, not a single value',
        raw: '{"id":"A-2","address":{"city":["Troy"]},"owed":{},"dnc":true}',
      },
      { kind: 'unusable', line: 3, byteOffset: 122, reason: 'not valid JSON', raw: 'id=A-3' },
      { kind: 'unusable', line: 4, byteOffset: 129, reason: 'not a JSON object', raw: '["A-4"]' },
      {
        kind: 'unusable',
        line: 5,
        byteOffset: 137,
        reason: 'account is empty',
        raw: '{"address":{"city":"Troy"}}',
      },
      {
        kind: 'unusable',
        line: 6,
        byteOffset: 165,
        account: 'A-6',
        reason: 'balance (column "owed"): not a plain decimal number (digits, at most one point, no separators)',
        raw: '{"id":"A-6","owed":1e2}',
      },
      { kind: 'unusable', line: 7, byteOffset: 189, reason: 'not valid JSON', raw: '{"id":"A-7","ow' },
    ]);
  });

  test('bytes that are no text of the encoding make their line unusable and no other', async () => {
    const bytes = Buffer.from('{"id":"A-1","n":"Ren\xe9e"}\n{"id":"A-2","n":"Ann"}\n', 'latin1');
    const own = { account: 'id', firstName: 'n' };
    expect(summarize(await read(bytes, own), 'firstName')).toEqual([
      [1, 'not valid UTF-8'],
      ['A-2', 'Ann'],
    ]);
    expect(summarize(await read(bytes, own, { encoding: 'windows-1252' }), 'firstName')).toEqual([
      ['A-1', 'Renée'],
      ['A-2', 'Ann'],
    ]);
  });

  test('an account that appears twice comes out twice, for the diff to find', async () => {
    const rows = await read('{"id":"A-1"}\n{"id":"A-1"}\n', { account: 'id' });
    expect(rows.map((row) => [row.kind, row.account])).toEqual([
      ['desired', 'A-1'],
      ['desired', 'A-1'],
    ]);
  });

  test('a byte order mark and gzip are seen', async () => {
    const rows = await read(gzipSync('\uFEFF{"id":"A-1"}\n'), { account: 'id' });
    expect(rows.map((row) => row.account)).toEqual(['A-1']);
  });

  test('keys that every JavaScript object has are no keys of a row', async () => {
    await expect(read('{"id":"A-1"}\n', { account: 'id', city: 'constructor.name' })).rejects.toThrow(ConfigError);
  });
});

describe('a file of JSON lines that cannot be used', () => {
  test('a mapped key that no row has is a fault of the configuration, told with the nearest', async () => {
    const reading = read('{"id":"A-1","address":{"city":"Troy"}}\nbad\n', { account: 'id', city: 'adress.city' });
    await expect(reading).rejects.toThrow(
      new ConfigError(
        'The key "adress.city", mapped to city, stands in no row of contacts.ndjson; the nearest is "address.city".',
      ),
    );
  });

  test('an empty file is told in one sentence', async () => {
    await expect(read('\n \n')).rejects.toThrow(new FatalError('contacts.ndjson is empty; it needs a row at least.'));
  });
});
