import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contactFields } from '../../src/contact/index.ts';
import { FatalError, RetriableError } from '../../src/errors.ts';
import { copyStage, insertRejected, makeStage, type Store, selectCoverage } from '../../src/store/index.ts';
import { type Contact, landDownload, setupMerge as setup, stageContacts } from './merge-setup.ts';

async function selectAll(store: Store, sql: string): Promise<Record<string, unknown>[]> {
  return (await store.pool.query<Record<string, unknown>>(sql)).rows;
}

const selectNames = (store: Store): Promise<Record<string, unknown>[]> =>
  selectAll(store, `select tenant, account, first_name from mirror.contacts order by tenant, account`);

describe('mergeStage', () => {
  it('every single column that differs makes a row changed, and equal rows are not written', async () => {
    const { store, merge } = await setup();
    await merge([{ account: 'A1' }]);
    const value = {
      text: 'x',
      integer: '1',
      bigint: '1',
      boolean: 't',
      date: '2020-01-01',
      timestamp: '2020-01-01',
      numeric: '1',
    };
    for (const field of [contactFields[1], contactFields[40], contactFields[113], contactFields[213]]) {
      const row = { account: 'A1', [field?.name ?? '']: value[field?.type ?? 'text'] };
      expect(await merge([row], { isRepair: true })).toMatchObject({ changed: 1, unchanged: 0 });
      expect(await merge([row], { isRepair: true })).toMatchObject({ changed: 0, unchanged: 1 });
    }
    expect(await merge([{ account: 'A1' }], { isRepair: true })).toMatchObject({ changed: 1 });
    expect(await selectAll(store, `select count(*)::int from mirror.contacts m where col100 is null`)).toEqual([
      { count: 1 },
    ]);
  });

  it('does not touch another tenant, nor the rows it was not given', async () => {
    const { store, merge } = await setup();
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_name, first_seen_at, merged_at, merged_by)
       values ('other', 'A1', 'Olga', now(), now(), $1), ('acme', 'A9', 'Zoe', now(), now(), $1)`,
      [randomUUID()],
    );
    expect(await merge([{ account: 'A1', firstName: 'Ann' }])).toMatchObject({ added: 1, changed: 0 });
    expect(await selectNames(store)).toEqual([
      { tenant: 'acme', account: 'A1', first_name: 'Ann' },
      { tenant: 'acme', account: 'A9', first_name: 'Zoe' },
      { tenant: 'other', account: 'A1', first_name: 'Olga' },
    ]);
  });

  it('the instant of a merge is later than that of the one before, though the clock stands still or goes back', async () => {
    const { store, merge } = await setup();
    await merge([{ account: 'A1' }]);
    await merge([{ account: 'A1', firstName: 'Ann' }]);
    await merge([{ account: 'A1', firstName: 'Anne' }], { now: new Date('2020-01-01') });
    expect(await selectAll(store, `select merged_at from mirror.contacts`)).toEqual([
      { merged_at: new Date('2026-03-02T12:00:05.002Z') },
    ]);
  });

  it('a tombstone is lifted when the contact is seen again, even unchanged', async () => {
    const { store, merge } = await setup();
    await merge([{ account: 'A1' }]);
    await store.pool.query(`update mirror.contacts set tombstoned_at = now()`);
    expect(await merge([{ account: 'A1' }])).toMatchObject({ changed: 1, unchanged: 0 });
    expect(await selectAll(store, `select tombstoned_at from mirror.contacts`)).toEqual([{ tombstoned_at: null }]);
  });

  it('a replay lifts no tombstone', async () => {
    const { store, merge } = await setup();
    await merge([{ account: 'A1', firstName: 'Ann' }]);
    await store.pool.query(`update mirror.contacts set tombstoned_at = now()`);
    const replayed: Contact[] = [{ account: 'A1', firstName: 'Ann' }, { account: 'A2' }];
    expect(await merge(replayed, { isReplay: true })).toMatchObject({ added: 1, changed: 0, unchanged: 1, older: 1 });
    expect(await selectAll(store, `select account from mirror.contacts where tombstoned_at is not null`)).toEqual([
      { account: 'A1' },
    ]);
  });

  it('a row older than what the mirror has does not win, but in a sweep it does', async () => {
    const { store, merge } = await setup();
    await merge([{ account: 'A1', firstName: 'New', modifyDate: '03/02/2026 10:00:00' }]);
    const late = [{ account: 'A1', firstName: 'Old', modifyDate: '03/02/2026 09:00:00' }];
    expect(await merge(late)).toEqual({ added: 0, changed: 0, unchanged: 1, quarantined: 0, older: 1 });
    expect(await selectNames(store)).toMatchObject([{ first_name: 'New' }]);
    expect(await merge(late, { isRepair: true })).toMatchObject({ changed: 1, older: 0 });
    expect(await selectNames(store)).toMatchObject([{ first_name: 'Old' }]);
  });

  it('in the hour that clocks tell twice, nothing is taken for older', async () => {
    const { store, merge } = await setup();
    await merge([{ account: 'A1', firstName: 'First', modifyDate: '11/01/2026 01:50:00' }]);
    expect(await merge([{ account: 'A1', firstName: 'Second', modifyDate: '11/01/2026 01:10:00' }])).toMatchObject({
      changed: 1,
    });
    expect(await selectNames(store)).toMatchObject([{ first_name: 'Second' }]);
  });

  it('a day alone is not older than an instant of that day, but than one of the next', async () => {
    const { store, merge } = await setup();
    await merge([{ account: 'A1', firstName: 'Noon', modifyDate: '03/02/2026 12:00:00' }]);
    expect(await merge([{ account: 'A1', firstName: 'Day', modifyDate: '03/02/2026' }])).toMatchObject({ changed: 1 });
    expect(await selectNames(store)).toMatchObject([{ first_name: 'Day' }]);
    await merge([{ account: 'A1', firstName: 'Next', modifyDate: '03/03/2026 00:00:01' }]);
    expect(await merge([{ account: 'A1', firstName: 'Day', modifyDate: '03/02/2026' }])).toMatchObject({ older: 1 });
  });

  it('a row without a modifyDate always wins', async () => {
    const { merge } = await setup();
    await merge([{ account: 'A1', modifyDate: '03/02/2026 10:00:00' }]);
    expect(await merge([{ account: 'A1', firstName: 'Ann' }])).toMatchObject({ changed: 1, older: 0 });
  });

  it('is refused when a download that was asked for later has been merged', async () => {
    const { store, runId, merge } = await setup();
    const download = await landDownload(store, runId, 1);
    await merge([{ account: 'A1', firstName: 'Newer' }]);
    await expect(merge([{ account: 'A1', firstName: 'Late' }], { download })).rejects.toThrow(RetriableError);
    expect(await selectNames(store)).toMatchObject([{ first_name: 'Newer' }]);
  });

  it('two merges at once: one waits, and is refused', async () => {
    const { store, runId, merge } = await setup();
    const contacts = [{ account: 'A1' }];
    const stage = await stageContacts(store, runId, contacts);
    const download = await landDownload(store, runId, 1);
    const results = await Promise.allSettled([
      merge(contacts, { stage, download }),
      merge(contacts, { stage, download }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await selectAll(store, `select count(*)::int from sync.coverage`)).toEqual([{ count: 1 }]);
  });

  it('when the counts do not add up, nothing is written', async () => {
    const { store, runId, merge } = await setup();
    const download = await landDownload(store, runId, 3);
    const customFields = [{ field: 'COL1', label: 'Branch', dataType: 'STRING' }];
    await expect(merge([{ account: 'A1' }, { account: 'A2' }], { download, customFields })).rejects.toThrow(
      /^The download had 3 rows, but 2 were new, 0 changed, 0 unchanged and 0 quarantined; nothing was merged/,
    );
    for (const table of ['mirror.contacts', 'mirror.custom_fields', 'sync.coverage', 'sync.quarantine']) {
      expect(await selectAll(store, `select count(*)::int from ${table}`)).toEqual([{ count: 0 }]);
    }
  });

  it('moves rejected rows to quarantine and counts them', async () => {
    const { store, runId, merge } = await setup();
    const stage = await stageContacts(store, runId, [{ account: 'A1' }]);
    await insertRejected(store.pool, stage, [
      { line: 7, byteOffset: 99, reason: 'too few columns: 2 of 214', raw: 'B1,x\0' },
    ]);
    const counts = await merge([], { stage, download: await landDownload(store, runId, 2) });
    expect(counts).toMatchObject({ added: 1, quarantined: 1 });
    expect(await selectAll(store, `select origin, file, line, byte_offset, account, raw from sync.quarantine`)).toEqual(
      [{ origin: 'livevox', file: 'x.download', line: '7', byte_offset: '99', account: null, raw: 'B1,x\\x00' }],
    );
  });
});

describe('copyStage', () => {
  it('a value that Postgres refuses is fatal, naming line and column but not the value', async () => {
    const { store, runId } = await setup();
    const rows: Contact[] = [{ account: 'A1' }, { account: 'A2', dueDate: 'a secret' }];
    const failing = stageContacts(store, runId, rows);
    await expect(failing).rejects.toThrow(FatalError);
    await expect(failing).rejects.toThrow(/^The database refuses column due_date in line 2 of the download \(22007\)/);
    await expect(failing).rejects.not.toThrow(/secret/);
    expect(await selectAll(store, 'select 1 as "alive"')).toEqual([{ alive: 1 }]);
  });

  it('an error of what reads the rows comes out as it is, and the connections stay usable', async () => {
    const { store, runId } = await setup();
    const stage = await makeStage(store.pool, runId);
    const failure = new RetriableError('cut short');
    const rows = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('A1');
      throw failure;
    };
    for (let time = 0; time < 10; time += 1) {
      const copying = copyStage(store, { stage, timeZone: 'UTC', rows: rows(), toLine: (line) => line });
      await expect(copying).rejects.toBe(failure);
    }
    expect(await selectAll(store, `select count(*)::int from ${stage.table}`)).toEqual([{ count: 0 }]);
  });

  /** Pieces of one row each, of which none is given before `together` takers ask at once. */
  const pieces = (count: number, together: number, line: (row: number) => string): AsyncIterable<Buffer> => {
    let everyoneAsks = (): void => {};
    const beginning = new Promise<void>((resolve) => {
      everyoneAsks = resolve;
    });
    let asked = 0;
    let given = 0;
    const next = async (): Promise<IteratorResult<Buffer, undefined>> => {
      asked += 1;
      if (asked === together) everyoneAsks();
      await beginning;
      if (given === count) return { done: true, value: undefined };
      given += 1;
      return { done: false, value: Buffer.from(`${line(given)}${','.repeat(213)}\n`) };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  };

  it('several COPYs share the pieces, and each row arrives once', async () => {
    const { store, runId } = await setup();
    const stage = await makeStage(store.pool, runId);
    const rows = pieces(200, 2, (row) => `A${row}`);
    expect(await copyStage(store, { stage, timeZone: 'UTC', rows, toLine: (line) => line, streams: 2 })).toBe(200);
    expect(
      await selectAll(
        store,
        `select count(*)::int as rows, count(distinct account)::int as accounts, count(distinct xmin::text)::int as copies from ${stage.table}`,
      ),
    ).toEqual([{ rows: 200, accounts: 200, copies: 2 }]);
  });

  it('what one of several COPYs refuses ends all of them, and the connections stay usable', async () => {
    const { store, runId } = await setup();
    const stage = await makeStage(store.pool, runId);
    for (let time = 0; time < 5; time += 1) {
      const rows = pieces(50, 3, (row) => (row === 25 ? `A${row},\\0` : `A${row}`));
      const copying = copyStage(store, { stage, timeZone: 'UTC', rows, toLine: (line) => line, streams: 3 });
      await expect(copying).rejects.toThrow(FatalError);
    }
    expect(store.pool.idleCount).toBe(store.pool.totalCount);
    expect(await selectAll(store, 'select 1 as "alive"')).toEqual([{ alive: 1 }]);
  });
});

describe('selectCoverage', () => {
  it('the watermark is the end of what is gapless from the beginning of time', async () => {
    const { store, merge } = await setup();
    expect(await selectCoverage(store.pool, 'acme')).toEqual({ intervals: [], gaps: [], watermark: undefined });
    const at = (hour: number): Date => new Date(Date.UTC(2026, 2, 2, hour));
    await merge([], { covers: { startsAt: at(3), endsAt: at(5) } });
    expect((await selectCoverage(store.pool, 'acme')).watermark).toBeUndefined();
    await merge([], { covers: { startsAt: new Date(0), endsAt: at(1) } });
    expect((await selectCoverage(store.pool, 'acme')).watermark).toEqual(at(1));
    await merge([], { covers: { startsAt: at(1), endsAt: at(3) } });
    expect((await selectCoverage(store.pool, 'acme')).watermark).toEqual(at(5));
    expect((await selectCoverage(store.pool, 'other')).watermark).toBeUndefined();
  });
});
