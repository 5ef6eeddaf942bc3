/** Pulls of several windows: gaps, halves, what is landed ahead, and what earlier runs have left. */
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BulkContactsRequest } from '../../src/pull/extract.ts';
import { type PullInput, pull } from '../../src/pull/pull.ts';
import { type Store, selectCoverage } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type CsvContact, makeFakeLiveVox, type PreparedBody, setupPull, toCsv } from './download-source.ts';

const at = (time: string): Date => new Date(`2026-03-02T${time}:00Z`);
const hours = ['06', '07', '08', '09', '10', '11'];
/** One contact an hour, changed at half past. */
const contacts: readonly CsvContact[] = hours.map((hour) => ({
  account: `A${hour}`,
  modifyDate: `2026-03-02T${hour}:30:00Z`,
}));

type Setup = Awaited<ReturnType<typeof setupPull>> & {
  store: Store;
  spool: string;
  requests: BulkContactsRequest[];
  /** What is answered instead of the contacts of the window; gets the number of the request, from 1. */
  answer: { with: (request: BulkContactsRequest, nth: number) => PreparedBody | undefined };
  /** A run of its own over the same LiveVox. */
  another: () => Promise<Awaited<ReturnType<typeof setupPull>>>;
};

/** A LiveVox that answers with the contacts changed in the window. */
async function setup(): Promise<Setup> {
  const { store } = await setupDatabase();
  const spool = join(await setupFolder(), 'spool');
  const answer: Setup['answer'] = { with: () => undefined };
  const fake = makeFakeLiveVox([]);
  const livevox = {
    ...fake,
    fetchBulkContacts: async (request: BulkContactsRequest, signal?: AbortSignal) => {
      fake.bodies = [
        answer.with(request, fake.requests.length + 1) ?? toCsv(contacts.filter((one) => isIn(one, request))),
      ];
      return fake.fetchBulkContacts(request, signal);
    },
  };
  const another = (): ReturnType<typeof setupPull> => setupPull(store, livevox, spool);
  return { ...(await another()), store, spool, requests: fake.requests, answer, another };
}

function isIn({ modifyDate = '' }: CsvContact, { startsAt, endsAt }: BulkContactsRequest): boolean {
  const changedAt = new Date(modifyDate);
  const isAfter = !(startsAt instanceof Date) || changedAt >= startsAt;
  return isAfter && (!(endsAt instanceof Date) || changedAt <= endsAt);
}

async function selectAccounts(store: Store): Promise<string[]> {
  const found = await store.pool.query<{ account: string }>(`select account from mirror.contacts order by account`);
  return found.rows.map(({ account }) => account);
}

async function selectStates(store: Store): Promise<string[]> {
  const found = await store.pool.query<{ state: string; reason: string }>(
    `select state, reason from sync.downloads order by id`,
  );
  return found.rows.map(({ reason, state }) => `${reason} ${state}`);
}

const all = contacts.map(({ account }) => account);
const given = (input: PullInput, since: Date | undefined, until: Date): PullInput => ({
  ...input,
  window: { kind: 'given', since, until },
});

describe('a pull of several windows', () => {
  it('fills the gap in the middle without pulling all again, then brings new time; the counts add up', async () => {
    const { deps, input, store, requests } = await setup();
    await pull(deps, given(input, undefined, at('07:00')));
    await pull(deps, given(input, at('09:00'), at('10:00')));
    const counts = await pull(deps, input);
    expect(requests.slice(2).map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [at('06:45'), at('09:00')],
      [at('09:45'), new Date('2026-03-02T12:00:01Z')],
    ]);
    expect(counts).toMatchObject({ windows: 2, rows: 4, added: 4, startsAt: '2026-03-02T06:45:00.000Z' });
    expect(await selectAccounts(store)).toEqual(all);
    expect(await selectCoverage(store.pool, 'acme')).toMatchObject({ gaps: [], watermark: at('12:00') });
  });

  it('a window that fails in the middle is a gap that everybody can see, and the next pull fills it', async () => {
    const { deps, input, store, requests, answer } = await setup();
    await pull(deps, given(input, undefined, at('07:00')));
    await pull(deps, given(input, at('09:00'), at('10:00')));
    answer.with = ({ startsAt }) =>
      Number(startsAt) === Number(at('06:45'))
        ? { kind: 'answer', body: Readable.from(['{}']), contentType: 'text/html' }
        : undefined;
    await expect(pull(deps, input)).rejects.toThrow(/text\/html instead of a CSV/);
    expect(requests).toHaveLength(2 + 3);
    expect((await selectCoverage(store.pool, 'acme')).gaps).toEqual([{ startsAt: at('07:00'), endsAt: at('09:00') }]);
    answer.with = () => undefined;
    await pull(deps, input);
    expect((await selectCoverage(store.pool, 'acme')).gaps).toEqual([]);
    expect(await selectAccounts(store)).toEqual(all);
  });

  it('a download that is too large is asked for again in halves, until each is small enough', async () => {
    const { deps, input, store } = await setup();
    const maxWindowBytes = Buffer.byteLength(toCsv(contacts.slice(0, 2)));
    const counts = await pull(deps, { ...input, maxWindowBytes, window: { kind: 'full' } });
    expect(counts).toMatchObject({ added: 6, quarantined: 0, startsAt: null, endsAt: '2026-03-02T12:00:00.000Z' });
    expect(counts.windows).toBeGreaterThan(2);
    expect(await selectAccounts(store)).toEqual(all);
    expect(await selectStates(store)).toContain('full split');
    expect(await selectCoverage(store.pool, 'acme')).toMatchObject({ gaps: [], watermark: at('12:00') });
  });

  it('halves meet at the median of what the mirror knows', async () => {
    const { deps, input, requests } = await setup();
    await pull(deps, input);
    const maxWindowBytes = Buffer.byteLength(toCsv(contacts.slice(0, 3)));
    await pull(deps, { ...input, maxWindowBytes, window: { kind: 'full' } });
    expect(requests.slice(1).map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [undefined, undefined],
      [undefined, at('08:30')],
      [at('08:30'), undefined],
      [at('08:30'), at('09:30')],
      [at('09:30'), undefined],
    ]);
  });

  it('a download that takes too long is asked for in halves', async () => {
    const { deps, input, requests, answer } = await setup();
    answer.with = (_, nth) => {
      deps.clock.at = new Date(deps.clock.at.getTime() + (nth === 1 ? 0 : 1));
      if (nth > 1) return undefined;
      return () =>
        Readable.from(
          (async function* () {
            yield Buffer.from(toCsv([]));
            deps.clock.at = new Date(deps.clock.at.getTime() + 61_000);
            yield Buffer.from('A1');
          })(),
        );
    };
    expect(await pull(deps, { ...input, maxWindowMs: 60_000 })).toMatchObject({ windows: 2, added: 6 });
    expect(requests).toHaveLength(3);
    expect(deps.clock.sleptMs).toEqual([]);
  });

  it('two seconds that are too large are pulled without the limit, and without a second wait', async () => {
    const { deps, input, store, requests } = await setup();
    const counts = await pull(deps, {
      ...given(input, at('06:30'), new Date('2026-03-02T06:30:02Z')),
      maxWindowBytes: 10,
    });
    expect(counts).toMatchObject({ windows: 1, added: 1 });
    expect(requests).toHaveLength(2);
    expect(await selectStates(store)).toEqual(['given failed', 'given merged']);
  });

  it('a window that is cut off in all attempts is asked for in halves, the older first', async () => {
    const { deps, input, store, requests, answer } = await setup();
    const whole = Buffer.from(toCsv(contacts));
    answer.with = (_, nth) => (nth <= 3 ? whole.subarray(0, -150) : undefined);
    expect(await pull(deps, given(input, at('06:00'), at('12:00')))).toMatchObject({ windows: 2, added: 6 });
    expect(requests.map(({ startsAt, endsAt }) => [startsAt, endsAt]).slice(3)).toEqual([
      [at('06:00'), at('09:00')],
      [at('09:00'), at('12:00')],
    ]);
    expect(await selectStates(store)).toEqual([
      'given failed',
      'given failed',
      'given split',
      'given merged',
      'given merged',
    ]);
  });

  it('what is cut off however small it is asked for fails in the end', async () => {
    const { deps, input, requests, answer } = await setup();
    answer.with = () => () =>
      Readable.from(
        (async function* () {
          yield Buffer.from(toCsv([]));
          throw new Error('other side closed');
        })(),
      );
    await expect(pull(deps, input)).rejects.toThrow(/broke off/);
    expect(requests).toHaveLength(3 * 9);
  });

  it('a full disk stops the pull with one sentence and loses nothing; what is merged stays', async () => {
    const { deps, input, store, spool } = await setup();
    await pull(deps, given(input, undefined, at('07:00')));
    const handle = await open('/dev/null', 'w');
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const spy = vi.spyOn(Object.getPrototypeOf(handle), 'writeFile').mockRejectedValue(full);
    onTestFinished(() => spy.mockRestore());
    await handle.close();
    await expect(pull(deps, input)).rejects.toThrow(/^The disk is full where downloads are kept/);
    expect(await readdir(spool)).toEqual([]);
    expect(await selectAccounts(store)).toEqual(['A06']);
    expect((await selectStates(store)).at(-1)).toBe('new_time failed');
    spy.mockRestore();
    await pull(deps, input);
    expect(await selectAccounts(store)).toEqual(all);
  });

  it('the next window lands while one is merged, and no more than one', async () => {
    const { deps, input, store, requests } = await setup();
    await pull(deps, given(input, at('07:00'), at('07:10')));
    await pull(deps, given(input, at('08:00'), at('08:10')));
    await pull(deps, given(input, at('09:00'), at('09:10')));
    requests.length = 0;
    const holder = await store.pool.connect();
    await holder.query('begin');
    await holder.query('lock table sync.coverage in share mode');
    const pulling = pull(deps, input);
    for (;;) {
      const { rows } = await store.pool.query(
        `select (select count(*)::int from sync.downloads where state = 'landed') as landed,
                (select count(*)::int from pg_stat_activity
                  where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into sync.coverage%') as merging`,
      );
      if (rows[0].landed === 2 && rows[0].merging === 1) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(requests).toHaveLength(2);
    await holder.query('rollback');
    holder.release();
    expect(await pulling).toMatchObject({ windows: 4 });
    expect(requests).toHaveLength(4);
    expect(await selectAccounts(store)).toEqual(all);
  });
});

describe('what an earlier run has landed', () => {
  /** A pull whose bytes land and whose staging is stopped. */
  async function setupLanded(window?: PullInput['window']): Promise<Setup & { file: string }> {
    const made = await setup();
    const stop = new AbortController();
    const progress = ({ what }: { what: string }): void => {
      if (what === 'rows staged') stop.abort(new Error('stopped'));
    };
    const input = { ...made.input, ...(window === undefined ? {} : { window }), signal: stop.signal };
    await expect(pull({ ...made.deps, progress }, input)).rejects.toThrow('stopped');
    const files = await readdir(made.spool);
    expect(files).toHaveLength(1);
    expect(await selectStates(made.store)).toEqual([`${window?.kind ?? 'full'} landed`]);
    return { ...made, file: join(made.spool, files[0] ?? '') };
  }

  it('is merged first and not asked for again', async () => {
    const { another, store, requests, spool } = await setupLanded();
    const { deps, input } = await another();
    expect(await pull(deps, input)).toMatchObject({ windows: 2, added: 6, startsAt: null });
    expect(requests.map(({ startsAt }) => startsAt)).toEqual([undefined, at('11:45')]);
    expect(await readdir(spool)).toEqual([]);
    expect(await selectStates(store)).toEqual(['full merged', 'new_time merged']);
  });

  it('is merged as well when it was for a sweep', async () => {
    const { another, store, spool } = await setupLanded({ kind: 'slice', since: at('00:00') });
    const { deps, input } = await another();
    await pull(deps, input);
    expect((await selectStates(store))[0]).toBe('slice merged');
    expect(await readdir(spool)).toEqual([]);
  });

  it('is asked for again when the file is not what had landed', async () => {
    const { another, store, requests, file } = await setupLanded();
    await writeFile(file, 'x');
    const { deps, input } = await another();
    expect(await pull(deps, input)).toMatchObject({ windows: 1, added: 6 });
    expect(requests).toHaveLength(2);
    expect(await selectStates(store)).toEqual(['full dropped', 'full merged']);
  });

  it('is dropped when a download that was asked for later has been merged', async () => {
    const { another, store, spool } = await setupLanded();
    const { deps, input } = await another();
    await store.pool.query(
      `insert into sync.downloads (tenant, run_id, reason, server_now, overlap_ms) values ('acme', $1, 'full', now(), 0)`,
      [input.runId],
    );
    await store.pool.query(
      `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at, download_id)
       select 'acme', $1, to_timestamp(0), $2, $2, 0, 0, 0, '', now(), max(id) from sync.downloads`,
      [input.runId, at('11:00')],
    );
    await pull(deps, input);
    expect((await selectStates(store))[0]).toBe('full dropped');
    expect(await readdir(spool)).toEqual([]);
  });

  it('stays when the database fails, and is merged when it works again', async () => {
    const { another, store, requests, file } = await setupLanded();
    const { deps, input } = await another();
    await store.pool.query(`alter table sync.coverage add constraint refuse check (rows < 0) not valid`);
    await expect(pull(deps, input)).rejects.toThrow(/23514/);
    expect(await readdir(join(file, '..'))).toHaveLength(1);
    await store.pool.query(`alter table sync.coverage drop constraint refuse`);
    await pull(deps, input);
    expect(requests).toHaveLength(2);
    expect(await selectAccounts(store)).toEqual(all);
  });

  it('kept downloads go when their time is over', async () => {
    const { deps, input, store, spool } = await setup();
    await pull(deps, { ...input, keepDownloadsMs: 3_600_000 });
    expect(await readdir(spool)).toHaveLength(1);
    await pull(deps, { ...input, keepDownloadsMs: 3_600_000 });
    expect(await readdir(spool)).toHaveLength(2);
    await store.pool.query(
      `update sync.downloads set ended_at = ended_at - interval '2 hours' where id = (select min(id) from sync.downloads)`,
    );
    await pull(deps, { ...input, keepDownloadsMs: 3_600_000 });
    expect(await readdir(spool)).toHaveLength(2);
    const files = await store.pool.query(`select file is null as gone from sync.downloads order by id`);
    expect(files.rows.map(({ gone }) => gone)).toEqual([true, false, false]);
    await pull(deps, input);
    expect(await readdir(spool)).toEqual([]);
  });
});
