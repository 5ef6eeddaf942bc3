/** The casts of the analysts' views against the readings of the pull: the same value, or null; an error never. */
import { describe, expect, test } from 'vitest';
import { isDailyInForce, parseMoment } from '../../src/contact/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

/** The same numbers each time, in [0, 1). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

async function cast(store: Store, call: string, texts: readonly string[]): Promise<(string | null)[]> {
  const found = await store.pool.query<{ value: string | null }>(
    `select ${call}(t)::text as value from unnest($1::text[]) with ordinality as u(t, n) order by n`,
    [texts],
  );
  return found.rows.map(({ value }) => value);
}

/** Pieces of dates, numbers and words, glued at random, and what people really type. */
function makeTexts(count: number, pieces: readonly string[]): string[] {
  const random = makeRandom(7);
  const pick = (): string => pieces[Math.floor(random() * pieces.length)] ?? '';
  return Array.from({ length: count }, () => Array.from({ length: 1 + Math.floor(random() * 6) }, pick).join(''));
}

describe('mirror.to_date', () => {
  // biome-ignore format: a pool reads better as a block
  const pieces = ['1', '02', '29', '31', '13', '2024', '1900', '2000', '1799', '2200', '2201', '/', '/', '-', '-', 'T', ' ',
    '10:30', '24:00', '7:05:59', '.123456789', 'Z', '+05:30', '-0400', '0', 'x', '\n', ''];

  /** The day as it is written; where the text names an instant, its own day and not one of another zone. */
  const readDay = (text: string): string | null => {
    const trimmed = text.trim();
    if (/^-?\d+$/.test(trimmed) || parseMoment(trimmed) === undefined) return null;
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(trimmed) ?? [];
    if (year !== undefined) return `${year}-${month}-${day}`;
    const [, usMonth = '', usDay = '', usYear] = /^(\d+)\/(\d+)\/(\d{4})/.exec(trimmed) ?? [];
    return `${usYear}-${usMonth.padStart(2, '0')}-${usDay.padStart(2, '0')}`;
  };

  test('is the day that the pull reads, and null where it reads none', async () => {
    const { store } = await setupDatabase();
    const days = makeTexts(4000, pieces);
    const random = makeRandom(3);
    for (let index = 0; index < 4000; index += 1) {
      const [year, month, day] = [1796 + random() * 410, random() * 14, random() * 33].map(Math.floor);
      const two = (value: number | undefined): string => String(value).padStart(2, '0');
      days.push(
        `${year}-${two(month)}-${two(day)}`,
        `${month}/${day}/${year}`,
        ` ${two(month)}/${two(day)}/${year} 9:30 `,
      );
    }
    const expected = days.map(readDay);
    expect(await cast(store, 'mirror.to_date', days)).toEqual(expected);
    expect(expected.filter((day) => day !== null).length).toBeGreaterThan(5000);
    expect(expected.filter((day) => day === null).length).toBeGreaterThan(3000);
  });

  test('knows the leap years', async () => {
    const { store } = await setupDatabase();
    const texts = ['02/29/2024', '02/29/2023', '02/29/1900', '02/29/2000', '2024-04-31', '', 'n/a'];
    expect(await cast(store, 'mirror.to_date', texts)).toEqual([
      '2024-02-29',
      null,
      null,
      '2000-02-29',
      null,
      null,
      null,
    ]);
  });
});

describe('mirror.to_numeric and mirror.to_boolean', () => {
  test('a number is what it says, anything else is null', async () => {
    const { store } = await setupDatabase();
    const texts = [
      '12',
      ' -0.50 ',
      '+.5',
      '7.',
      '1e3',
      '1E-2',
      '1e400',
      '1,234.50',
      '$5',
      '',
      '.',
      '-',
      'NaN',
      'Infinity',
      '0x10',
      '1 2',
    ];
    const values = ['12', '-0.50', '0.5', '7', '1000', '0.01', ...Array<null>(10).fill(null)];
    expect(await cast(store, 'mirror.to_numeric', texts)).toEqual(values);
  });

  test('no text is an error', async () => {
    const { store } = await setupDatabase();
    const texts = makeTexts(5000, [
      '1',
      '0',
      '9'.repeat(200),
      '.',
      '-',
      '+',
      'e',
      'E',
      ' ',
      'x',
      '\n',
      '٣',
      'inf',
      '99',
    ]);
    const values = await cast(store, 'mirror.to_numeric', texts);
    expect(values.filter((value) => value !== null).length).toBeGreaterThan(200);
  });

  test('a yes or no is what the pull takes for one', async () => {
    const { store } = await setupDatabase();
    const texts = ['true', 'T', ' yes', 'Y', '1', 'FALSE', 'f', 'No', 'n', '0', '', 'maybe', '2', 'yess'];
    const values = [...Array<string>(5).fill('true'), ...Array<string>(5).fill('false'), ...Array<null>(4).fill(null)];
    expect(await cast(store, 'mirror.to_boolean', texts)).toEqual(values);
  });
});

describe('mirror.is_daily_in_force', () => {
  const zones = [
    'America/New_York',
    'America/Los_Angeles',
    'Pacific/Honolulu',
    'America/Havana',
    'Asia/Kolkata',
    'UTC',
  ];

  test('is the rule by which plans judge, at any instant, in any zone, at both ends of daylight saving', async () => {
    const { store } = await setupDatabase();
    const random = makeRandom(11);
    const [from, until] = [Date.parse('2008-01-01'), Date.parse('2030-01-01')];
    const changes = [
      '2026-03-08T06:59:59Z',
      '2026-03-08T07:00:00Z',
      '2026-11-01T04:00:00Z',
      '2026-11-01T05:30:00Z',
      '2026-11-01T06:00:00Z',
    ];
    const instants = [
      ...Array.from({ length: 4000 }, () => from + Math.floor(random() * (until - from))),
      ...changes.flatMap((at) =>
        Array.from({ length: 100 }, () => Date.parse(at) + Math.floor((random() - 0.5) * 90_000_000)),
      ),
    ];
    const cases = instants.map((readAt, index) => ({
      readAt: new Date(readAt),
      now: new Date(readAt + Math.floor((random() - 0.3) * 100_000_000)),
      zone: zones[index % zones.length] ?? 'UTC',
    }));
    const expected = cases.map(({ readAt, now, zone }) => isDailyInForce(readAt, now, zone));
    const found = await store.pool.query<{ held: boolean }>(
      `select mirror.is_daily_in_force(r, z, n) as held
         from unnest($1::timestamptz[], $2::text[], $3::timestamptz[]) with ordinality as u(r, z, n, i) order by i`,
      [cases.map(({ readAt }) => readAt), cases.map(({ zone }) => zone), cases.map(({ now }) => now)],
    );
    expect(found.rows.map(({ held }) => held)).toEqual(expected);
    for (const outcome of [true, false])
      expect(expected.filter((held) => held === outcome).length).toBeGreaterThan(1000);
  });

  test('where the zone is not known yet, a block holds', async () => {
    const { store } = await setupDatabase();
    const found = await store.pool.query(`select mirror.is_daily_in_force(to_timestamp(0), null, now()) as held`);
    expect(found.rows).toEqual([{ held: true }]);
  });
});
