import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ConfigError, FatalError } from '../../src/errors.ts';
import { FailedDownloadError } from '../../src/pull/failed-download.ts';
import { type PullCounts, pull, replay } from '../../src/pull/pull.ts';
import { openRun, type Store, selectCoverage } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { makeFakeLiveVox, setupPull, toCsv } from './download-source.ts';

const old = { account: 'A1', firstName: 'Ann', modifyDate: '2026-03-01T10:00:00Z' };
const newer = { account: 'A1', firstName: 'Anne', modifyDate: '2026-03-02T10:00:00Z' };
const other = { account: 'A2', firstName: 'Bob', modifyDate: '2026-03-01T11:00:00Z' };

type Setup = Awaited<ReturnType<typeof setupPull>> & {
  store: Store;
  folder: string;
  spool: string;
  replayed: (what: string) => Promise<PullCounts>;
};

async function setup(...bodies: string[]): Promise<Setup> {
  const { store } = await setupDatabase();
  const folder = await setupFolder();
  const spool = join(folder, 'spool');
  const made = await setupPull(store, makeFakeLiveVox(bodies), spool);
  const replayed = async (what: string): Promise<PullCounts> => {
    const runId = await openRun(store, { tenant: 'acme', kind: 'replay', startedFrom: 'command' });
    return replay(made.deps, { ...made.input, runId, what });
  };
  return { ...made, store, folder, spool, replayed };
}

async function selectNames(store: Store): Promise<unknown[]> {
  const found = await store.pool.query(`select account, first_name from mirror.contacts order by account`);
  return found.rows.map((row) => Object.values(row));
}

const dropFromMirror = (store: Store): Promise<unknown> => store.pool.query(`delete from mirror.contacts`);

describe('replay', () => {
  it('loads what a run has kept, and covers nothing anew; the file stays', async () => {
    const { deps, input, store, spool, replayed } = await setup(toCsv([old, other]));
    await pull(deps, { ...input, keepDownloadsMs: 3_600_000 });
    await dropFromMirror(store);
    expect(await replayed(input.runId)).toMatchObject({ windows: 1, rows: 2, added: 2, endsAt: null });
    expect(await selectNames(store)).toEqual([
      ['A1', 'Ann'],
      ['A2', 'Bob'],
    ]);
    expect((await store.pool.query(`select count(*)::int from sync.coverage`)).rows).toEqual([{ count: 1 }]);
    expect(await readdir(spool)).toHaveLength(1);
  });

  it.each([
    ['plain', (csv: string) => Buffer.from(csv)],
    ['compressed', (csv: string) => gzipSync(csv)],
  ])('loads a file of the operator’s, %s; what the mirror has newer stays', async (_, toBytes) => {
    const { deps, input, store, folder, replayed } = await setup(toCsv([newer]));
    await pull(deps, input);
    const path = join(folder, 'old.csv');
    await writeFile(path, toBytes(toCsv([old, other])));
    expect(await replayed(path)).toMatchObject({ rows: 2, added: 1, changed: 0, unchanged: 1, endsAt: null });
    expect(await selectNames(store)).toEqual([
      ['A1', 'Anne'],
      ['A2', 'Bob'],
    ]);
    expect(await readdir(folder)).toContain('old.csv');
  });

  it('a download that had landed and was never merged gets its window back', async () => {
    const { deps, input, store, folder, spool, replayed } = await setup(toCsv([old]));
    const stop = new AbortController();
    const progress = ({ what }: { what: string }): void => {
      if (what === 'rows staged') stop.abort(new Error('stopped'));
    };
    await expect(pull({ ...deps, progress }, { ...input, signal: stop.signal })).rejects.toThrow('stopped');
    const copy = join(folder, 'copy.csv');
    await writeFile(copy, toCsv([old]));
    expect(await replayed(copy)).toMatchObject({ added: 1, endsAt: '2026-03-02T12:00:00.000Z' });
    expect((await selectCoverage(store.pool, 'acme')).watermark).toEqual(new Date('2026-03-02T12:00:00Z'));
    expect(await replayed(copy)).toMatchObject({ unchanged: 1, endsAt: null });
    expect(await replayed(input.runId)).toMatchObject({ unchanged: 1 });
    expect(await readdir(spool)).toEqual([]);
    await expect(replayed(input.runId)).rejects.toThrow(/has kept no download/);
  });

  it('says what is missing', async () => {
    const { deps, input, folder, replayed } = await setup(toCsv([old]));
    await pull(deps, input);
    const unknown = '00000000-0000-4000-8000-000000000001';
    await expect(replayed(unknown)).rejects.toThrow(
      new ConfigError(`There is no run ${unknown} of tenant acme; look at lvsync status.`),
    );
    await expect(replayed(join(folder, 'none.csv'))).rejects.toThrow(
      /none\.csv cannot be read .*; give a file or the id of a run\.$/,
    );
    await expect(replayed(input.runId)).rejects.toThrow(FatalError);
  });

  it('a file that is cut short or has other columns loads nothing and leaves no stage', async () => {
    const { store, folder, replayed } = await setup();
    const whole = toCsv([old, other]);
    for (const [text, error] of [
      [whole.slice(0, -150), FailedDownloadError],
      ['id,name\n1,Ann\n', FatalError],
    ] as const) {
      await writeFile(join(folder, 'bad.csv'), text);
      await expect(replayed(join(folder, 'bad.csv'))).rejects.toThrow(error);
    }
    expect(await selectNames(store)).toEqual([]);
    const stages = await store.pool.query(`select relname from pg_class where relname like 'stage\\_%'`);
    expect(stages.rows).toEqual([]);
  });
});
