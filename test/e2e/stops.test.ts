/** The clock of a stop, from the system of record over LiveVox and back, as an operator sees it. */
import { describe, expect, it } from 'vitest';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace } from '../support/lvsync.ts';
import { addFaults, clearFaults, fetchAllContacts, putContact, setupSandbox } from '../support/sandbox-admin.ts';

type Stop = {
  readonly account: string;
  readonly field: string;
  readonly askedAt: string;
  readonly askedFrom: string;
  readonly plannedAt: string | null;
  readonly sentAt: string | null;
  readonly verifiedAt: string | null;
  readonly endedBecause: string | null;
  readonly target: string;
};
type Answer = {
  readonly tenants: readonly { readonly metrics: Record<string, number>; readonly stops: readonly Stop[] }[];
};
type RunAnswer = { readonly state: string; readonly message: string; readonly changeSetId: string };

const mapping = { account: 'id', accountBlock: 'dnc', phone1CellConsent: 'cell' };
const crm = { kind: 'csv', path: 'record.csv', mapping, changedAt: 'updated' };

async function setup(tenant: Record<string, unknown> = {}) {
  const sandbox = await setupSandbox({ contacts: 0 });
  const { url, store } = await setupDatabase();
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: { systemsOfRecord: { crm }, ...tenant },
    env: { LVSYNC_LOG_LEVEL: 'warn' },
  });
  for (const account of ['X1', 'X2']) {
    await putContact(sandbox, account, { phone1: '2025550101', phone1CellConsent: true, active: true });
  }
  const record = (...rows: string[]) => place.write('record.csv', `id,dnc,cell,updated\n${rows.join('\n')}\n`);
  const readStops = async (...args: string[]) => {
    const { code, answer } = await place.json<Answer>('stops', ...args);
    return { code, ...answer.tenants[0]! };
  };
  return { sandbox, place, store, record, readStops };
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

function isInOrder({ askedAt, plannedAt, sentAt, verifiedAt }: Stop): boolean {
  const times = [askedAt, plannedAt, sentAt, verifiedAt].map((at) => Date.parse(at ?? ''));
  return times.every((at, index) => index === 0 || at >= times[index - 1]!);
}

describe('lvsync stops', () => {
  it('shows a block and a withdrawn consent with all four times, in order, and exits 0', async () => {
    const { sandbox, place, record, readStops } = await setup();
    const asked = minutesAgo(1);
    await record(`X1,yes,,${asked}`, 'X2,,no,');
    expect((await place.json<RunAnswer>('sync')).answer.message).toBe('proven: 0 differences left');
    const { code, metrics, stops } = await readStops();
    expect(code).toBe(0);
    expect(metrics).toMatchObject({ open: 0, late: 0, verified: 2, verifiedLate: 0 });
    const byAccount = stops.toSorted((one, other) => one.account.localeCompare(other.account));
    expect(byAccount).toMatchObject([
      { account: 'X1', field: 'accountBlock', askedAt: asked, askedFrom: 'record' },
      { account: 'X2', field: 'phone1CellConsent', askedFrom: 'first_seen' },
    ]);
    for (const stop of stops) expect(isInOrder(stop), JSON.stringify(stop)).toBe(true);
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({ accountBlock: 'true' });
    expect((await readStops('--open')).stops).toEqual([]);
  });

  it.each([
    ['refused', { kind: 'status', status: 400, body: { code: 202, message: 'no' } }],
    ['dropped in silence', { kind: 'drop-rows', every: 1 }],
  ] as const)(
    'keeps one open that LiveVox has %s, says that it is late, and exits 4 until it has arrived',
    async (_, fault) => {
      const { sandbox, place, record, readStops } = await setup();
      await record(`X1,yes,,${minutesAgo(60)}`, 'X2,,,');
      for (const route of ['multi-dnd', 'update-contact-dnd']) await addFaults(sandbox, { route, ...fault });
      const run = await place.start('sync').finished;
      expect(run.code).toBe(4);
      expect(run.stdout).toContain('1 stop is past its target: lvsync stops --late');
      const warned = run.stderr.split('\n').filter((line) => line.includes('suppression.late'));
      expect(warned.length).toBeGreaterThan(0);
      expect(warned.join('')).not.toContain('X1');
      const late = await readStops('--late');
      expect([late.code, late.stops.length]).toEqual([4, 1]);
      expect(late.stops[0]).toMatchObject({ account: 'X1', verifiedAt: null, endedBecause: null, target: 'late' });
      expect(late.stops[0]?.sentAt).not.toBeNull();
      await clearFaults(sandbox);
      await place.run('sync');
      const after = await readStops();
      expect([after.code, after.metrics['open'], after.metrics['verifiedLate']]).toEqual([0, 0, 1]);
      expect(isInOrder(after.stops[0]!)).toBe(true);
    },
  );

  it('counts a stop that a guard holds: planned, not sent', async () => {
    const { place, record, readStops } = await setup({ plans: { approveAll: true } });
    await record(`X1,yes,,${minutesAgo(60)}`, 'X2,,,');
    const held = await place.json<RunAnswer>('sync');
    expect([held.code, held.answer.message]).toEqual([3, expect.stringContaining('1 stop is past its target')]);
    const { code, stops } = await readStops();
    expect(code).toBe(4);
    expect(stops).toMatchObject([{ account: 'X1', plannedAt: expect.any(String), sentAt: null, verifiedAt: null }]);
    await place.run('approve', held.answer.changeSetId, '--by', 'Ann', '--reason', 'looked at it');
    await place.run('apply', held.answer.changeSetId);
    const [seen] = (await readStops()).stops;
    expect(isInOrder(seen!)).toBe(true);
  });

  it('ends one that was taken back before it was sent', async () => {
    const { place, record, readStops } = await setup();
    await record('X1,yes,,', 'X2,,,');
    await place.run('sync', '--dry-run');
    expect((await readStops('--open')).stops).toHaveLength(1);
    await record('X1,no,,', 'X2,,,');
    await place.run('sync');
    const { code, metrics, stops } = await readStops();
    expect([code, metrics['open'], metrics['verified']]).toEqual([0, 0, 0]);
    expect(stops).toMatchObject([{ account: 'X1', endedBecause: 'no longer asked for' }]);
  });
});
