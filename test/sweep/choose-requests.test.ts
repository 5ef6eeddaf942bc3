import { describe, expect, it } from 'vitest';
import { chooseSliceRequests, chooseWholeRequests, widenWindow } from '../../src/sweep/choose-requests.ts';

const timeZone = 'America/New_York';
const at = (text: string): Date => new Date(text);
const settledUntil = at('2026-03-10T12:00:00Z');
const on = { settledUntil, timeZone, wholeDays: false };

describe('the requests of a whole sweep', () => {
  it('without bounds there is one, for everything', () => {
    expect(chooseWholeRequests({ ...on, bounds: [] })).toEqual([{ startsAt: undefined, endsAt: undefined }]);
  });

  it('the last begins before anything that may still be committed late', () => {
    const bounds = [at('2026-03-01T00:00:00Z'), at('2026-03-10T11:00:00Z'), at('2026-03-10T13:00:00Z')];
    const requests = chooseWholeRequests({ ...on, bounds });
    expect(requests.at(-1)).toEqual({ startsAt: bounds[1], endsAt: undefined });
    expect(requests).toHaveLength(3);
  });

  it('whole days overlap by the day they share, also where the clocks change, and the same day comes once', () => {
    const bounds = [at('2026-03-07T12:00:00Z'), at('2026-03-08T15:00:00Z'), at('2026-03-08T16:00:00Z')];
    const days = chooseWholeRequests({ ...on, wholeDays: true, bounds });
    expect(days).toEqual([
      { startsAt: undefined, endsAt: at('2026-03-08T04:59:59.999Z') },
      { startsAt: at('2026-03-07T05:00:00Z'), endsAt: at('2026-03-09T03:59:59.999Z') },
      { startsAt: at('2026-03-08T05:00:00Z'), endsAt: at('2026-03-09T03:59:59.999Z') },
      { startsAt: at('2026-03-08T05:00:00Z'), endsAt: undefined },
    ]);
    const again = [...bounds, at('2026-03-08T17:00:00Z')];
    expect(chooseWholeRequests({ ...on, wholeDays: true, bounds: again })).toEqual(days);
  });
});

describe('the requests of a slice', () => {
  const bounds = [at('2026-03-01T01:00:00Z'), at('2026-03-02T01:00:00Z')];

  it('the last slice has no end and needs no second request', () => {
    expect(chooseSliceRequests({ ...on, bounds, index: 2 })).toEqual({
      scope: { startsAt: bounds[1], endsAt: undefined },
      requests: [{ startsAt: at('2026-03-02T00:59:59Z'), endsAt: undefined }],
    });
  });

  it('with fewer contacts than slices the last contacts are compared again', () => {
    expect(chooseSliceRequests({ ...on, bounds, index: 27 }).scope).toEqual({ startsAt: bounds[1], endsAt: undefined });
  });
});

describe('a window that stands alone', () => {
  it.each([
    ['a second', false, '2026-03-02T10:00:00Z', '2026-03-02T10:00:01Z'],
    ['the day, where only the day is known', false, '2026-03-02T05:00:00Z', '2026-03-03T04:59:59.999Z'],
    ['the day, where LiveVox takes days', true, '2026-03-02T10:00:00Z', '2026-03-03T04:59:59.999Z'],
  ])('reaches to the end of %s', (_, wholeDays, endsAt, asked) => {
    expect(widenWindow({ startsAt: undefined, endsAt: at(endsAt) }, { timeZone, wholeDays })).toEqual({
      startsAt: undefined,
      endsAt: at(asked),
    });
  });
});
