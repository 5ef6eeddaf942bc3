/**
 * 72 nights, 24 in each of three zones, over the night on which the clocks change: the schedule says when, a pull against the sandbox does it,
 * both by one clock of the test's own. Contacts change all the time, also in the hour that is told twice and next to the one that is skipped.
 */
import { expect, test } from 'vitest';
import { findNextDue } from '../../jobs/next-due.ts';
import type { Clock } from '../../src/clock.ts';
import { makeSecret } from '../../src/config.ts';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import { silentLog } from '../../src/log.ts';
import { pull } from '../../src/pull/pull.ts';
import { markRunEnded, openRun, selectCoverageReport } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { selectMirrorRows, toMirrorRow } from '../support/mirror-rows.ts';
import { fetchAllContacts, putContact, setupSandbox } from '../support/sandbox-admin.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const nights = 24;
/** A fixed hour inside what is skipped or told twice, with the tenant's own way of asking for time. */
const places = [
  { timeZone: 'America/New_York', change: '2026-11-01', cron: '30 1 * * *', windows: 'instants' },
  { timeZone: 'Europe/Berlin', change: '2026-03-29', cron: '30 2 * * *', windows: 'days' },
  { timeZone: 'Australia/Sydney', change: '2026-04-05', cron: '15 2 * * *', windows: 'instants' },
] as const;

test.each(places)(
  '24 nights in $timeZone over the change of $change: each once, no gap in the coverage, nothing missed',
  async ({ timeZone, change, cron, windows }) => {
    let now = Date.parse(change) - (nights / 2) * dayMs;
    const clock: Clock = {
      now: () => new Date(now),
      sleep: async (delayMs) => {
        now += delayMs;
      },
    };
    const sandbox = await setupSandbox({
      ...{ contacts: 8, timeZone, now: () => now },
      dialect: { bounds: windows === 'days' ? 'days' : 'any' },
    });
    const { store } = await setupDatabase();
    const spoolFolder = await setupFolder();
    const { clientName, userName, password, accessToken } = sandbox.credentials;
    const credentials = { clientName, userName, password: makeSecret(password), accessToken: makeSecret(accessToken) };
    const client = new LiveVoxClient({ baseUrl: sandbox.url, credentials, timeZone, clock });
    const livevox = {
      fetchServerNow: (signal?: AbortSignal) => client.fetchServerNow(signal),
      fetchBulkContacts: client.contacts.bulkContactDownload,
      fetchCustomFields: client.customFields.listCustomFields,
    };
    const days: string[] = [];
    for (let night = 0; night < nights; night += 1) {
      const due = findNextDue({ cron, timeZone }, clock.now());
      if (due === undefined) throw new Error('the schedule never comes again');
      // Around the clock, and most of it when clocks change: 55, 35 and 5 minutes before the night, and just now.
      for (const [step, before] of [11 * 60, 55, 35, 5, 0].entries()) {
        now = Math.max(now, due.getTime() - before * minuteMs);
        await putContact(sandbox, `N${(night + step) % 9}`, {
          firstName: `Night ${night}`,
          balance: night * 10 + step,
        });
      }
      days.push(new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(due));
      now = due.getTime() + 1;
      const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'job' });
      await pull(
        { livevox, store, clock, log: silentLog, progress: () => {} },
        {
          ...{ tenant: 'acme', runId, timeZone, spoolFolder, windows, window: { kind: 'incremental' } },
          ...{ overlapMs: 15 * minuteMs, attempts: 2, maxWindowBytes: 1_000_000, maxWindowMs: 3_600_000 },
          ...{ keepDownloadsMs: 0, keepHistoryMonths: 24 },
        },
      );
      await markRunEnded(store.pool, runId, 'proven', 'pulled');
    }
    await client.close();
    expect([days.length, new Set(days).size]).toEqual([nights, nights]);
    expect(Date.parse(days.at(-1) ?? '') - Date.parse(days[0] ?? '')).toBe((nights - 1) * dayMs);
    const { gaps, intervals, watermark } = await selectCoverageReport(store.pool, 'acme', false);
    expect([gaps, intervals.length]).toEqual([[], 1]);
    expect(now - (watermark?.getTime() ?? 0)).toBeLessThan(windows === 'days' ? 2 * dayMs : minuteMs);
    const mirror = await selectMirrorRows(store);
    for (const [account, fields] of await fetchAllContacts(sandbox)) {
      expect([account, mirror.get(account)]).toEqual([account, toMirrorRow(fields)]);
    }
  },
);
