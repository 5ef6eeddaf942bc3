/**
 * Downloads for tests: CSV text with all columns in the catalogue's order, and a LiveVox that serves prepared bodies, one for each
 * time it is asked, and remembers what it was asked.
 */
import { Readable } from 'node:stream';
import type { Clock } from '../../src/clock.ts';
import { contactFields } from '../../src/contact/index.ts';
import { silentLog } from '../../src/log.ts';
import type { BulkContacts, BulkContactsRequest } from '../../src/pull/extract.ts';
import type { PullDeps, PullInput } from '../../src/pull/pull.ts';
import type { CustomField } from '../../src/store/index.ts';
import { openRun, type Store } from '../../src/store/index.ts';

/** Field name → text as it stands in the CSV (quote it yourself); the others are empty. */
export type CsvContact = Readonly<Record<string, string>>;

export const header: string = contactFields.map((field) => field.label ?? `Label of ${field.name}`).join(',');

/** One row, with its line end. */
export function toCsvRow(contact: CsvContact, lineEnd = '\n'): string {
  return contactFields.map((field) => contact[field.name] ?? '').join(',') + lineEnd;
}

export function toCsv(contacts: readonly CsvContact[], lineEnd = '\n'): string {
  return header + lineEnd + contacts.map((contact) => toCsvRow(contact, lineEnd)).join('');
}

/** What LiveVox answers one download with: bytes, or a stream of one's own. */
export type PreparedBody = string | Buffer | (() => Readable) | (BulkContacts & { readonly kind: 'answer' });

export type FakeLiveVox = PullDeps['livevox'] & {
  readonly requests: BulkContactsRequest[];
  serverNow: Date;
  customFields: readonly CustomField[];
  bodies: PreparedBody[];
};

/** Serves `bodies` one after the other; the last one again and again. */
export function makeFakeLiveVox(bodies: readonly PreparedBody[]): FakeLiveVox {
  const fake: FakeLiveVox = {
    requests: [],
    serverNow: new Date('2026-03-02T12:00:00Z'),
    customFields: [],
    bodies: [...bodies],
    fetchServerNow: async () => fake.serverNow,
    fetchCustomFields: async () => fake.customFields,
    fetchBulkContacts: async (request) => {
      fake.requests.push(request);
      const body = (fake.bodies.length > 1 ? fake.bodies.shift() : fake.bodies[0]) ?? '';
      if (typeof body === 'function') return { body: body() };
      if (typeof body === 'object' && 'kind' in body) return body;
      return { body: Readable.from([Buffer.from(body)]), contentType: 'text/csv' };
    },
  };
  return fake;
}

/** A clock that can be set and sleeps no longer than a turn of the event loop. */
export type TestClock = Clock & { at: Date; readonly sleptMs: number[] };

function makeTestClock(at = new Date('2026-03-02T12:00:01Z')): TestClock {
  const clock: TestClock = {
    at,
    sleptMs: [],
    now: () => clock.at,
    sleep: async (delayMs) => {
      clock.sleptMs.push(delayMs);
    },
  };
  return clock;
}

/** Dependencies and input of a pull for tenant `acme`, in a run of its own. */
export async function setupPull(
  store: Store,
  livevox: PullDeps['livevox'],
  spoolFolder: string,
): Promise<{ readonly deps: PullDeps & { readonly clock: TestClock }; readonly input: PullInput }> {
  const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
  return {
    deps: { livevox, store, clock: makeTestClock(), log: silentLog, progress: () => {} },
    input: {
      tenant: 'acme',
      runId,
      timeZone: 'America/New_York',
      spoolFolder,
      overlapMs: 15 * 60_000,
      attempts: 3,
      maxWindowBytes: 1024 ** 3,
      maxWindowMs: 3_600_000,
      keepDownloadsMs: 0,
      keepHistoryMonths: 24,
      windows: 'instants',
      window: { kind: 'incremental' },
    },
  };
}
