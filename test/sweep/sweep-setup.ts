/** A mirror, and a LiveVox on a loopback socket that answers sweeps with prepared bodies. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { markRunEnded, openRun, type Store } from '../../src/store/index.ts';
import type { SweepWindow } from '../../src/sweep/choose-requests.ts';
import { type SweepCounts, type SweepInput, sweep } from '../../src/sweep/sweep.ts';
import { setupDatabase } from '../support/database.ts';

export const serverNow = new Date('2026-03-02T12:00:00Z');

export type Contact = { readonly account: string; readonly modifyDate?: string };

/** So many contacts, `A001` on, changed a minute after the other from 2026-01-01 on; midnight UTC. */
export function makeContacts(count: number): readonly Contact[] {
  return Array.from({ length: count }, (_, index) => ({
    account: `A${String(index + 1).padStart(3, '0')}`,
    modifyDate: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
  }));
}

export function toCsv(contacts: readonly Contact[], header = 'Account,Modified'): string {
  return `${header}\n${contacts.map(({ account, modifyDate }) => `${account},${modifyDate ?? ''}\n`).join('')}`;
}

/** Of these contacts, those that a request asks for: what an honest LiveVox answers. */
export function answerWith(contacts: readonly Contact[]): Answerer {
  return ({ startsAt, endsAt }) =>
    toCsv(
      contacts.filter(({ modifyDate }) => {
        if (modifyDate === undefined) return startsAt === undefined && endsAt === undefined;
        const at = new Date(modifyDate);
        return (startsAt === undefined || at >= startsAt) && (endsAt === undefined || at <= endsAt);
      }),
    );
}

export type Answerer = (window: SweepWindow, index: number) => string | Buffer;

type SweepRun = {
  readonly counts: SweepCounts | undefined;
  readonly error: Error | undefined;
  readonly asked: readonly SweepWindow[];
  readonly pulled: readonly SweepWindow[];
};

export type SweepHouse = {
  readonly store: Store;
  /** One sweep, in a run of its own. */
  readonly sweep: (
    answer: Answerer,
    options?: Partial<SweepInput> & { readonly onPull?: () => Promise<unknown> },
  ) => Promise<SweepRun>;
  readonly select: (sql: string) => Promise<Record<string, unknown>[]>;
  /** Accounts that the query gives. */
  readonly accounts: (sql: string) => Promise<string[]>;
};

export const tombstones = `select account from mirror.contacts where tombstoned_at is not null order by 1`;
export const absences = `select account from sync.absences order by 1`;

/** A mirror that has been pulled up to the server's clock. */
export async function setupSweep(contacts: readonly Contact[]): Promise<SweepHouse> {
  const { store } = await setupDatabase();
  const bodies: { answer: Answerer; asked: SweepWindow[] } = { answer: () => '', asked: [] };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const read = (name: string): Date | undefined => {
      const text = searchParams.get(name);
      return text === null ? undefined : new Date(text);
    };
    const window = { startsAt: read('from'), endsAt: read('to') };
    bodies.asked.push(window);
    response.end(bodies.answer(window, bodies.asked.length - 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const select = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await store.pool.query<Record<string, unknown>>(sql)).rows;
  await fillMirror(store, contacts);

  const runSweep: SweepHouse['sweep'] = async (answer, { onPull, ...options } = {}) => {
    bodies.answer = answer;
    bodies.asked = [];
    const pulled: SweepWindow[] = [];
    const runId = await openRun(store, { tenant: 'acme', kind: 'sweep', startedFrom: 'command' });
    const deps = {
      livevox: {
        fetchServerNow: async () => serverNow,
        fetchBulkContacts: async ({ startsAt, endsAt }: { startsAt?: Date | string; endsAt?: Date | string }) => {
          const url = new URL(origin);
          if (startsAt !== undefined) url.searchParams.set('from', new Date(startsAt).toISOString());
          if (endsAt !== undefined) url.searchParams.set('to', new Date(endsAt).toISOString());
          const { body } = await fetch(url);
          return { body: Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) };
        },
      },
      store,
      clock: { ...systemClock, sleep: async () => {} },
      log: silentLog,
      progress: () => {},
      pullWindow: async (window: SweepWindow) => {
        pulled.push(window);
        await onPull?.();
      },
    };
    const input: SweepInput = {
      tenant: 'acme',
      runId,
      timeZone: 'America/New_York',
      chunkRows: 1_000,
      maxVanishedPercent: 10,
      isPercentChosen: false,
      independentAfterMs: 0,
      overlapMs: 0,
      attempts: 2,
      wholeDays: false,
      ...options,
    };
    const result = await sweep(deps, input).then(
      (counts) => ({ counts, error: undefined }),
      (error: Error) => ({ counts: undefined, error }),
    );
    await markRunEnded(store.pool, runId, 'proven', '');
    return { ...result, asked: bodies.asked, pulled };
  };
  const accounts = async (sql: string): Promise<string[]> => (await select(sql)).map((row) => String(row['account']));
  return { store, sweep: runSweep, select, accounts };
}

async function fillMirror(store: Store, contacts: readonly Contact[]): Promise<void> {
  const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, modify_date, first_seen_at, merged_at, merged_by)
     select 'acme', c.account, c.modify_date, $3, $3, $4
       from unnest($1::text[], $2::timestamptz[]) as c (account, modify_date)`,
    [contacts.map(({ account }) => account), contacts.map(({ modifyDate }) => modifyDate ?? null), serverNow, runId],
  );
  await store.pool.query(
    `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
     values ('acme', $1, to_timestamp(0), $2, $2, 0, 0, 0, '', $2)`,
    [runId, serverNow],
  );
  await markRunEnded(store.pool, runId, 'proven', '');
}
