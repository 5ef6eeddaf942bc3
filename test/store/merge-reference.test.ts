import { describe, expect, test } from 'vitest';
import { mergeReference, type ReferenceTable, referenceTables } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

const tables: readonly ReferenceTable[] = Object.values(referenceTables);

describe('the tables of reference data', () => {
  test.each(tables.map((table) => [table.table, table] as const))(
    '%s has the columns and the key that the merge writes',
    async (_, table) => {
      const { store } = await setupDatabase();
      const found = await store.pool.query<{ name: string; type: string; isKey: boolean }>(
        `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, coalesce(a.attnum = any(k.conkey), false) as "isKey"
         from pg_attribute a left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'p'
        where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped`,
        [table.table],
      );
      const own = found.rows.filter(({ name }) => !['tenant', 'fetched_at', 'gone_at'].includes(name));
      const types = (text: string): string => (text === 'timestamp with time zone' ? 'timestamptz' : text);
      expect(Object.fromEntries(own.map(({ name, type }) => [name, types(type)]))).toEqual(table.columns);
      expect(new Set(own.filter(({ isKey }) => isKey).map(({ name }) => name))).toEqual(new Set(table.key));
      expect(found.rows).toHaveLength(own.length + 3);
    },
  );
});

describe('mergeReference', () => {
  const notes = referenceTables.contactNotes;
  const note = (account: string, id: string, text: string) => ({ account, id, note: text, create_date: new Date(0) });
  const fetchedAt = new Date('2026-03-02T12:00:00Z');

  test('touches nobody but the contacts that were read, of the tenant alone', async () => {
    const { store } = await setupDatabase();
    const rows = [note('A1', '1', 'one'), note('A2', '2', 'two')];
    for (const tenant of ['acme', 'beta']) {
      await mergeReference(store.pool, notes, { tenant, rows, fetchedAt, accounts: ['A1', 'A2'] });
    }
    const later = new Date('2026-03-03T12:00:00Z');
    const gone = await mergeReference(store.pool, notes, {
      tenant: 'acme',
      rows: [note('A1', '3', 'three')],
      fetchedAt: later,
      accounts: ['A1'],
    });
    expect(gone).toBe(1);
    const found = await store.pool.query(
      `select tenant, account, id::int, gone_at from mirror.contact_notes where gone_at is not null or id = 3 order by id`,
    );
    expect(found.rows).toEqual([
      { tenant: 'acme', account: 'A1', id: 1, gone_at: later },
      { tenant: 'acme', account: 'A1', id: 3, gone_at: null },
    ]);
  });

  test('keeps what people write: quotes, other scripts, backslashes; drops what Postgres cannot keep', async () => {
    const { store } = await setupDatabase();
    const text = `Said "call after 5"; C:\\u0000\\temp 美玲 '--`;
    const rows = [note('A1', '1', text), note('A1', '2', 'cut\u0000 here'), note('A1', '3', 'half \ud83d')];
    await mergeReference(store.pool, notes, { tenant: 'acme', rows, fetchedAt, accounts: ['A1'] });
    const found = await store.pool.query<{ note: string }>(`select note from mirror.contact_notes order by id`);
    expect(found.rows.map((row) => row.note)).toEqual([text, 'cut here', 'half \ufffd']);
  });
});
