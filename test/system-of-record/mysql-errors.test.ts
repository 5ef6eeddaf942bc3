import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { toMysqlError } from '../../src/system-of-record/mysql-errors.ts';

const place = { place: 'crm:3306/crm', urlVariable: 'CRM_URL' };

function serverError(errno: number, sqlState: string, code?: string): Error {
  return Object.assign(new Error('near Maria'), { errno, code, sqlState });
}

describe('what MySQL says', () => {
  test.each([
    ['a host that may not connect, told before the greeting', 1130, '', 'FatalError', 'refuses us: near Maria'],
    ['a password that has expired', 1862, 'HY000', 'FatalError', 'refuses us: near Maria'],
    ['an account that is locked', 3118, 'HY000', 'FatalError', 'refuses us: near Maria'],
    ['too many connections, told before the greeting', 1040, '', 'RetriableError', 'error 1040 (ER_SOME)'],
    ['a deadlock', 1213, '40001', 'RetriableError', 'error 1213 (ER_SOME)'],
    ['a query that took too long', 3024, 'HY000', 'RetriableError', 'error 3024 (ER_SOME)'],
    ['a server that shuts down', 1053, '08S01', 'RetriableError', 'error 1053 (ER_SOME)'],
    ['a table that is not there', 1146, '42S02', 'FatalError', 'fails: near Maria'],
    ['a value that cannot be read', 1292, '22007', 'FatalError', 'fails: error 1292 (ER_SOME)'],
    ['a number that nobody here knows', 9998, 'HY000', 'FatalError', 'fails: error 9998 (ER_SOME)'],
  ])('%s', (_what, errno, sqlState, name, words) => {
    expect(toMysqlError(serverError(errno, sqlState, 'ER_SOME'), place)).toMatchObject({
      name,
      message: expect.stringContaining(words),
    });
  });

  test('a number that mysql2 has no name for is told alone', () => {
    expect(toMysqlError(serverError(9999, 'HY000'), place)).toMatchObject({
      message: expect.stringContaining('fails: error 9999. Mend'),
    });
  });

  test('a network that fails is worth another try', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { errno: -104, code: 'ECONNRESET' });
    expect(toMysqlError(error, place)).toMatchObject({
      name: 'RetriableError',
      message:
        'The system of record at crm:3306/crm cannot be read: read ECONNRESET. Check CRM_URL and that the server runs.',
    });
  });

  test('TLS that is not to be had is for a person to mend', () => {
    const error = Object.assign(new Error('Server does not support secure connection'), {
      code: 'HANDSHAKE_NO_SSL_SUPPORT',
    });
    expect(toMysqlError(error, place)).toMatchObject({ name: 'FatalError' });
  });

  test('our errors and mistakes of the program stay what they are', () => {
    for (const error of [new ConfigError('x'), new TypeError('x')]) expect(toMysqlError(error, place)).toBe(error);
  });
});
