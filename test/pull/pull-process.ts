/**
 * A pull as a process of its own, for tests that kill it: `pull-process.ts DATABASE_URL RUN_ID SPOOL SOURCE STOP_AT [MAX_BYTES]`. SOURCE is a
 * CSV file, pulled in full, or the address of a server that tells its clock (`/now`) and gets the bounds of each window (`?from=…&until=…`, epoch milliseconds),
 * pulled as the coverage asks for. Says `here` and stands still at the named place: the first `bytes landed` or `rows staged`, or the log
 * line `pull.merged`; says `begun` when it begins.
 */
import { createReadStream, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { systemClock } from '../../src/clock.ts';
import { type Log, silentLog } from '../../src/log.ts';
import type { BulkContactsRequest } from '../../src/pull/extract.ts';
import { pull } from '../../src/pull/pull.ts';
import { openStore } from '../../src/store/index.ts';

const [url = '', runId = '', spoolFolder = '', source = '', stopAt = '', maxBytes] = process.argv.slice(2);
const isServer = source.startsWith('http');

function standStill(place: string): void {
  if (place !== stopAt) return;
  writeSync(1, 'here\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

async function fetchServerNow(): Promise<Date> {
  return new Date(isServer ? await (await fetch(`${source}now`)).text() : '2026-03-02T12:00:00Z');
}

async function fetchBody({ startsAt, endsAt }: BulkContactsRequest): Promise<Readable> {
  const toText = (bound: Date | string | undefined): string => (bound instanceof Date ? String(bound.getTime()) : '');
  const answer = await fetch(`${source}?from=${toText(startsAt)}&until=${toText(endsAt)}`);
  return Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
}

const log: Log = { ...silentLog, info: standStill, with: () => log };
const store = await openStore(url);
if (isServer) writeSync(1, 'begun\n');

await pull(
  {
    livevox: {
      fetchServerNow,
      fetchCustomFields: async () => [],
      fetchBulkContacts: async (request) => ({ body: isServer ? await fetchBody(request) : createReadStream(source) }),
    },
    store,
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
    maxWindowBytes: maxBytes === undefined ? 1024 ** 3 : Number(maxBytes),
    maxWindowMs: 3_600_000,
    keepDownloadsMs: 0,
    keepHistoryMonths: 24,
    windows: 'instants',
    window: { kind: isServer ? 'incremental' : 'full' },
  },
);
process.exit(0);
