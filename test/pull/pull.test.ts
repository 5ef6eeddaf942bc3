import { createHash } from 'node:crypto';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { contactFields } from '../../src/contact/index.ts';
import { ConfigError, FatalError, RateLimitedError, RetriableError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { ProgressEvent } from '../../src/progress.ts';
import { pull } from '../../src/pull/pull.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import {
  type FakeLiveVox,
  header,
  makeFakeLiveVox,
  type PreparedBody,
  setupPull,
  toCsv,
  toCsvRow,
} from './download-source.ts';

const ann = { account: 'A1', firstName: 'Ann', balance: '10.50', modifyDate: '02/27/2026 10:00:00' };
const bob = { account: 'A2', firstName: 'Bob', active: 'true', phone1: '4155550100' };

type Setup = Awaited<ReturnType<typeof setupPull>> & { store: Store; livevox: FakeLiveVox; spool: string };

async function setup(...bodies: PreparedBody[]): Promise<Setup> {
  const { store } = await setupDatabase();
  const livevox = makeFakeLiveVox(bodies);
  const spool = join(await setupFolder(), 'spool');
  return { ...(await setupPull(store, livevox, spool)), store, livevox, spool };
}

async function selectAll(store: Store, sql: string): Promise<Record<string, unknown>[]> {
  return (await store.pool.query<Record<string, unknown>>(sql)).rows;
}

const selectNames = (store: Store): Promise<Record<string, unknown>[]> =>
  selectAll(store, `select account, first_name from mirror.contacts order by account`);

/** What a pull leaves behind besides its result: stages, and files in the spool folder. */
async function selectLeftovers(store: Store, spool: string): Promise<string[]> {
  const tables = await selectAll(store, `select relname from pg_class where relname like 'stage\\_%' order by 1`);
  return [...tables.map((row) => String(row['relname'])), ...(await readdir(spool).catch(() => []))];
}

/** Bytes of a stream in pieces, ending with an error when given one. */
function toBody(bytes: Buffer, error?: Error): () => Readable {
  return () =>
    Readable.from(
      (async function* () {
        for (let index = 0; index < bytes.length; index += 997) yield bytes.subarray(index, index + 997);
        if (error !== undefined) throw error;
      })(),
    );
}

/** An answer of a real HTTP server. */
async function serve(listener: RequestListener): Promise<() => Promise<Readable>> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    return Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
  };
}

describe('pull', () => {
  it('brings what LiveVox shows into an empty mirror, and covers all time up to its clock', async () => {
    const csv = toCsv([ann, bob]);
    const { deps, input, store, livevox, spool } = await setup(csv);
    const counts = await pull(deps, input);
    expect(counts).toEqual({
      windows: 1,
      rows: 2,
      added: 2,
      changed: 0,
      unchanged: 0,
      quarantined: 0,
      bytes: Buffer.byteLength(csv),
      startsAt: null,
      endsAt: '2026-03-02T12:00:00.000Z',
    });
    expect(livevox.requests).toEqual([
      { exportableFields: contactFields.map((field) => field.name), startsAt: undefined, endsAt: undefined },
    ]);
    expect(
      await selectAll(
        store,
        `select tenant, account, first_name, balance::text, active, phone1, city, modify_date, merged_at, merged_by, first_seen_at, tombstoned_at
           from mirror.contacts order by account`,
      ),
    ).toEqual([
      {
        tenant: 'acme',
        account: 'A1',
        first_name: 'Ann',
        balance: '10.50',
        active: null,
        phone1: null,
        city: null,
        modify_date: new Date('2026-02-27T15:00:00Z'),
        merged_at: deps.clock.at,
        merged_by: input.runId,
        first_seen_at: deps.clock.at,
        tombstoned_at: null,
      },
      {
        tenant: 'acme',
        account: 'A2',
        first_name: 'Bob',
        balance: null,
        active: true,
        phone1: '4155550100',
        city: null,
        modify_date: null,
        merged_at: deps.clock.at,
        merged_by: input.runId,
        first_seen_at: deps.clock.at,
        tombstoned_at: null,
      },
    ]);
    expect(
      await selectAll(
        store,
        `select run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at from sync.coverage`,
      ),
    ).toEqual([
      {
        run_id: input.runId,
        starts_at: new Date(0),
        ends_at: new Date('2026-03-02T12:00:00Z'),
        server_now: new Date('2026-03-02T12:00:00Z'),
        overlap_ms: '0',
        rows: '2',
        bytes: String(Buffer.byteLength(csv)),
        sha256: createHash('sha256').update(csv).digest('hex'),
        merged_at: deps.clock.at,
      },
    ]);
    expect(await selectLeftovers(store, spool)).toEqual([]);
  });

  it('the next pull asks from the watermark minus the overlap, and writes only what differs', async () => {
    const { deps, input, store, livevox } = await setup(
      toCsv([ann, bob]),
      toCsv([{ ...ann, firstName: 'Anne' }, bob, { account: 'A3' }]),
    );
    await pull(deps, input);
    const firstMerge = deps.clock.at;
    deps.clock.at = new Date('2026-03-02T13:00:00Z');
    livevox.serverNow = new Date('2026-03-02T12:30:00Z');
    expect(await pull(deps, input)).toMatchObject({
      rows: 3,
      added: 1,
      changed: 1,
      unchanged: 1,
      quarantined: 0,
      startsAt: '2026-03-02T11:45:00.000Z',
      endsAt: '2026-03-02T12:30:00.000Z',
    });
    expect(livevox.requests[1]).toMatchObject({
      startsAt: new Date('2026-03-02T11:45:00Z'),
      endsAt: new Date('2026-03-02T12:30:01Z'),
    });
    expect(
      await selectAll(
        store,
        `select account, first_name, merged_at, first_seen_at from mirror.contacts order by account`,
      ),
    ).toEqual([
      { account: 'A1', first_name: 'Anne', merged_at: deps.clock.at, first_seen_at: firstMerge },
      { account: 'A2', first_name: 'Bob', merged_at: firstMerge, first_seen_at: firstMerge },
      { account: 'A3', first_name: null, merged_at: deps.clock.at, first_seen_at: deps.clock.at },
    ]);
  });

  it('a coverage with a gap ends at the gap; one that does not begin at the beginning counts for nothing', async () => {
    const { deps, input, livevox } = await setup(toCsv([]));
    const since = new Date('2026-03-02T11:00:00Z');
    await pull(deps, { ...input, window: { kind: 'given', since } });
    expect(await pull(deps, input)).toMatchObject({ startsAt: null });
    livevox.serverNow = new Date('2026-03-02T20:00:00Z');
    await pull(deps, { ...input, window: { kind: 'given', since: new Date('2026-03-02T18:00:00Z') } });
    expect(await pull(deps, input)).toMatchObject({ startsAt: '2026-03-02T11:45:00.000Z' });
  });

  it('a second pull of the same bytes changes nothing', async () => {
    const { deps, input } = await setup(toCsv([ann, bob]));
    await pull(deps, { ...input, window: { kind: 'full' } });
    expect(await pull(deps, { ...input, window: { kind: 'full' } })).toMatchObject({
      added: 0,
      changed: 0,
      unchanged: 2,
    });
  });

  it('a window that begins after the clock of LiveVox is wrong usage', async () => {
    const { deps, input } = await setup(toCsv([]));
    const window = { kind: 'given', since: new Date('2030-01-01') } as const;
    await expect(pull(deps, { ...input, window })).rejects.toThrow(ConfigError);
  });

  it.each([
    ['plain', (csv: string) => Buffer.from(csv)],
    ['compressed', (csv: string) => gzipSync(csv)],
    [
      'in two compressed members',
      (csv: string) => Buffer.concat([gzipSync(csv.slice(0, 4000)), gzipSync(csv.slice(4000))]),
    ],
    ['with CRLF', (csv: string) => Buffer.from(csv.replaceAll('\n', '\r\n'))],
    ['with bare carriage returns', (csv: string) => Buffer.from(csv.replaceAll('\n', '\r'))],
    ['with a byte order mark', (csv: string) => Buffer.from(`\uFEFF${csv}`)],
    ['without a line end at the end', (csv: string) => Buffer.from(csv.slice(0, -1))],
  ])('reads a body that comes %s', async (_, toBytes) => {
    const { deps, input, store } = await setup(toBody(toBytes(toCsv([ann, bob]))));
    expect(await pull(deps, input)).toMatchObject({ rows: 2, added: 2 });
    expect(await selectNames(store)).toEqual([
      { account: 'A1', first_name: 'Ann' },
      { account: 'A2', first_name: 'Bob' },
    ]);
  });

  it('keeps line breaks, quotes, commas, backslashes and the end-of-data mark of COPY inside values', async () => {
    const { deps, input, store } = await setup(
      toCsv([
        { account: '\\.', description: '"line\n\\.\nline"', city: '"a ""b"", c"', firstName: '\\N' },
        { account: '"A,1"', firstName: '""', description: '"two\r\nlines"' },
      ]),
    );
    expect(await pull(deps, input)).toMatchObject({ rows: 2, added: 2, quarantined: 0 });
    expect(
      await selectAll(store, `select account, description, city, first_name from mirror.contacts order by account`),
    ).toEqual([
      { account: 'A,1', description: 'two\r\nlines', city: null, first_name: null },
      { account: '\\.', description: 'line\n\\.\nline', city: 'a "b", c', first_name: '\\N' },
    ]);
  });

  it('accounts that differ in case only are two contacts', async () => {
    const { deps, input } = await setup(toCsv([{ account: 'MF1234' }, { account: 'mf1234' }]));
    expect(await pull(deps, input)).toMatchObject({ rows: 2, added: 2 });
  });

  const whole = gzipSync(
    toCsv(Array.from({ length: 200 }, (_, index) => ({ account: `A${index}`, firstName: `N${index * 7919}` }))),
  );
  const plain = Buffer.from(toCsv([ann, bob]));
  it.each<[string, PreparedBody]>([
    ['a truncated gzip', toBody(whole.subarray(0, -20))],
    ['a gzip cut in its trailer', toBody(whole.subarray(0, -1))],
    ['a damaged gzip', toBody(Buffer.concat([whole.subarray(0, 900), Buffer.from('damage'), whole.subarray(906)]))],
    ['a body whose connection is cut', toBody(plain, new Error('other side closed'))],
    ['a body that the client reports as cut', toBody(plain, new RetriableError('cut short: try again'))],
    ['a last row cut short', plain.subarray(0, -150)],
    ['a header cut short', plain.subarray(0, 300)],
    ['an empty body', ''],
    [
      'an error page',
      { kind: 'answer', body: Readable.from([Buffer.from('<html>')]), contentType: 'text/html; charset=utf-8' },
    ],
    ['a JSON error', { kind: 'answer', body: Readable.from([Buffer.from('{}')]), contentType: 'application/json' }],
  ])('%s leaves the mirror untouched and is fetched again', async (_, broken) => {
    const { deps, input, store, livevox, spool } = await setup(toCsv([{ account: 'A0' }]), broken, plain);
    await pull(deps, input);
    expect(await pull(deps, { ...input, window: { kind: 'full' } })).toMatchObject({ rows: 2, added: 2 });
    expect(livevox.requests).toHaveLength(3);
    expect(deps.clock.sleptMs).toEqual([1000]);
    livevox.bodies = [typeof broken === 'object' && 'kind' in broken ? '' : broken];
    await expect(pull(deps, { ...input, window: { kind: 'full' } })).rejects.toThrow(RetriableError);
    expect((await selectNames(store)).map((row) => row['account'])).toEqual(['A0', 'A1', 'A2']);
    expect(await selectAll(store, `select count(*)::int from sync.coverage`)).toEqual([{ count: 2 }]);
    const waiting = await selectAll(store, `select file from sync.downloads where state = 'landed'`);
    expect(await selectLeftovers(store, spool)).toEqual(waiting.map(({ file }) => file));
  });

  it('a connection cut below HTTP is a failed download', async () => {
    let asked = 0;
    const open = await serve((_, response) => {
      asked += 1;
      if (asked > 1) return void response.end(plain);
      response.writeHead(200, { 'content-length': plain.length });
      response.write(plain.subarray(0, 3000), () => response.destroy());
    });
    const { deps, input, livevox } = await setup();
    const answering = { ...livevox, fetchBulkContacts: async () => ({ body: await open() }) };
    expect(await pull({ ...deps, livevox: answering }, input)).toMatchObject({ rows: 2 });
    expect(asked).toBe(2);
  });

  it('what LiveVox refuses is not asked for again', async () => {
    const { deps, input, livevox } = await setup('');
    for (const refusal of [
      new FatalError('forbidden'),
      new RateLimitedError('slow down', 5000),
      new RetriableError('unreachable'),
    ]) {
      let asked = 0;
      const refusing = {
        ...livevox,
        fetchBulkContacts: async () => {
          asked += 1;
          throw refusal;
        },
      };
      await expect(pull({ ...deps, livevox: refusing }, input)).rejects.toBe(refusal);
      expect(asked).toBe(1);
    }
  });

  it('malformed rows are quarantined with line, offset, reason and raw text; the rest goes on, and the counts add up', async () => {
    const rows = [
      toCsvRow(ann),
      'B1,only two\n',
      `"B,2"${','.repeat(214)}\n`,
      toCsvRow({ account: 'B3', dueDate: '13/45/2018' }),
      toCsvRow({ description: 'no account' }),
      toCsvRow({ account: 'B4', firstName: '"a"b"' }),
      toCsvRow({ account: 'B5', title: '"open' }),
      toCsvRow({ account: 'B6', city: 'N\0L' }),
      toCsvRow(bob),
    ];
    const offset = (index: number): string => String(Buffer.byteLength(`${header}\n${rows.slice(0, index).join('')}`));
    const { deps, input, store } = await setup(`${header}\n${rows.join('')}`);
    expect(await pull(deps, input)).toMatchObject({ rows: 9, added: 2, changed: 0, unchanged: 0, quarantined: 7 });
    expect(await selectNames(store)).toEqual([
      { account: 'A1', first_name: 'Ann' },
      { account: 'A2', first_name: 'Bob' },
    ]);
    const quarantined = await selectAll(
      store,
      `select tenant, run_id, origin, file, line, byte_offset, account, reason, raw from sync.quarantine order by id`,
    );
    const of = (index: number, account: string | null, reason: string): Record<string, unknown> => ({
      tenant: 'acme',
      run_id: input.runId,
      origin: 'livevox',
      file: expect.stringMatching(new RegExp(`^${input.runId}-\\d+\\.download$`)),
      line: String(index + 2),
      byte_offset: offset(index),
      account,
      reason,
      raw: rows[index]?.slice(0, -1).replace('\0', '\\x00'),
    });
    expect(quarantined).toEqual([
      of(1, 'B1', 'too few columns: 2 of 214'),
      of(2, 'B,2', 'too many columns: 215 of 214'),
      of(3, 'B3', 'dueDate: not a calendar date'),
      of(4, null, 'account: empty'),
      of(5, 'B4', 'firstName: quote in the wrong place'),
      of(6, 'B5', 'title: quote is not closed'),
      of(7, 'B6', 'contains a NUL character'),
    ]);
  });

  it('all rows of an account that appears twice are quarantined', async () => {
    const { deps, input, store } = await setup(toCsv([ann, bob, { ...ann, firstName: 'Anne' }]));
    expect(await pull(deps, input)).toMatchObject({ rows: 3, added: 1, quarantined: 2 });
    expect(await selectNames(store)).toEqual([{ account: 'A2', first_name: 'Bob' }]);
    const quarantined = await selectAll(
      store,
      `select account, reason, raw::jsonb ->> 'first_name' as name from sync.quarantine order by 3`,
    );
    expect(quarantined).toEqual([
      { account: 'A1', reason: 'the account appears more than once', name: 'Ann' },
      { account: 'A1', reason: 'the account appears more than once', name: 'Anne' },
    ]);
  });

  it('a shifted header is fatal, stages nothing and is not fetched again', async () => {
    const shifted = toCsv([ann]).replace('Account Due Date', 'Something Else');
    const { deps, input, livevox, store, spool } = await setup(shifted);
    await expect(pull(deps, input)).rejects.toThrow(/^Column 2 of the download is called "Something Else"/);
    await expect(pull(deps, input)).rejects.toThrow(FatalError);
    expect(livevox.requests).toHaveLength(2);
    expect(await selectLeftovers(store, spool)).toEqual([]);
  });

  it('custom fields are known by their labels, and kept as LiveVox lists them', async () => {
    const { deps, input, livevox, store } = await setup(toCsv([]).replace('Label of COL7', 'Branch'));
    livevox.customFields = [
      { field: 'COL7', label: 'Branch', dataType: 'LIST', listValues: ['North', 'South'] },
      { field: 'COL8', label: '', dataType: 'STRING' },
    ];
    await pull(deps, input);
    livevox.customFields = [{ field: 'COL7', label: 'Branch', dataType: 'STRING' }];
    await pull(deps, input);
    expect(await selectAll(store, `select field, label, data_type, list_values from mirror.custom_fields`)).toEqual([
      { field: 'COL7', label: 'Branch', data_type: 'STRING', list_values: null },
    ]);
    livevox.customFields = [{ field: 'COL6', label: 'Branch', dataType: 'STRING' }];
    await expect(pull(deps, input)).rejects.toThrow(/^Column 120 .* "Label of COL6" where "Branch" was expected/);
  });

  it('a download is kept for its owner only, and progress is told', async () => {
    const { deps, input, spool } = await setup();
    const events: ProgressEvent[] = [];
    const modes: Record<string, number> = {};
    const body = async function* (): AsyncGenerator<Buffer> {
      yield plain.subarray(0, 100);
      const [name = ''] = await readdir(spool);
      modes['folder'] = (await stat(spool)).mode & 0o777;
      modes['file'] = (await stat(join(spool, name))).mode & 0o777;
      yield plain.subarray(100);
    };
    const livevox = makeFakeLiveVox([() => Readable.from(body())]);
    await pull({ ...deps, livevox, progress: (event) => events.push(event) }, input);
    expect(modes).toEqual({ folder: 0o700, file: 0o600 });
    expect(events.at(-1)).toEqual({ step: 'pull', what: 'rows staged', done: 2 });
    expect(events).toContainEqual({ step: 'pull', what: 'bytes landed', done: plain.length });
  });

  it('logs what it landed and merged, and nothing of a contact', async () => {
    const { deps, input } = await setup(toCsv([ann, { account: 'B1', dueDate: 'secret' }]));
    const lines: string[] = [];
    const write = (event: string, facts: unknown): void => void lines.push(`${event} ${JSON.stringify(facts)}`);
    const log: Log = { debug: write, info: write, warn: write, error: write, with: () => log };
    await pull({ ...deps, log }, input);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['pull.landed', 'pull.merged']);
    expect(lines.join('\n')).not.toMatch(/Ann|A1|B1|secret/);
  });

  it('a pull that is aborted while it lands leaves nothing behind and throws the reason', async () => {
    const { deps, input, store, spool } = await setup();
    const reason = new Error('stopped by the operator');
    const stop = new AbortController();
    const livevox = makeFakeLiveVox([toBody(plain)]);
    const progress = (event: ProgressEvent): void => {
      if (event.what === 'bytes landed') stop.abort(reason);
    };
    await expect(pull({ ...deps, livevox, progress }, { ...input, signal: stop.signal })).rejects.toBe(reason);
    expect(await selectLeftovers(store, spool)).toEqual([]);
    expect(await selectAll(store, `select state, message from sync.downloads`)).toEqual([
      { state: 'dropped', message: 'stopped by the operator' },
    ]);
  });

  it('clears what dead runs left, and leaves alone what living runs of other tenants have', async () => {
    const { deps, input, store, spool } = await setup(plain);
    const others = await selectAll(
      store,
      `insert into sync.runs (id, tenant, kind, started_from, state, started_at, heartbeat_at, ended_at)
       values (gen_random_uuid(), 'other', 'pull', 'command', 'running', now(), now(), null),
              (gen_random_uuid(), 'gone', 'pull', 'command', 'interrupted', now(), now(), now())
       returning id`,
    );
    const [living, dead] = others.map((row) => String(row['id']));
    const unknown = '00000000-0000-4000-8000-000000000001';
    const old = '00000000-0000-4000-8000-000000000002';
    await mkdir(spool, { recursive: true });
    for (const id of [living, dead, unknown, old]) {
      await writeFile(join(spool, `${id}.download`), 'x');
      await store.pool.query(`create table sync.stage_${id?.replaceAll('-', '')} (account text)`);
      await utimes(join(spool, `${id}.download`), deps.clock.at, deps.clock.at);
    }
    await utimes(join(spool, `${old}.download`), new Date('2026-02-01'), new Date('2026-02-01'));
    await pull(deps, input);
    expect(await selectLeftovers(store, spool)).toEqual([
      `stage_${living?.replaceAll('-', '')}`,
      ...[`${living}.download`, `${unknown}.download`].sort(),
    ]);
  });

  it('reads times without a zone at the client, also when clocks change', async () => {
    const { deps, input, store } = await setup(
      toCsv([
        { account: 'winter', modifyDate: '01/15/2026 10:00:00' },
        { account: 'summer', modifyDate: '07/15/2026 10:00' },
        { account: 'gap', modifyDate: '03/08/2026 02:30:00' },
        { account: 'twice', modifyDate: '11/01/2026 01:30:00' },
        { account: 'iso', modifyDate: '2026-07-15T10:00:00' },
        { account: 'zoned', modifyDate: '2026-07-15T10:00:00.250+02:00' },
        { account: 'epoch', modifyDate: '1784124000000', dueDate: '1784088000000' },
        { account: 'day', modifyDate: '07/15/2026', dueDate: '07/15/2026' },
      ]),
    );
    expect(await pull(deps, input)).toMatchObject({ added: 8 });
    const rows = await selectAll(store, `select account, modify_date, due_date::text from mirror.contacts`);
    expect(
      Object.fromEntries(
        rows.map((row) => [row['account'], [(row['modify_date'] as Date).toISOString(), row['due_date']]]),
      ),
    ).toEqual({
      winter: ['2026-01-15T15:00:00.000Z', null],
      summer: ['2026-07-15T14:00:00.000Z', null],
      gap: ['2026-03-08T07:30:00.000Z', null],
      twice: ['2026-11-01T06:30:00.000Z', null],
      iso: ['2026-07-15T14:00:00.000Z', null],
      zoned: ['2026-07-15T08:00:00.250Z', null],
      epoch: ['2026-07-15T14:00:00.000Z', '2026-07-15'],
      day: ['2026-07-15T04:00:00.000Z', '2026-07-15'],
    });
  });

  it('the database takes every spelling that the scanner lets through', async () => {
    const spellings: Record<string, readonly string[]> = {
      dueDate: [
        '08/27/2018',
        '2018-08-27',
        '01/01/0001',
        '12/31/9999',
        '02/29/2000',
        '"08/27/2018"',
        '""',
        ' ',
        '8/7/2018',
        '08/27/2018 10:00',
      ],
      modifyDate: [
        '08/27/2018',
        '08/27/2018 10:11',
        '08/27/2018 10:11:12',
        '2018-08-27',
        '2018-08-27 10:11',
        '2018-08-27T10:11',
        '2018-08-27T10:11:12Z',
        '2018-08-27T10:11:12.123456789Z',
        '2018-08-27 10:11:12+05',
        '2018-08-27T10:11:12-0330',
        '2018-08-27T10:11:12+14:00',
        '0001-01-01T00:00:00',
        '9999-12-31T23:59:59Z',
        '2018-08-27T10:11Z',
        '2018-08-27T10:11+05:30',
        '1535379072000',
        '-1000',
        '"2018-08-27T10:11:12Z"',
        '2018-08-27t10:11:12z',
        '"2018-08-27T10:11:12,5Z"',
      ],
      active: ['true', 'false', 't', 'f', 'y', 'n', '1', '0', 'TRUE', 'False', 'Yes', 'NO', 'T', '"true"', ' true '],
      agentId: [
        '0',
        '-0',
        '007',
        '2147483647',
        '-2147483648',
        '+5',
        '999999999',
        '"12"',
        ' 12 ',
        '0000000000000000012',
      ],
      lvAccountId: ['9223372036854775807', '-9223372036854775808', '999999999999999999', '1'],
      balance: [
        '0',
        '-0.00',
        '12.',
        '.5',
        '1e5',
        '1.0E7',
        '-1.5E-3',
        '12345678901234567890123456789012345678.12',
        '+1',
        ' 1.50 ',
        '99e99',
      ],
    };
    const contacts = Object.entries(spellings).flatMap(([name, texts]) =>
      texts.map((text, index) => ({ account: `${name}${index}`, [name]: text })),
    );
    const { deps, input } = await setup(toCsv(contacts));
    expect(await pull(deps, input)).toMatchObject({ added: contacts.length, quarantined: 0 });
  });

  it('a time zone that the database does not know is fatal', async () => {
    const { deps, input } = await setup(plain);
    await expect(pull(deps, { ...input, timeZone: 'Mars/Olympus' })).rejects.toThrow(/does not know the time zone/);
  });

  it('20,000 rows with some damage are all accounted for', async () => {
    const { deps, input, store } = await setup();
    const rows = Array.from({ length: 20_000 }, (_, index) =>
      index % 1000 === 999
        ? `B${index},short\n`
        : toCsvRow({
            account: `A${index}`,
            firstName: `Ann ${index % 97}`,
            lastName: '"O""Hara, Jr."',
            balance: `${index % 977}.25`,
            active: 'true',
            modifyDate: '02/27/2026 10:00:00',
            phone1: '4155550100',
            phone1Block: 'false',
            ...Object.fromEntries(
              Array.from({ length: 20 }, (_, column) => [`COL${column + 1}`, `value ${index} of ${column}`]),
            ),
          }),
    );
    const livevox = makeFakeLiveVox([toBody(gzipSync(`${header}\n${rows.join('')}`))]);
    expect(await pull({ ...deps, livevox }, input)).toMatchObject({ rows: 20_000, added: 19_980, quarantined: 20 });
    const again = await pull({ ...deps, livevox }, { ...input, window: { kind: 'full' } });
    expect(again).toMatchObject({ rows: 20_000, added: 0, changed: 0, unchanged: 19_980, quarantined: 20 });
    expect(await selectAll(store, `select count(*)::int from mirror.contacts`)).toEqual([{ count: 19_980 }]);
  });
});
