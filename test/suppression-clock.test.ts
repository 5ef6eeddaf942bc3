/** Around a step: the clock goes on however the step ends, and the log tells of late stops by their number alone. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { type Log, type LogFacts, silentLog } from '../src/log.ts';
import { closeStore, insertSuppressions, withTransaction } from '../src/store/index.ts';
import { keepSuppressionClock } from '../src/suppression-clock.ts';
import { setupDatabase } from './support/database.ts';
import { storePlan } from './support/stored-plan.ts';

const patch = {
  account: 'Secret-1',
  operation: 'block',
  endpoint: 'multi_dnd',
  changes: { accountBlock: ['false', 'true'] },
  sends: { accountBlock: 'PERMANENT' },
} as const;

/** A tenant with one stop, asked for so many minutes ago, whose chunk has left. */
async function setup(askedMinutesAgo: number) {
  const { store } = await setupDatabase();
  const { changeSetId } = await storePlan(store, { tenant: 'acme', patches: [patch] });
  await withTransaction(store, (client) => insertSuppressions(client, { tenant: 'acme', changeSetId }));
  await store.pool.query(`update sync.suppressions set asked_at = now() - make_interval(mins => $1)`, [
    askedMinutesAgo,
  ]);
  await store.pool.query(
    `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, sent_at)
     values ($1, 1, 'block', 'multi_dnd', 1, 'sent', clock_timestamp())`,
    [changeSetId],
  );
  await store.pool.query(`update sync.patches set chunk_seq = 1`);
  const warned: [string, LogFacts | undefined][] = [];
  const log: Log = { ...silentLog, warn: (event, facts) => void warned.push([event, facts]) };
  const suppressions = { targetMs: 900_000, legalBusinessDays: 10, holidays: [] };
  const tenant = { name: 'acme', timeZone: 'America/New_York', suppressions };
  const isSent = async () => {
    const found = await store.pool.query<{ sent: boolean }>(
      `select sent_at is not null as sent from sync.suppressions`,
    );
    return found.rows[0]!.sent;
  };
  return { store, deps: { store, clock: systemClock, log, tenant }, warned, isSent };
}

describe('keepSuppressionClock', () => {
  test('notes what was sent when the work is done, and gives its result', async () => {
    const { deps, warned, isSent } = await setup(1);
    expect(await keepSuppressionClock(deps, async () => 'done')).toBe('done');
    expect([await isSent(), warned]).toEqual([true, []]);
  });

  test('notes it as well when the work throws, and throws that error on', async () => {
    const { deps, isSent } = await setup(1);
    const error = new Error('LiveVox gave no answer');
    await expect(keepSuppressionClock(deps, () => Promise.reject(error))).rejects.toBe(error);
    expect(await isSent()).toBe(true);
  });

  test('throws the error of the work when the database is gone, too', async () => {
    const { store, deps } = await setup(1);
    const error = new Error('LiveVox gave no answer');
    await closeStore(store);
    await expect(keepSuppressionClock(deps, () => Promise.reject(error))).rejects.toBe(error);
    await expect(keepSuppressionClock(deps, async () => 'done')).rejects.toThrow();
  });

  test.each([
    [11, [['suppression.at_risk', { open: 1, atRisk: 1, nearLegalLimit: 0 }]]],
    [16, [['suppression.late', { open: 1, late: 1, pastLegalLimit: 0 }]]],
    [60 * 24 * 30, [['suppression.late', { open: 1, late: 1, pastLegalLimit: 1 }]]],
  ])('tells of a stop that waits for %i minutes', async (minutes, told) => {
    const { deps, warned } = await setup(minutes);
    await keepSuppressionClock(deps, async () => {});
    expect(warned).toEqual(told);
  });
});
