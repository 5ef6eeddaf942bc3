/** The first load straight into the mirror, and rows that only the database refuses. */
import { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import { loadFirstDownload } from '../../src/pull/first-load.ts';
import { stageDownload } from '../../src/pull/stage.ts';
import { withholdRow } from '../../src/pull/withhold.ts';
import { insertDownload, type MergeCounts, markDownloadLanded, openRun, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { toCsv, toCsvRow } from './download-source.ts';

const serverNow = new Date('2026-03-02T12:00:00Z');
const now = new Date('2026-03-02T12:00:05.123Z');

type Loader = { readonly runId: string; readonly load: (csv: string) => Promise<MergeCounts | undefined> };

async function makeLoader(store: Store, tenant: string): Promise<Loader> {
  const runId = await openRun(store, { tenant, kind: 'pull', startedFrom: 'command' });
  const load: Loader['load'] = async (csv) => {
    const asked = { tenant, runId, reason: 'full', startsAt: undefined, endsAt: undefined, covers: undefined } as const;
    const id = await insertDownload(store.pool, { ...asked, serverNow, overlapMs: 0 });
    const landed = { file: 'x.download', bytes: 1, sha256: 'f' };
    await markDownloadLanded(store.pool, id, landed);
    return loadFirstDownload(
      { store, progress: () => {} },
      {
        tenant,
        runId,
        timeZone: 'America/New_York',
        landing: toLanding(csv),
        now,
        isRepair: true,
        covers: { startsAt: new Date(0), endsAt: serverNow },
        serverNow,
        overlapMs: 0,
        customFields: [{ field: 'COL1', label: 'Label of COL1', dataType: 'STRING' }],
        download: { id, file: landed.file },
        landed: Promise.resolve(landed),
      },
    );
  };
  return { runId, load };
}

/** Bytes in pieces, as often as they are asked for. */
function toLanding(csv: string): { read: () => Readable } {
  const bytes = Buffer.from(csv);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 997) }, (_, index) =>
    bytes.subarray(index * 997, (index + 1) * 997),
  );
  return { read: () => Readable.from(pieces) };
}

async function selectAll(store: Store, sql: string): Promise<Record<string, unknown>[]> {
  return (await store.pool.query<Record<string, unknown>>(sql)).rows;
}

const selectCounts = (store: Store): Promise<Record<string, unknown>[]> =>
  selectAll(
    store,
    `select (select count(*)::int from mirror.contacts) as contacts, (select count(*)::int from sync.coverage) as coverage,
            (select count(*)::int from sync.quarantine) as quarantine, (select count(*)::int from mirror.custom_fields) as fields,
            (select array_agg(state) from sync.downloads) as downloads`,
  );

/** From now on the database refuses a due date of 2026-02-03 in a stage that is made, as no check of ours does. */
async function refuseOneDate(store: Store): Promise<void> {
  await store.pool.query(`
    create function public.refuse(day pg_catalog.date) returns boolean language plpgsql immutable as $$
      begin
        if day = '2026-02-03' then raise exception 'no' using errcode = '22008'; end if;
        return true;
      end $$;
    create domain public.date as pg_catalog.date check (public.refuse(value));
    do $$ begin execute format('alter database %I set search_path = public, pg_catalog', current_database()); end $$`);
  // New connections only.
  await store.pool.query(`set search_path = public, pg_catalog`);
}

describe('loadFirstDownload', () => {
  it('rows, quarantine, custom fields, coverage and the download’s state come together, at one instant', async () => {
    const { store } = await setupDatabase();
    const { runId, load } = await makeLoader(store, 'acme');
    const csv = toCsv([{ account: 'A1', dueDate: '02/03/2026' }, { account: 'B', active: 'maybe' }, { account: 'A2' }]);
    expect(await load(csv)).toEqual({ added: 2, changed: 0, unchanged: 0, quarantined: 1, older: 0 });
    expect(
      await selectAll(
        store,
        `select tenant, account, due_date::text, first_seen_at, merged_at, merged_by, tombstoned_at from mirror.contacts order by account`,
      ),
    ).toEqual(
      ['A1', 'A2'].map((account) => ({
        tenant: 'acme',
        account,
        due_date: account === 'A1' ? '2026-02-03' : null,
        first_seen_at: now,
        merged_at: now,
        merged_by: runId,
        tombstoned_at: null,
      })),
    );
    expect(await selectCounts(store)).toEqual([
      { contacts: 2, coverage: 1, quarantine: 1, fields: 1, downloads: ['merged'] },
    ]);
    expect(await selectAll(store, 'select merged_at, rows::int from sync.coverage')).toEqual([
      { merged_at: now, rows: 3 },
    ]);
  });

  it('two tenants at once do not wait for each other, and touch nothing of one another', async () => {
    const { store } = await setupDatabase();
    const acme = await makeLoader(store, 'acme');
    const other = await makeLoader(store, 'other');
    const holder = await store.pool.connect();
    await holder.query('begin');
    await holder.query(`select pg_advisory_xact_lock(hashtextextended('lvsync merge acme', 0))`);
    const waiting = acme.load(toCsv([{ account: 'A1', firstName: 'Ann' }]));
    expect(await other.load(toCsv([{ account: 'A1', firstName: 'Olga' }]))).toMatchObject({ added: 1 });
    await holder.query('rollback');
    holder.release();
    expect(await waiting).toMatchObject({ added: 1 });
    expect(await selectAll(store, 'select tenant, first_name from mirror.contacts order by 1')).toEqual([
      { tenant: 'acme', first_name: 'Ann' },
      { tenant: 'other', first_name: 'Olga' },
    ]);
  });

  it('is not for a tenant that has contacts', async () => {
    const { store } = await setupDatabase();
    const { load } = await makeLoader(store, 'acme');
    await load(toCsv([{ account: 'A1' }]));
    expect(await load(toCsv([{ account: 'A2' }]))).toBeUndefined();
    expect(await selectCounts(store)).toMatchObject([{ contacts: 1, coverage: 1 }]);
  });

  it.each([
    ['an account that repeats', toCsv([{ account: 'A1' }, { account: 'A2' }, { account: 'A1' }])],
    ['a file cut short', toCsv([{ account: 'A1' }]) + toCsvRow({ account: 'A2' }).slice(0, 9)],
  ])('%s leaves nothing behind', async (_, csv) => {
    const { store } = await setupDatabase();
    const { load } = await makeLoader(store, 'acme');
    await load(csv).catch(() => undefined);
    expect(await selectCounts(store)).toEqual([
      { contacts: 0, coverage: 0, quarantine: 0, fields: 0, downloads: ['landed'] },
    ]);
  });
});

describe('rows that only the database refuses', () => {
  const refused = { account: 'R', dueDate: '02/03/2026', city: '"Two\nlines"' };

  it('go to quarantine with line, offset, reason and raw text, and the rest is staged', async () => {
    const { store } = await setupDatabase();
    await refuseOneDate(store);
    const { runId } = await makeLoader(store, 'acme');
    const good = (account: string): Record<string, string> => ({ account, city: '"Three\n\nlines"' });
    const csv = toCsv([
      good('A1'),
      refused,
      { account: 'B', active: 'maybe' },
      good('A2'),
      { ...refused, account: 'S' },
      good('A3'),
    ]);
    const staged = await stageDownload(
      { store, progress: () => {} },
      { runId, landing: toLanding(csv), timeZone: 'UTC', customFields: [] },
    );
    expect(staged).toMatchObject({ rows: 6, rejected: 3 });
    expect(await selectAll(store, `select account from ${staged.stage.table} order by 1`)).toEqual([
      { account: 'A1' },
      { account: 'A2' },
      { account: 'A3' },
    ]);
    const rejected = await selectAll(
      store,
      `select account, line::int, byte_offset::int as at, reason, raw from ${staged.stage.rejectedTable} order by line`,
    );
    expect(rejected).toMatchObject([
      { account: 'R', line: 5, at: csv.indexOf('\nR,') + 1, reason: 'due_date: the database refuses it (22008)' },
      { account: 'B', line: 7, at: csv.indexOf('\nB,') + 1 },
      { account: 'S', line: 11, at: csv.indexOf('\nS,') + 1, raw: toCsvRow({ ...refused, account: 'S' }).trimEnd() },
    ]);
  });

  it('are fatal when there are more than twenty', async () => {
    const { store } = await setupDatabase();
    await refuseOneDate(store);
    const { runId } = await makeLoader(store, 'acme');
    const csv = toCsv(Array.from({ length: 21 }, (_, index) => ({ ...refused, account: `R${index}` })));
    const staging = stageDownload(
      { store, progress: () => {} },
      { runId, landing: toLanding(csv), timeZone: 'UTC', customFields: [] },
    );
    await expect(staging).rejects.toThrow(FatalError);
    await expect(staging).rejects.toThrow(/^The database refuses column due_date in line 42 of the download \(22008\)/);
  });

  it.each(['\n', '\r\n'])(
    'are found as COPY counts, whatever line ends are within quotes (rows end with %j)',
    async (end) => {
      const { store } = await setupDatabase();
      const rows = ['a,"x\ny"', 'b,"x\r\ny"', 'c,"x\ny\r\nz"', 'd,"x\ry"', 'e,""""', 'f,"\n"'];
      for (const bad of rows) {
        const lines = rows.map((row) => (row === bad ? `${row.slice(0, 1)}!${row.slice(1)}` : row) + end);
        const refusing = await findRefusedLine(store, lines.join(''));
        const seen: string[] = [];
        const kept: Buffer[] = [];
        for await (const piece of withholdRow(
          Readable.from(lines.map((line) => Buffer.from(line))),
          refusing,
          (row) => {
            seen.push(row.bytes.toString());
          },
        )) {
          kept.push(piece);
        }
        expect(seen).toEqual([`${bad.slice(0, 1)}!${bad.slice(1)}${end}`]);
        expect(Buffer.concat(kept).toString()).toBe(lines.filter((line) => !line.includes('!')).join(''));
      }
    },
  );
});

/** The line that COPY names for the row that has a `!` in its first column. */
async function findRefusedLine(store: Store, csv: string): Promise<number> {
  const client = await store.pool.connect();
  try {
    await client.query('begin');
    await client.query('create temporary table t (a "char", b text) on commit drop');
    await client.query(`alter table t alter a type bit(8) using null`);
    return await copyToRefusal(
      client,
      csv.replaceAll(/^([a-f])(?=[,!])/gm, (_, letter) => (csv.includes(`${letter}!`) ? letter : '00000000')),
    );
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function copyToRefusal(client: PoolClient, csv: string): Promise<number> {
  const target = client.query(from('copy t from stdin (format csv)'));
  return new Promise((resolve, reject) => {
    target.on('error', (error: Error & { where?: string }) =>
      resolve(Number(/line (\d+)/.exec(error.where ?? '')?.[1])),
    );
    target.on('finish', () => reject(new Error('nothing was refused')));
    target.end(csv);
  });
}
