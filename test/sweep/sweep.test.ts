import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FatalError, HeldError, RetriableError } from '../../src/errors.ts';
import {
  absences,
  answerWith,
  type Contact,
  makeContacts,
  serverNow,
  setupSweep,
  toCsv,
  tombstones,
} from './sweep-setup.ts';

const all = makeContacts(100);
const without = (...accounts: string[]): readonly Contact[] => all.filter(({ account }) => !accounts.includes(account));
const changed = (account: string, modifyDate: string): readonly Contact[] => [
  ...without(account),
  { account, modifyDate },
];

const leftovers = `select relname as account from pg_class where relname like 'sweep\\_%'`;

describe('deletions', () => {
  it('a contact that two sweeps miss is a tombstone; the first alone puts it on record', async () => {
    const house = await setupSweep(all);
    const first = await house.sweep(answerWith(without('A007')));
    expect(first.counts).toMatchObject({
      requests: 1,
      rows: 99,
      accounts: 99,
      repeated: 0,
      mirrorRows: 100,
      present: 99,
      absent: 1,
      tombstoned: 0,
      vanished: 1,
    });
    expect([await house.accounts(absences), await house.accounts(tombstones)]).toEqual([['A007'], []]);
    const second = await house.sweep(answerWith(without('A007')));
    expect(second.counts).toMatchObject({ absent: 1, tombstoned: 1, vanished: 0, drifted: 0 });
    expect([await house.accounts(absences), await house.accounts(tombstones)]).toEqual([[], ['A007']]);
    expect(await house.select(`select count(*)::int as n from mirror.contacts`)).toEqual([{ n: 100 }]);
    const third = await house.sweep(answerWith(without('A007')));
    expect(third.counts).toMatchObject({ mirrorRows: 99, present: 99, absent: 0, tombstones: 1, tombstoned: 0 });
    expect(await house.accounts(leftovers)).toEqual([]);
  });

  it('a second sweep that begins too early is no second witness', async () => {
    const house = await setupSweep(all);
    const answer = answerWith(without('A007'));
    await house.sweep(answer);
    await house.sweep(answer, { independentAfterMs: 3_600_000 });
    expect([await house.accounts(absences), await house.accounts(tombstones)]).toEqual([['A007'], []]);
    await house.store.pool.query(
      `update sync.sweeps set started_at = started_at - interval '1 hour', ended_at = ended_at - interval '1 hour'`,
    );
    await house.sweep(answer, { independentAfterMs: 3_600_000 });
    expect(await house.accounts(tombstones)).toEqual(['A007']);
  });

  it('an absence is forgotten when a sweep finds the contact again, or a pull has merged it since', async () => {
    const house = await setupSweep(all);
    await house.sweep(answerWith(without('A007', 'A008')));
    await house.store.pool.query(
      `update mirror.contacts set merged_at = merged_at + interval '1 second' where account = 'A008'`,
    );
    await house.sweep(answerWith(without('A008')));
    expect([await house.accounts(absences), await house.accounts(tombstones)]).toEqual([['A008'], []]);
    await house.sweep(answerWith(without('A007', 'A008')));
    expect([await house.accounts(absences), await house.accounts(tombstones)]).toEqual([['A007'], ['A008']]);
  });

  it('a tombstone that is found again is none any more', async () => {
    const house = await setupSweep(all);
    await house.sweep(answerWith(without('A007')));
    await house.sweep(answerWith(without('A007')));
    expect((await house.sweep(answerWith(all))).counts).toMatchObject({ restored: 1, drifted: 0, mirrorRows: 99 });
    expect(await house.accounts(tombstones)).toEqual([]);
  });

  it('a contact without a modifyDate is judged only where everything was asked for in one request', async () => {
    const house = await setupSweep([...all, { account: 'UNDATED' }]);
    const inParts = await house.sweep(answerWith([...all, { account: 'UNDATED' }]), { chunkRows: 30 });
    expect(inParts.counts).toMatchObject({ mirrorRows: 101, present: 100, absent: 0, notJudged: 1 });
    const atOnce = await house.sweep(answerWith(all));
    expect(atOnce.counts).toMatchObject({ mirrorRows: 101, present: 100, absent: 1, notJudged: 0 });
    expect(await house.accounts(absences)).toEqual(['UNDATED']);
  });

  it('an empty mirror has nothing to sweep, and LiveVox is not asked', async () => {
    const house = await setupSweep([]);
    const { counts, asked } = await house.sweep(answerWith(all));
    expect(counts).toMatchObject({ requests: 0, mirrorRows: 0, drifted: 0 });
    expect(asked).toEqual([]);
  });
});

describe('requests', () => {
  it('windows of the wanted size in ascending order share their bounds, the first without a start and the last without an end', async () => {
    const house = await setupSweep(all);
    const { asked, counts } = await house.sweep(answerWith(all), { chunkRows: 30 });
    const bounds = [29, 59, 89].map((index) => new Date(all[index]?.modifyDate ?? ''));
    expect(asked).toEqual([
      { startsAt: undefined, endsAt: bounds[0] },
      { startsAt: bounds[0], endsAt: bounds[1] },
      { startsAt: bounds[1], endsAt: bounds[2] },
      { startsAt: bounds[2], endsAt: undefined },
    ]);
    expect(counts).toMatchObject({ rows: 103, accounts: 100, repeated: 3, present: 100, absent: 0, drifted: 0 });
  });

  it('a contact that changes between two requests comes in the last one, and is neither absent nor drift', async () => {
    const house = await setupSweep(all);
    const later = changed('A050', '2026-03-02T12:00:05.000Z');
    const { counts } = await house.sweep((window, index) => answerWith(index === 0 ? all : later)(window, index), {
      chunkRows: 30,
    });
    expect(counts).toMatchObject({ present: 100, absent: 0, drifted: 0 });
    const both = await house.sweep((window, index) => answerWith(index < 2 ? all : later)(window, index), {
      chunkRows: 30,
    });
    expect(both.counts).toMatchObject({ repeated: 4, present: 100, absent: 0, drifted: 0 });
  });

  it('an answer that is cut off is asked for again, and leaves none of its rows', async () => {
    const house = await setupSweep(all);
    const zipped = gzipSync(toCsv(all));
    const half = zipped.subarray(0, zipped.length / 2);
    const { counts } = await house.sweep((_, index) => (index === 0 ? half : zipped));
    expect(counts).toMatchObject({ requests: 2, rows: 100, present: 100 });
  });
});

describe('odd answers mark nothing', () => {
  const csv = toCsv(all);
  const cut = csv.slice(0, csv.length - 12);
  const unreadable = `${toCsv(all.slice(0, 99))}"A100" ,x,2026-01-01\n`;

  it.each<[string, string | Buffer, new (...args: never[]) => Error, string]>([
    ['no byte at all', '', RetriableError, 'failed'],
    ['a header alone', toCsv([]), HeldError, 'held'],
    ['half of the contacts', toCsv(all.slice(0, 50)), HeldError, 'held'],
    ['a row cut short', cut, RetriableError, 'failed'],
    ['a compressed body cut short', gzipSync(csv).subarray(0, 300), RetriableError, 'failed'],
    ['no header', csv.slice(csv.indexOf('\n') + 1), FatalError, 'failed'],
    ['columns the other way round', toCsv(all, 'Modified,Account'), FatalError, 'failed'],
    ['a column too many', toCsv(all, 'Account,Modified,First Name'), FatalError, 'failed'],
    ['a row that cannot be read', unreadable, HeldError, 'held'],
    ['an account that is empty', `${toCsv(all.slice(1))} ,2026-01-01\n`, HeldError, 'held'],
    [
      'an account that is no UTF-8',
      Buffer.concat([Buffer.from(csv), Buffer.from([0xff, 0x2c, 0x0a])]),
      HeldError,
      'held',
    ],
    ['an error page', '<html><body>try later</body></html>\n', FatalError, 'failed'],
  ])('%s', async (_, body, kind, state) => {
    const house = await setupSweep(all);
    await house.sweep(answerWith(without('A007')));
    const before = [await house.accounts(absences), await house.accounts(tombstones)];
    const { error } = await house.sweep(() => body);
    expect(error).toBeInstanceOf(kind);
    expect(error?.message).not.toMatch(/A\d\d\d/);
    expect([await house.accounts(absences), await house.accounts(tombstones)]).toEqual(before);
    expect(await house.select(`select state, message from sync.sweeps order by id desc limit 1`)).toEqual([
      { state, message: error?.message },
    ]);
    expect(await house.select(`select count(*)::int as n from sync.drift`)).toEqual([{ n: 1 }]);
    expect(await house.accounts(leftovers)).toEqual([]);
  });

  it('every row twice, and in any order, is the same answer', async () => {
    const house = await setupSweep(all);
    const twice = [...all, ...all].reverse();
    const { counts } = await house.sweep(answerWith(twice), { chunkRows: 30 });
    expect(counts).toMatchObject({ rows: 206, accounts: 100, repeated: 106, present: 100, absent: 0, drifted: 0 });
  });

  it('the same window for every request misses the others, and is held', async () => {
    const house = await setupSweep(all);
    const { error } = await house.sweep(() => toCsv(all.slice(0, 30)), { chunkRows: 30 });
    expect(error).toBeInstanceOf(HeldError);
    expect(await house.accounts(absences)).toEqual([]);
  });

  it('a window that comes back empty is held although few are missing, until a person lets it through', async () => {
    const house = await setupSweep(all);
    const answer = answerWith(all.slice(10));
    const held = await house.sweep(answer, { chunkRows: 9, maxVanishedPercent: 50 });
    expect(held.error?.message).toBe(
      'The sweep got nothing for 1 request where the mirror has contacts, so nothing was marked: if those were really deleted, run lvsync sweep --max-vanished-percent 10.',
    );
    const chosen = await house.sweep(answer, { chunkRows: 9, maxVanishedPercent: 10, isPercentChosen: true });
    expect(chosen.counts).toMatchObject({ absent: 10 });
  });

  it('the guard names what is missing and how to let it through; a held sweep is no first witness', async () => {
    const house = await setupSweep(all);
    const answer = answerWith(all.slice(11));
    const { error } = await house.sweep(answer);
    expect(error?.message).toBe(
      '11 of 100 contacts are missing in LiveVox (11.00 %, more than 10 %), so nothing was marked: if they were really deleted, run lvsync sweep --max-vanished-percent 11.',
    );
    await house.sweep(answer, { maxVanishedPercent: 11, isPercentChosen: true });
    expect([(await house.accounts(absences)).length, await house.accounts(tombstones)]).toEqual([11, []]);
  });
});

describe('drift', () => {
  const causes = `select account, cause, modify_date from sync.drift order by account`;

  it('each difference has its cause; what changed after the last pull has none', async () => {
    const house = await setupSweep(all);
    await house.store.pool.query(`update sync.coverage set ends_at = '2026-02-01T00:00:00Z' where tenant = 'acme'`);
    await house.store.pool.query(
      `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
       select tenant, run_id, '2026-02-02', $1, $1, 0, 0, 0, '', $1 from sync.coverage`,
      [serverNow],
    );
    const shown = [
      ...without('A001', 'A002', 'A003', 'A004', 'A005'),
      { account: 'A001', modifyDate: '2026-01-15T00:00:00.000Z' },
      { account: 'A002', modifyDate: '2025-12-24T00:00:00.000Z' },
      { account: 'A003', modifyDate: '2026-02-01T12:00:00.000Z' },
      { account: 'A005', modifyDate: '2026-03-02T12:00:01.000Z' },
      { account: 'NEW', modifyDate: '2026-01-16T00:00:00.000Z' },
    ];
    const { counts, pulled } = await house.sweep(answerWith(shown));
    expect(await house.select(causes)).toEqual([
      { account: 'A001', cause: 'late_commit', modify_date: new Date('2026-01-15T00:00:00Z') },
      { account: 'A002', cause: 'rolled_back', modify_date: new Date('2025-12-24T00:00:00Z') },
      { account: 'A003', cause: 'missed_window', modify_date: new Date('2026-02-01T12:00:00Z') },
      { account: 'A004', cause: 'vanished', modify_date: null },
      { account: 'NEW', cause: 'late_commit', modify_date: new Date('2026-01-16T00:00:00Z') },
    ]);
    expect(counts).toMatchObject({
      lateCommit: 2,
      missedWindow: 1,
      rolledBack: 1,
      vanished: 1,
      drifted: 5,
      driftPerTenThousand: 500,
    });
    expect(pulled).toEqual([
      { startsAt: new Date('2026-01-14T23:59:59Z'), endsAt: new Date('2026-01-15T00:00:01Z') },
      { startsAt: new Date('2026-01-15T23:59:59Z'), endsAt: new Date('2026-01-16T00:00:01Z') },
      { startsAt: new Date('2026-02-01T11:59:59Z'), endsAt: new Date('2026-02-01T12:00:01Z') },
    ]);
  });

  it('a day alone may be any moment of it: today’s is the next pull’s business', async () => {
    const house = await setupSweep(all);
    const [today, yesterday] = ['2026-03-02T05:00:00.000Z', '2026-03-01T05:00:00.000Z'];
    expect((await house.sweep(answerWith(changed('A001', today)))).counts).toMatchObject({ drifted: 0 });
    expect((await house.sweep(answerWith(changed('A001', yesterday)))).counts).toMatchObject({ lateCommit: 1 });
  });

  it('what was pulled again counts as repaired', async () => {
    const house = await setupSweep(all);
    const { counts } = await house.sweep(answerWith(changed('A001', '2026-01-15T00:00:00.000Z')), {
      onPull: () =>
        house.store.pool.query(
          `update mirror.contacts set modify_date = '2026-01-15T00:00:00Z' where account = 'A001'`,
        ),
    });
    expect(counts).toMatchObject({ lateCommit: 1, drifted: 1, repaired: 1 });
  });

  it('what drifted is pulled again in a few windows, parted where the gaps are widest', async () => {
    const house = await setupSweep(all);
    const fresh = Array.from({ length: 20 }, (_, index) => ({
      account: `N${index}`,
      modifyDate: new Date(Date.UTC(2026, 1, 1 + Math.floor(index / 2), 0, index % 2)).toISOString(),
    }));
    const { pulled } = await house.sweep(answerWith([...all, ...fresh]));
    expect(pulled).toHaveLength(8);
    expect(pulled[0]?.startsAt).toEqual(new Date(Date.parse(fresh[0]?.modifyDate ?? '') - 1000));
    expect(pulled[7]?.endsAt).toEqual(new Date(Date.parse(fresh[19]?.modifyDate ?? '') + 1000));
  });
});

describe('a slice of a rolling sweep', () => {
  const slice = { index: 1, of: 4 };
  // A second wider at both ends, because LiveVox prints whole seconds of what it filters by.
  const from = new Date(Date.parse(all[24]?.modifyDate ?? '') - 1000);
  const to = new Date(Date.parse(all[49]?.modifyDate ?? '') + 1000);

  it('asks for its stretch and for what changed since the last pull, then pulls the stretch', async () => {
    const house = await setupSweep(all);
    const { asked, pulled, counts } = await house.sweep(answerWith(all), { slice });
    expect(asked).toEqual([
      { startsAt: from, endsAt: to },
      { startsAt: new Date(serverNow.getTime() - 1000), endsAt: undefined },
    ]);
    expect(pulled).toEqual([{ startsAt: from, endsAt: to }]);
    expect(counts).toMatchObject({ mirrorRows: 26, present: 26, absent: 0, drifted: 0 });
  });

  it('the slices together compare every contact', async () => {
    const house = await setupSweep(all);
    const rows: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { counts } = await house.sweep(answerWith(all), { slice: { index, of: 4 } });
      rows.push(counts?.mirrorRows ?? 0);
    }
    // Neighbours share the contact at their bound.
    expect(rows).toEqual([25, 26, 26, 26]);
  });

  it('finds what vanished and what moved in silence, and marks no deletion', async () => {
    const house = await setupSweep(all);
    const answer = answerWith([
      ...without('A030', 'A031', 'A001'),
      { account: 'A031', modifyDate: '2026-03-02T12:00:03.000Z' },
    ]);
    const onPull = (): Promise<unknown> =>
      house.store.pool.query(
        `update mirror.contacts set city = 'Boston', merged_at = merged_at + interval '1 second' where account = 'A040'`,
      );
    const { counts } = await house.sweep(answer, { slice, onPull });
    expect(counts).toMatchObject({ absent: 1, vanished: 1, silentChange: 1, drifted: 2, repaired: 1, tombstoned: 0 });
    expect(await house.select(`select account, cause from sync.drift order by account`)).toEqual([
      { account: 'A030', cause: 'vanished' },
      { account: 'A040', cause: 'silent_change' },
    ]);
    expect(await house.accounts(absences)).toEqual([]);
    expect(await house.select(`select kind, state, slice, drifted::int from sync.sweeps`)).toEqual([
      { kind: 'slice', state: 'done', slice: 1, drifted: 2 },
    ]);
  });
});
