/** How many calls a plan takes, and how long: reckoned from what is known, and said to be unknown where nothing is. */
import { describe, expect, test } from 'vitest';
import { type EndpointPace, formatMinutes, makeForecast } from '../src/forecast.ts';

const fivePerMinute = { starts: 5, perMs: 60_000 };

function forecast(rows: number, pace: Partial<EndpointPace> = {}): ReturnType<typeof makeForecast> {
  const paces = { bulk_update: { limits: [], inFlight: 1, chunkRows: 100, ...pace } };
  return makeForecast({ requests: [{ endpoint: 'bulk_update', rows }], paces });
}

describe('makeForecast', () => {
  test('operations never share a request, and a deletion has one of its own', () => {
    const requests = [
      { endpoint: 'bulk_update', rows: 101 },
      { endpoint: 'multi_dnd', rows: 100 },
      { endpoint: 'bulk_update', rows: 1 },
      { endpoint: 'delete_contact', rows: 3 },
    ] as const;
    const pace = { limits: [], inFlight: 1, chunkRows: 100 };
    const paces = { bulk_update: pace, multi_dnd: pace, delete_contact: { ...pace, chunkRows: 1 } };
    const { calls, minutes, endpoints } = makeForecast({ requests, paces });
    expect([calls, minutes]).toEqual([7, null]);
    expect(endpoints).toEqual([
      { endpoint: 'bulk_update', rows: 102, calls: 3, minutes: null, basis: 'unknown' },
      { endpoint: 'multi_dnd', rows: 100, calls: 1, minutes: null, basis: 'unknown' },
      { endpoint: 'delete_contact', rows: 3, calls: 3, minutes: null, basis: 'unknown' },
    ]);
  });

  test.each([
    ['five calls fit into the first window', 500, { limits: [fivePerMinute] }, 0, 'limit'],
    ['the sixth waits for the next', 501, { limits: [fivePerMinute] }, 1, 'limit'],
    [
      'of several limits the slowest counts',
      1_100,
      { limits: [fivePerMinute, { starts: 10, perMs: 600_000 }] },
      10,
      'limit',
    ],
    [
      'a configured limit wins over a learnt one',
      501,
      { limits: [{ starts: 1, perMs: 60_000 }], learnt: fivePerMinute },
      5,
      'limit',
    ],
    ['a learnt one holds where none is configured', 1_001, { learnt: fivePerMinute }, 2, 'learnt_limit'],
    [
      'calls that take longer than the limit demands',
      600,
      { limits: [fivePerMinute], msPerCall: 30_000 },
      3,
      'measured',
    ],
    ['calls at the same time', 600, { msPerCall: 30_000, inFlight: 2 }, 1.5, 'measured'],
    ['the last call has to be answered as well', 501, { limits: [fivePerMinute], msPerCall: 6_000 }, 1.1, 'limit'],
    ['a short time is told to the hundredth', 300, { msPerCall: 200 }, 0.01, 'measured'],
    ['LiveVox has taught smaller requests', 600, { limits: [fivePerMinute], chunkRows: 50 }, 2, 'limit'],
    ['nothing to send', 0, { msPerCall: 30_000 }, 0, 'measured'],
  ])('%s', (_, rows, pace, minutes, basis) => {
    expect(forecast(rows, pace)).toMatchObject({ minutes, endpoints: [{ minutes, basis }] });
  });

  test('a plan that changes nothing takes nothing', () => {
    expect(makeForecast({ requests: [], paces: {} })).toEqual({ calls: 0, minutes: 0, endpoints: [] });
  });
});

test.each([
  [0, 'less than a second'],
  [0.02, '1 s'],
  [0.5, '30 s'],
  [2.44, '2.4 min'],
  [119, '119 min'],
  [150, '2.5 h'],
])('%s minutes are told as %s', (minutes, told) => {
  expect(formatMinutes(minutes)).toBe(told);
});
