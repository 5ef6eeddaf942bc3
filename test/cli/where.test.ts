import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWhere } from '../../src/cli/where.ts';
import { ConfigError } from '../../src/errors.ts';
import { selectAccountsWhere } from '../../src/store/index.ts';
import { setupDatabase, type TestDatabase } from '../support/database.ts';

async function setupMirror(): Promise<TestDatabase> {
  const database = await setupDatabase();
  await database.store.pool.query(
    `insert into mirror.contacts (tenant, account, state, active, balance, due_date, modify_date, city, tombstoned_at, first_seen_at, merged_at, merged_by)
     select tenant, account, state, active, balance, due_date, modify_date, city, gone, now(), now(), gen_random_uuid()
       from (values ('acme', 'A', 'TX', true, 10.5, date '2026-01-01', timestamptz '2026-01-01T00:00:00Z', 'Dallas', null::timestamptz),
                    ('acme', 'B', 'TX', null, 200, null, '2026-02-01T00:00:00Z', 'O''Fallon', null),
                    ('acme', 'C', 'OK', true, null, '2026-03-01', null, null, null),
                    ('acme', 'GONE', 'TX', true, 1, null, null, null, now()),
                    ('other', 'D', 'TX', true, 1, null, null, null, null))
         as c (tenant, account, state, active, balance, due_date, modify_date, city, gone)`,
  );
  return database;
}

describe('--where', () => {
  test('chooses what it says, of the tenant and of what is there', async () => {
    const { store } = await setupMirror();
    const choose = (text: string) =>
      selectAccountsWhere(store.pool, { tenant: 'acme', condition: parseWhere(text), limit: 10 });
    const cases: readonly (readonly [string, string])[] = [
      [`state = 'TX'`, 'A B'],
      [`state = 'TX' and active`, 'A'],
      [`not active`, 'B'],
      [`active = FALSE or balance > 100`, 'B'],
      [`state in ('OK', 'NM')`, 'C'],
      [`city is null`, 'C'],
      [`city IS NOT NULL and (balance < 11 OR balance >= 200)`, 'A B'],
      [`state <> 'TX'`, 'C'],
      [`not balance > 100`, 'A C'],
      [`dueDate >= '2026-02-01'`, 'C'],
      [`modifyDate < '2026-01-15T00:00:00+00:00'`, 'A'],
      [`city = 'O''Fallon'`, 'B'],
      [`account = 'A' or account = 'B' and state = 'OK'`, 'A'],
      [`groupId = 99999999999999999999`, ''],
    ];
    for (const [text, accounts] of cases) expect([text, (await choose(text)).join(' ')]).toEqual([text, accounts]);
    expect(
      await selectAccountsWhere(store.pool, { tenant: 'acme', condition: parseWhere('not active'), limit: 0 }),
    ).toEqual([]);
  });

  test.each([
    ['', 'at its end: a field'],
    ['nonsense = 1', "at character 1: a field's name"],
    ['state', 'at its end: a sign'],
    [`state = 5 5`, 'at character 11: and, or'],
    [`balance = 'much'`, 'at character 11: a number'],
    [`active > true`, 'at character 10: = or !='],
    [`dueDate = '2026-02-31'`, 'at character 11: a day'],
    [`(state = 'TX'`, 'at its end: a closing bracket'],
    [`state = 'TX`, 'at character 8: a field, a sign'],
    [`state = 'TX'; drop table x`, 'at character 13: a field, a sign'],
    [`${'('.repeat(60)}active`, 'fewer brackets'],
  ])('%s is refused, with its place', (text, problem) => {
    expect(() => parseWhere(text)).toThrow(ConfigError);
    expect(() => parseWhere(text)).toThrow(problem);
  });

  test('whatever is written, it is read or refused, and Postgres never says otherwise', async () => {
    const { store } = await setupMirror();
    const word = fc.constantFrom(
      'state',
      'active',
      'balance',
      'dueDate',
      'and',
      'or',
      'not',
      'in',
      'is',
      'null',
      '(',
      ')',
      ',',
      '=',
      '<',
      `'x'`,
      `'2026-01-01'`,
      '1',
      '-2.5',
      'true',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
        ),
        async (text) => {
          let condition: ReturnType<typeof parseWhere>;
          try {
            condition = parseWhere(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
            return;
          }
          await selectAccountsWhere(store.pool, { tenant: 'acme', condition, limit: 10 });
        },
      ),
      { numRuns: 400 },
    );
  });
});
