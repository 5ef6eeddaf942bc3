/**
 * A pull as a process of its own, for tests that kill it: `pull-process.ts DATABASE_URL RUN_ID SPOOL CSV STOP_AT`. Says `here` and stands
 * still at the named place: the first `bytes landed` or `rows staged`, or the log line `pull.merged`.
 */
import { createReadStream, writeSync } from 'node:fs';
import { systemClock } from '../../src/clock.ts';
import { type Log, silentLog } from '../../src/log.ts';
import { pull } from '../../src/pull/pull.ts';
import { openStore } from '../../src/store/index.ts';

const [url = '', runId = '', spoolFolder = '', csv = '', stopAt = ''] = process.argv.slice(2);

function standStill(place: string): void {
  if (place !== stopAt) return;
  writeSync(1, 'here\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const log: Log = { ...silentLog, info: standStill, with: () => log };

await pull(
  {
    livevox: {
      fetchServerNow: async () => new Date('2026-03-02T12:00:00Z'),
      fetchCustomFields: async () => [],
      fetchBulkContacts: async () => ({ body: createReadStream(csv) }),
    },
    store: await openStore(url),
    clock: systemClock,
    log,
    progress: ({ what }) => standStill(what),
  },
  {
    tenant: 'acme',
    runId,
    timeZone: 'America/New_York',
    spoolFolder,
    overlapMs: 0,
    attempts: 1,
    window: { kind: 'full' },
  },
);
