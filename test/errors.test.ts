/** What is said of an error: whole where the words are ours or the server's, never where they may quote a row. */
import { describe, expect, test } from 'vitest';
import { FatalError, toMessage, toTrace } from '../src/errors.ts';
import { setupDatabase } from './support/database.ts';

async function provoke(sql: string): Promise<Error> {
  const { store } = await setupDatabase();
  const error: unknown = await store.pool.query(sql).catch((thrown: unknown) => thrown);
  if (error instanceof Error) return error;
  throw new Error('expected an error');
}

describe('toMessage', () => {
  test.each([
    [`select 'Maria'::integer`, '22P02'],
    [`do $$ begin raise exception 'Maria'; end $$`, 'P0001'],
  ])('what Postgres says of a value is left out: %s', async (sql, state) => {
    const error = await provoke(sql);
    expect(error.message).toContain('Maria');
    expect(toMessage(error)).toContain(`SQLSTATE ${state}`);
    expect(toTrace(error)).toMatch(/\n\s+at /);
    expect(`${toMessage(error)}${toTrace(error)}`).not.toContain('Maria');
  });

  test('what it says of a statement or a user is kept', async () => {
    expect(toMessage(await provoke('select * from nowhere'))).toBe('relation "nowhere" does not exist');
  });

  test('the network and our own words are kept, the innermost cause first', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(toMessage(new TypeError('fetch failed', { cause: refused }))).toBe('connect ECONNREFUSED');
    expect(toMessage(new FatalError('Ours.', { cause: refused }))).toBe('Ours.');
  });
});
