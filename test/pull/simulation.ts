/**
 * One random history of a client's contacts, lived through with a clock of its own: edits, late commits, purges, clocks that differ, failed
 * and interrupted pulls, nights when clocks change. After each event the mirror is held against the sandbox: whatever lies in covered time
 * must be in the mirror as LiveVox shows it; what is not there must lie in a gap that the coverage shows.
 */
import { join } from 'node:path';
import type pg from 'pg';
import type { Clock } from '../../src/clock.ts';
import { makeSecret } from '../../src/config.ts';
import { LvsyncError } from '../../src/errors.ts';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import { silentLog } from '../../src/log.ts';
import { type PullInput, pull } from '../../src/pull/pull.ts';
import { type Dialect, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { markRunEnded, openRun, type Store } from '../../src/store/index.ts';
import { type SweepDeps, type SweepInput, sweep } from '../../src/sweep/sweep.ts';
import { type MirrorRow, selectMirrorRows, toMirrorRow } from '../support/mirror-rows.ts';
import { addFaults, clearFaults, fetchAllContacts, putContact } from '../support/sandbox-admin.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const overlapMs = 15 * minuteMs;
const keptAccount = 'KEPT';

/** Zones, and an instant shortly before their clocks change. */
const places = [
  { timeZone: 'America/New_York', changes: ['2026-03-08T06:00:00Z', '2026-11-01T04:30:00Z'] },
  { timeZone: 'Europe/London', changes: ['2026-03-29T00:30:00Z', '2026-10-25T00:10:00Z'] },
  { timeZone: 'Australia/Lord_Howe', changes: ['2026-04-04T14:00:00Z', '2026-10-03T15:00:00Z'] },
  { timeZone: 'Asia/Kathmandu', changes: ['2026-01-01T00:00:00Z', '2026-06-30T18:00:00Z'] },
] as const;

type Dice = {
  /** A number in [0, 1). */
  readonly roll: () => number;
  /** A whole number in [0, below). */
  readonly below: (below: number) => number;
  readonly pick: <T>(values: readonly T[]) => T;
};

function makeDice(seed: number): Dice {
  let state = seed * 2_654_435_761 + 1;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(roll() * limit);
  return { roll, below, pick: (values) => values[below(values.length)]! };
}

/** The last write to a contact: its modifyDate, and when readers first see it. */
type Write = { readonly modifiedAt: number; readonly visibleAt: number };

export type History = {
  readonly seed: number;
  readonly store: Store;
  readonly folder: string;
};

export type HistoryCounts = { events: number; pulls: number; failed: number; compared: number };

class Simulation {
  readonly #dice: Dice;
  readonly #tenant: string;
  readonly #store: Store;
  readonly #folder: string;
  readonly #timeZone: string;
  readonly #dialect: Partial<Dialect>;
  readonly #bounds: PullInput['windows'];
  readonly #writes = new Map<string, Write>();
  readonly counts: HistoryCounts = { events: 0, pulls: 0, failed: 0, compared: 0 };
  /** LiveVox's clock, epoch ms. */
  #now: number;
  /** How far our clock is ahead of LiveVox's. */
  #skewMs = 0;
  #sandbox!: Sandbox;
  #client!: LiveVoxClient;

  constructor({ seed, store, folder }: History) {
    this.#dice = makeDice(seed);
    this.#tenant = `h${seed}`;
    this.#store = store;
    this.#folder = join(folder, this.#tenant);
    const place = this.#dice.pick(places);
    this.#timeZone = place.timeZone;
    this.#now = Date.parse(this.#dice.pick(place.changes)) - this.#dice.below(2 * hourMs);
    this.#bounds = this.#dice.pick(['instants', 'days']);
    this.#dialect = {
      bounds: this.#bounds === 'days' ? 'days' : 'any',
      dates: this.#dice.pick(['us', 'iso', 'epoch']),
      modifyDate: this.#dice.pick(['dates', 'dates', 'dates', 'day', 'us']),
      lineEnd: this.#dice.pick(['lf', 'crlf']),
      booleans: this.#dice.pick(['true', 'Y', '1']),
    };
  }

  async live(): Promise<HistoryCounts> {
    const { below } = this.#dice;
    this.#sandbox = await startSandbox({
      contacts: below(12),
      seed: below(1000) + 1,
      dialect: this.#dialect,
      timeZone: this.#timeZone,
      now: () => this.#now,
    });
    this.#client = this.#makeClient();
    try {
      // An answer without any contact would rightly hold the sweeps.
      await putContact(this.#sandbox, keptAccount, this.#inventFields());
      for (let events = 4 + below(9); events > 0; events -= 1) await this.#happen();
      await this.#catchUp();
    } finally {
      await this.#client.close();
      await this.#sandbox.close();
    }
    return this.counts;
  }

  async #happen(): Promise<void> {
    this.counts.events += 1;
    this.#now += this.#dice.pick([0, 400, secondMs, 30 * secondMs, 10 * minuteMs, hourMs, 5 * hourMs, 3 * dayMs]);
    const happenings = [
      () => this.#edit(),
      () => this.#edit(),
      () => this.#edit(),
      () => this.#editLate(),
      () => this.#purge(),
      () => this.#skew(),
      () => this.#pull(),
      () => this.#pull(),
      () => this.#pullWithFault(),
      () => this.#pullInterrupted(),
      () => this.#pullByHand(),
    ];
    const happening = this.#dice.pick(happenings);
    if (process.env['SIMULATION_TRACE']) process.stderr.write(`${new Date(this.#now).toISOString()} ${happening}\n`);
    await happening();
    await this.#assertCovered();
  }

  get #clock(): Clock {
    return {
      now: () => new Date(this.#now + this.#skewMs),
      sleep: async (delayMs, signal) => {
        signal?.throwIfAborted();
        this.#now += delayMs;
      },
    };
  }

  #makeClient(): LiveVoxClient {
    const { clientName, userName, password, accessToken } = this.#sandbox.credentials;
    return new LiveVoxClient({
      baseUrl: this.#sandbox.url,
      credentials: { clientName, userName, password: makeSecret(password), accessToken: makeSecret(accessToken) },
      timeZone: this.#timeZone,
      clock: this.#clock,
    });
  }

  #toAccount(): string {
    return this.#dice.roll() < 0.7 ? `A000000${1 + this.#dice.below(9)}` : `N${this.#dice.below(9)}`;
  }

  /** Sets some fields at once: seen from now on. */
  async #edit(): Promise<void> {
    const account = this.#toAccount();
    await putContact(this.#sandbox, account, this.#inventFields());
    this.#note(account, 0);
  }

  #inventFields(): Record<string, string | number | boolean | null> {
    const { below, pick } = this.#dice;
    return {
      firstName: pick(['Ann', 'Zoë', 'a "b", c', 'two\nlines', null]),
      balance: pick([null, 0, below(1000), 12.5]),
      phone1: pick([null, `415555${1000 + below(9000)}`]),
      phone1BlockDaily: pick([true, false]),
      COL1: pick([null, `v${below(5)}`]),
      dueDate: pick([null, '2026-02-28', '2024-02-29']),
    };
  }

  /** A bulk update that LiveVox answers now and shows later. */
  async #editLate(): Promise<void> {
    const known = [...(await fetchAllContacts(this.#sandbox)).keys()];
    if (known.length === 0) return;
    const account = this.#dice.pick(known);
    const delayMs = this.#dice.pick([5 * secondMs, 5 * minuteMs, 14 * minuteMs, hourMs, 2 * dayMs]);
    await addFaults(this.#sandbox, { route: 'bulk-update', kind: 'late-commit', ms: delayMs, times: 1 });
    const lastName = `Late${this.#dice.below(1000)}`;
    await this.#client.contacts.bulkUpdateContact([{ account, sends: { active: 'true', lastName } }]);
    await clearFaults(this.#sandbox);
    this.#note(account, delayMs);
  }

  /** A write is seen no earlier than those before it. */
  #note(account: string, delayMs: number): void {
    const earlier = this.#writes.get(account)?.visibleAt ?? 0;
    this.#writes.set(account, { modifiedAt: this.#now, visibleAt: Math.max(earlier, this.#now + delayMs) });
  }

  async #purge(): Promise<void> {
    const known = [...(await fetchAllContacts(this.#sandbox)).keys()].filter((account) => account !== keptAccount);
    if (known.length === 0) return;
    const account = this.#dice.pick(known);
    await fetch(`${this.#sandbox.url}/sandbox/contacts/${account}`, { method: 'DELETE' });
    this.#writes.delete(account);
  }

  async #skew(): Promise<void> {
    this.#skewMs = this.#dice.pick([0, -2 * dayMs, -hourMs, -secondMs, secondMs, hourMs, 30 * dayMs]);
  }

  async #pull(window: PullInput['window'] = { kind: 'incremental' }, signal?: AbortSignal): Promise<void> {
    this.counts.pulls += 1;
    const store = this.#store;
    const runId = await openRun(store, { tenant: this.#tenant, kind: 'pull', startedFrom: 'command' });
    try {
      await pull({ ...this.#toDeps(), store }, { ...this.#toInput(runId), window, signal });
      await markRunEnded(store.pool, runId, 'proven', 'pulled');
    } catch (error) {
      await markRunEnded(store.pool, runId, 'failed', 'a fault');
      this.counts.failed += 1;
      throw error;
    }
  }

  #toDeps(): Omit<Parameters<typeof pull>[0], 'store'> {
    const { contacts, customFields } = this.#client;
    return {
      livevox: {
        fetchServerNow: (signal) => this.#client.fetchServerNow(signal),
        fetchBulkContacts: contacts.bulkContactDownload,
        fetchCustomFields: customFields.listCustomFields,
      },
      clock: this.#clock,
      log: silentLog,
      progress: () => {},
    };
  }

  #toInput(runId: string): Omit<PullInput, 'window'> {
    return {
      tenant: this.#tenant,
      runId,
      timeZone: this.#timeZone,
      spoolFolder: this.#folder,
      overlapMs,
      attempts: 2,
      windows: this.#bounds,
      maxWindowBytes: this.#dice.pick([2500, 1_000_000, 1_000_000, 1_000_000]),
      maxWindowMs: hourMs,
      keepDownloadsMs: 0,
      keepHistoryMonths: 24,
    };
  }

  /** Faults strike once or always: the pull gets over them, or fails with one sentence. */
  async #pullWithFault(): Promise<void> {
    const route = 'bulk-download';
    const times = this.#dice.pick([1, 9]);
    const fault = this.#dice.pick([
      { route, kind: 'truncate', look: 'complete', afterBytes: 500 + this.#dice.below(6000), times } as const,
      { route, kind: 'truncate', look: 'cut', afterBytes: 500 + this.#dice.below(6000), times } as const,
      { route, kind: 'status', status: 500, times } as const,
      { route, kind: 'reset-before', times } as const,
      { route, kind: 'reset-after', times } as const,
    ]);
    await addFaults(this.#sandbox, fault);
    await this.#pull().catch(assertOneSentence);
    await clearFaults(this.#sandbox);
  }

  /** Aborted at some place, or the database goes away at some statement. */
  async #pullInterrupted(): Promise<void> {
    const store = breakAfter(this.#store, this.#dice.below(30));
    const runId = await openRun(this.#store, { tenant: this.#tenant, kind: 'pull', startedFrom: 'command' });
    this.counts.pulls += 1;
    try {
      await pull({ ...this.#toDeps(), store }, { ...this.#toInput(runId), window: { kind: 'incremental' } });
      await markRunEnded(this.#store.pool, runId, 'proven', 'pulled');
    } catch {
      this.counts.failed += 1;
      await markRunEnded(this.#store.pool, runId, 'failed', 'interrupted');
    }
  }

  /** A range by hand, which may leave a gap before it. */
  async #pullByHand(): Promise<void> {
    const since = new Date(this.#now - this.#dice.pick([minuteMs, hourMs, 2 * dayMs]));
    const until = this.#dice.pick([undefined, new Date(since.getTime() + this.#dice.pick([minuteMs, 30 * minuteMs]))]);
    await this.#pull({ kind: 'given', since, until });
  }

  /** What lies in covered time, and was there to be seen when it was pulled, is in the mirror as LiveVox shows it. */
  async #assertCovered(): Promise<void> {
    const covered = await this.#selectCovered();
    const mirror = await selectMirrorRows(this.#store, this.#tenant);
    for (const [account, truth] of await fetchAllContacts(this.#sandbox)) {
      const write = this.#writes.get(account) ?? this.#toGenerated(truth);
      if (write.visibleAt - write.modifiedAt > overlapMs) continue;
      const isCovered = covered.some(
        ({ startsAt, endsAt, serverNow }) =>
          startsAt <= write.modifiedAt && write.modifiedAt <= endsAt && write.visibleAt <= serverNow,
      );
      if (isCovered) this.#assertSame(account, truth, mirror.get(account));
    }
  }

  #toGenerated(truth: Readonly<Record<string, string | null>>): Write {
    const modifiedAt = Date.parse(truth['modifyDate'] ?? '');
    return { modifiedAt, visibleAt: modifiedAt };
  }

  async #selectCovered(): Promise<readonly { startsAt: number; endsAt: number; serverNow: number }[]> {
    const found = await this.#store.pool.query<{ startsAt: Date; endsAt: Date; serverNow: Date }>(
      `select starts_at as "startsAt", ends_at as "endsAt", server_now as "serverNow" from sync.coverage where tenant = $1`,
      [this.#tenant],
    );
    return found.rows.map(({ startsAt, endsAt, serverNow }) => ({
      startsAt: startsAt.getTime(),
      endsAt: endsAt.getTime(),
      serverNow: serverNow.getTime(),
    }));
  }

  #assertSame(account: string, truth: Readonly<Record<string, string | null>>, mirrored: MirrorRow | undefined): void {
    this.counts.compared += 1;
    const wanted = this.#blur(toMirrorRow({ account, ...truth }));
    const has = mirrored === undefined ? undefined : this.#blur(mirrored);
    const fields = new Set([...Object.keys(wanted), ...Object.keys(has ?? {})]);
    const differing = [...fields].filter((field) => wanted[field] !== has?.[field]);
    if (differing.length === 0) return;
    const told = differing.slice(0, 5).map((field) => `${field}: ${has?.[field]} instead of ${wanted[field]}`);
    throw new Error(
      `${account} lies in covered time, but ${has === undefined ? 'is not in the mirror' : told.join('; ')}`,
    );
  }

  /** Times without a zone say less than the truth: the hour that is told twice is one, a day has no hours. A daily block of yesterday is none. */
  #blur(row: MirrorRow): MirrorRow {
    const blurred: Record<string, string> = {};
    for (const [field, value] of Object.entries(row)) {
      if (/BlockDaily$/.test(field)) continue;
      if (/Date$/.test(field) && value.includes('T')) blurred[field] = this.#toWall(field, value);
      else blurred[field] = value;
    }
    return blurred;
  }

  #toWall(field: string, instant: string): string {
    const hasDay = field === 'modifyDate' && this.#dialect.modifyDate === 'day';
    const options = hasDay ? ({ dateStyle: 'short' } as const) : ({ dateStyle: 'short', timeStyle: 'medium' } as const);
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: this.#timeZone }).format(new Date(`${instant}Z`));
  }

  /**
   * All faults are over: an increment; a rolling sweep of one part, which repairs what was committed too late to be seen; two whole sweeps,
   * which mark what was purged. Then the mirror is LiveVox, no more and no less.
   */
  async #catchUp(): Promise<void> {
    this.#now += 3 * dayMs;
    await this.#pull();
    await this.#sweep({ index: 0, of: 1 });
    await this.#sweep();
    await this.#sweep();
    const mirror = await selectMirrorRows(this.#store, this.#tenant);
    const truth = await fetchAllContacts(this.#sandbox);
    for (const [account, fields] of truth) this.#assertSame(account, fields, mirror.get(account));
    const extra = [...mirror.keys()].filter((account) => !truth.has(account));
    if (extra.length > 0) throw new Error(`The mirror still has ${extra.join(', ')}, which LiveVox has not`);
  }

  async #sweep(slice?: SweepInput['slice']): Promise<void> {
    this.#now += hourMs;
    const { pool } = this.#store;
    const runId = await openRun(this.#store, { tenant: this.#tenant, kind: 'sweep', startedFrom: 'command' });
    const deps = { ...this.#toDeps(), store: this.#store };
    const pullWindow: SweepDeps['pullWindow'] = ({ startsAt, endsAt }) =>
      pull(deps, { ...this.#toInput(runId), window: { kind: 'slice', since: startsAt, until: endsAt } });
    await sweep(
      { ...deps, pullWindow },
      {
        tenant: this.#tenant,
        runId,
        timeZone: this.#timeZone,
        slice,
        chunkRows: this.#dice.pick([3, 1000]),
        maxVanishedPercent: 100,
        isPercentChosen: true,
        independentAfterMs: 0,
        overlapMs,
        attempts: 2,
        wholeDays: this.#bounds === 'days',
      },
    );
    await markRunEnded(pool, runId, 'proven', 'swept');
  }
}

function assertOneSentence(error: unknown): void {
  if (error instanceof LvsyncError && /[.)]$|again|stays/.test(error.message)) return;
  throw error;
}

/** A store whose connections fail from the given statement on. */
function breakAfter(store: Store, statements: number): Store {
  let left = statements;
  const assertAlive = (): void => {
    left -= 1;
    if (left < 0) throw new Error('The connection was closed');
  };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (inner, key) => {
        const value: unknown = Reflect.get(inner, key, inner);
        if (typeof value !== 'function') return value;
        if (key === 'query') {
          return (...args: unknown[]): unknown => {
            // A stream comes back as it is. Otherwise as the driver does: a rejected promise, never a throw.
            const ask = (): unknown => {
              assertAlive();
              return Reflect.apply(value, inner, args);
            };
            return typeof args[0] === 'string' ? Promise.resolve().then(ask) : ask();
          };
        }
        if (key === 'connect') {
          return async () => {
            assertAlive();
            return wrap((await Reflect.apply(value, inner, [])) as pg.PoolClient);
          };
        }
        return value.bind(inner);
      },
    });
  return { pool: wrap(store.pool) };
}

/** Lives one history. @throws Error that names what is wrong; the seed makes it happen again. */
export async function liveHistory(history: History): Promise<HistoryCounts> {
  const simulation = new Simulation(history);
  try {
    return await simulation.live();
  } catch (error) {
    throw new Error(`History ${history.seed}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
