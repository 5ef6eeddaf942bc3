/** One's own code: every value of JavaScript has one clear meaning, and what the code throws is one sentence. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { FieldMapping, RecordRows } from '../../src/config.ts';
import { ConfigError, FatalError, RetriableError } from '../../src/errors.ts';
import type { RecordRow } from '../../src/system-of-record/index.ts';
import { moduleSource, open, readAll } from './open-record.ts';

async function* give(...rows: readonly unknown[]): AsyncGenerator<Record<string, unknown>> {
  for (const row of rows) yield row as Record<string, unknown>;
}

async function read(mapping: FieldMapping, ...rows: readonly unknown[]): Promise<RecordRow[]> {
  return readAll(moduleSource(mapping, () => give(...rows)));
}

describe('rows of one’s own code', () => {
  test('text, numbers, bigints, yes/no, instants and nothing become canonical values', async () => {
    const mapping = { account: 'id', balance: 'owed', dueDate: 'due', accountBlock: 'dnc', city: 'address.city' };
    const rows = await read(
      mapping,
      // 03:00 in UTC is the day before in New York, which is the client's zone.
      { id: 7n, owed: 100.5, due: new Date('2026-05-02T03:00:00Z'), dnc: true, address: { city: ' Troy ' } },
      { id: 'A-2', owed: null, due: undefined },
    );
    expect(rows).toEqual([
      {
        kind: 'desired',
        account: '7',
        line: 1,
        fields: { balance: '100.5', dueDate: '2026-05-01', accountBlock: 'true', city: 'Troy' },
        raw: '{"id":"7","owed":"100.5","due":"2026-05-02T03:00:00.000Z","dnc":"true","address.city":" Troy "}',
      },
      { kind: 'desired', account: 'A-2', line: 2, fields: { balance: null }, raw: '{"id":"A-2","owed":null}' },
    ]);
  });

  test.each([
    [Number.NaN, 'not a finite number'],
    [2 ** 53, 'a number too large for JavaScript to hold exactly; give it as text'],
    [0.1 + 0.2, 'a number of more than 15 digits'],
    [new Date('no day'), 'an invalid Date'],
    [['1'], 'a list, not a single value'],
    [{}, 'an object, not a single value'],
    [() => 1, 'a function, not a value'],
  ])('%s costs its row, and its block still counts', async (owed, reason) => {
    const rows = await read({ account: 'id', balance: 'owed', accountBlock: 'dnc' }, { id: 'A-1', owed, dnc: 'yes' });
    expect(rows).toMatchObject([
      {
        kind: 'unusable',
        line: 1,
        account: 'A-1',
        reason: `balance (column "owed"): ${reason}`,
        restrictions: { accountBlock: 'true' },
      },
    ]);
  });

  test('what is no object is unusable and the rest goes on', async () => {
    expect((await read({ account: 'id' }, null, ['A-1'], 'A-2', { id: 'A-3' })).map(({ kind }) => kind)).toEqual([
      'unusable',
      'unusable',
      'unusable',
      'desired',
    ]);
  });

  test('it is called with the time zone, anew for each reading, and told when no more rows are wanted', async () => {
    const calls: { timeZone: string; signal: AbortSignal }[] = [];
    const record = await open(
      moduleSource({ account: 'id' }, (options) => {
        calls.push(options);
        return give({ id: 'A-1' }, { id: 'A-2' });
      }),
    );
    for (let reading = 0; reading < 2; reading += 1) {
      for await (const row of record.rows()) if (row.account === 'A-1') break;
    }
    expect(calls.map(({ timeZone, signal }) => [timeZone, signal.aborted])).toEqual([
      ['America/New_York', true],
      ['America/New_York', true],
    ]);
    expect(record.label).toBe('crm');
  });

  test('a run that is stopped does not wait for code that hangs', async () => {
    const controller = new AbortController();
    const hanging: RecordRows = async function* () {
      yield { id: 'A-1' };
      controller.abort(new Error('stopped by hand'));
      await new Promise(() => {});
    };
    const record = await open(moduleSource({ account: 'id' }, hanging));
    const readOn = async (): Promise<void> => {
      for await (const row of record.rows(controller.signal)) expect(row.account).toBe('A-1');
    };
    await expect(readOn()).rejects.toThrow('stopped by hand');
  });
});

describe('code that cannot be used', () => {
  const fail = (error: unknown): RecordRows =>
    async function* () {
      yield { id: 'A-1' };
      throw error;
    };
  const readWith = (rows: RecordRows): Promise<RecordRow[]> => readAll(moduleSource({ account: 'id' }, rows));

  test('what it throws comes out as one sentence, worth another try', async () => {
    const error = new Error('connect ECONNREFUSED 10.0.0.1:443.\nand much more');
    await expect(readWith(fail(error))).rejects.toThrow(
      new RetriableError('The code of the system of record crm fails: connect ECONNREFUSED 10.0.0.1:443. Run again.'),
    );
    await expect(readWith(fail('gone'))).rejects.toThrow(
      'The code of the system of record crm fails: gone. Run again.',
    );
  });

  test('a network that fails is no mistake, and what could not be parsed is not quoted', async () => {
    await expect(readWith(fail(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })))).rejects.toThrow(
      new RetriableError('The code of the system of record crm fails: ECONNREFUSED. Run again.'),
    );
    const parsing: RecordRows = async function* () {
      yield JSON.parse('Maria Gonzales');
    };
    const error = await readWith(parsing).catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: 9 })).not.toContain('Maria');
    expect(error).toEqual(
      new RetriableError(
        'The code of the system of record crm fails: it could not parse what it was given (SyntaxError). Run again.',
      ),
    );
  });

  test('a mistake in the code is nothing to try again', async () => {
    await expect(readWith(fail(new TypeError('x is not a function')))).rejects.toThrow(
      new FatalError('The code of the system of record crm fails: x is not a function. Mend it, then run again.'),
    );
    await expect(readWith((() => [{ id: 'A-1' }]) as never)).rejects.toThrow(
      new FatalError('rows of the system of record crm gives nothing to iterate; write it as "async function*".'),
    );
  });

  test('a mapped key that no row has is a fault of the configuration', async () => {
    await expect(read({ account: 'id', city: 'town' }, { id: 'A-1', twon: 'Troy' })).rejects.toThrow(
      new ConfigError('The key "town", mapped to city, stands in no row of crm; the nearest is "twon".'),
    );
    expect(await read({ account: 'id', city: 'town' })).toEqual([]);
  });
});
