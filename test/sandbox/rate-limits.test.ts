import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../src/sandbox/index.ts';
import type { LimitReport } from '../../src/sandbox/limit-report.ts';
import { countMostInWindow, makeRateLimits } from '../../src/sandbox/rate-limits.ts';
import { type Caller, login, setup, startedAt } from './caller.ts';

const list = ({ call }: Caller, sessionId?: string) =>
  call('GET', '/contact/contacts/customFields', undefined, sessionId === undefined ? {} : { 'lv-session': sessionId });
const report = async ({ call }: Caller, query = ''): Promise<readonly LimitReport[]> =>
  ((await call('GET', `/sandbox/limits/report${query}`)).body as { limits: LimitReport[] }).limits;

describe('admit', () => {
  const admitAll = (limits: ReturnType<typeof makeRateLimits>, ...arrivals: number[]) =>
    arrivals.map((arrivedMs) => limits.admit('r', 's', arrivedMs));

  it('slides: what fits a fixed window but not every window is refused, and told when it fits', () => {
    const limits = makeRateLimits({ r: { starts: 2, perMs: 1000 } });
    expect(admitAll(limits, 0, 900, 1000, 1100, 1900)).toEqual([undefined, undefined, undefined, 800, undefined]);
  });

  it('does not count what it refused, and takes arrivals in any order', () => {
    const limits = makeRateLimits({ r: { starts: 2, perMs: 1000 } });
    expect(admitAll(limits, 0, 600, 300, 999.9)).toEqual([undefined, undefined, 700, expect.closeTo(0.1)]);
    expect(admitAll(limits, 1000, 1600, 1500)).toEqual([undefined, undefined, expect.any(Number)]);
  });

  it('counts each route and session apart; * is for routes without a limit of their own', () => {
    const limits = makeRateLimits({ '*': { starts: 1, perMs: 1000 }, r: { starts: 2, perMs: 1000 } });
    const all = [
      ['r', 's'],
      ['r', 's'],
      ['r', 's'],
      ['r', 't'],
      ['q', 's'],
      ['q', 's'],
    ] as const;
    const admitted = all.map(([route, session]) => limits.admit(route, session, 5) === undefined);
    expect(admitted).toEqual([true, true, false, true, true, false]);
  });

  it('never lets more through than permitted, whenever requests arrive', () => {
    const limits = makeRateLimits({ r: { starts: 5, perMs: 300 } });
    const arrivals = Array.from({ length: 5000 }, (_, index) => index * 7.3 + ((index * 7919) % 13));
    const admitted = arrivals.filter((arrivedMs) => limits.admit('r', 's', arrivedMs) === undefined);
    expect(
      countMostInWindow(
        admitted.toSorted((a, b) => a - b),
        300,
      ),
    ).toBe(5);
    expect(admitted.length).toBeGreaterThan(550);
  });
});

describe('over HTTP', () => {
  it('requests over the limit are refused, undone, and marked in the log; other sessions and routes go on', async () => {
    const caller = await setup({
      limits: { 'list-custom-fields': { starts: 2, perMs: 600_000 }, 'bulk-create': { starts: 1, perMs: 600_000 } },
      accessTokens: ['demo-token', 'other-token'],
    });
    const replies = [await list(caller), await list(caller), await list(caller)];
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 429]);
    expect(Number(replies[2]?.headers.get('retry-after'))).toBeGreaterThan(500);
    const { sessionId } = (await login(caller.sandbox, {}, 'other-token')).body as { sessionId: string };
    expect((await list(caller, sessionId)).status).toBe(200);
    const create = (account: string) =>
      caller.call('POST', '/contact/contacts/bulk', { createContactDetails: [{ account }] });
    expect([(await create('x')).status, (await create('y')).status]).toEqual([200, 429]);
    expect((await caller.call('GET', '/sandbox/contacts/y')).status).toBe(404);
    const { entries } = (await caller.call('GET', '/sandbox/log')).body as { entries: LogEntry[] };
    const limited = entries.filter((entry) => entry.limited).map((entry) => [entry.route, entry.status]);
    expect(limited).toEqual([
      ['list-custom-fields', 429],
      ['bulk-create', 429],
    ]);
  });

  it.each([
    [{ retryAfter: 'none' }, 429, null],
    [{ limited: '503', retryAfter: 'none' }, 503, null],
    [{ limited: '503', retryAfter: 'seconds' }, 503, '1'],
    [{ retryAfter: 'date' }, 429, new Date(startedAt + 1000).toUTCString()],
  ] as const)('the dialect %j says %d and Retry-After %s', async (dialect, status, retryAfter) => {
    const caller = await setup({ dialect, limits: { '*': { starts: 1, perMs: 900 } } });
    await list(caller);
    const reply = await list(caller);
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([status, retryAfter]);
  });

  it('limits are set, shown and lifted, and what is no limit is refused', async () => {
    const caller = await setup();
    const limits = { 'list-custom-fields': { starts: 1, perMs: 600_000 } };
    expect((await caller.call('PUT', '/sandbox/limits', limits)).body).toEqual(limits);
    expect([(await list(caller)).status, (await list(caller)).status]).toEqual([200, 429]);
    expect((await caller.call('PUT', '/sandbox/limits', { '*': { starts: 0, perMs: 1 } })).status).toBe(400);
    expect((await caller.call('GET', '/sandbox/limits')).body).toEqual(limits);
    await caller.call('PUT', '/sandbox/limits', {});
    expect((await list(caller)).status).toBe(200);
  });
});

describe('the report', () => {
  it('shows the fullest window and the share used, of what is limited', async () => {
    const caller = await setup({ limits: { 'list-custom-fields': { starts: 3, perMs: 600_000 } } });
    for (let request = 0; request < 5; request += 1) await list(caller);
    expect(await report(caller)).toEqual([
      {
        route: 'list-custom-fields',
        session: caller.sessionId,
        starts: 3,
        perMs: 600_000,
        requests: 5,
        refused: 2,
        mostInAnyWindow: 5,
        mostAdmittedInAnyWindow: 3,
        spanMs: expect.any(Number),
        usedShare: 1,
      },
    ]);
  });

  it('measures against limits nobody enforces', async () => {
    const caller = await setup();
    await list(caller);
    await list(caller);
    expect(await report(caller)).toEqual([]);
    const [line] = await report(caller, '?route=list-custom-fields&starts=4&perMs=600000');
    expect(line).toMatchObject({ requests: 2, refused: 0, mostInAnyWindow: 2, usedShare: 0.5 });
    expect((await caller.call('GET', '/sandbox/limits/report?route=x')).status).toBe(400);
  });

  it('arrivals are told to fractions of a millisecond', async () => {
    const caller = await setup();
    for (let request = 0; request < 5; request += 1) await list(caller);
    const { entries } = (await caller.call('GET', '/sandbox/log')).body as { entries: LogEntry[] };
    const arrivals = entries.map((entry) => entry.arrivedMs);
    expect(arrivals.some((arrivedMs) => !Number.isInteger(arrivedMs))).toBe(true);
    expect(arrivals).toEqual(arrivals.toSorted((left, right) => left - right));
  });
});
