/**
 * What happens in one run, all of it thrown from the seed: the world, the faults LiveVox has, what is killed and when. Pure. What the seed
 * cannot fix is the instant at which processes meet, so a seed gives the same scenario, and nearly the same run.
 */
import type { Dialect, FaultRule } from '../../src/sandbox/index.ts';
import { type Dice, makeDice } from './dice.ts';

/** What is run while the faults are on: a command, or the queue's worker with a nightly. */
type Shell = 'sync' | 'apply' | 'worker';

export type QueueKind = 'postgres' | 'redis';

/** How a process is disturbed. */
type Blow =
  /** SIGKILL. */
  | 'kill'
  /** Stopped, its connections to Postgres cut, passed by the next process, and continued in the midst of that one. */
  | 'zombie'
  /** Its connections to Postgres cut. */
  | 'cut'
  /** The queue is emptied: FLUSHDB, or its tables truncated; of a command nothing. */
  | 'lose_queue'
  | 'none';

/** When the blow falls: so many ms after the nth request of a route, or after the start. */
export type Moment = { readonly route?: string; readonly nth: number; readonly afterMs: number };

export type Attempt = { readonly blow: Blow; readonly moment: Moment };

export type Scenario = {
  readonly seed: number;
  readonly contacts: number;
  readonly newAccounts: number;
  readonly chunkRows: number;
  readonly inFlight: number;
  readonly identifyBy: 'account' | 'both';
  readonly dialect: Partial<Dialect>;
  readonly shell: Shell;
  readonly queue: QueueKind;
  readonly faults: readonly FaultRule[];
  /** Whether LiveVox refuses one account of the record, by its place, for good: after the faults have ended too. */
  readonly poison: { readonly place: number; readonly stays: boolean } | undefined;
  readonly attempts: readonly Attempt[];
  /** After which attempt (from 0) the system of record changes once more; undefined: it does not. */
  readonly recordChangesAfter: number | undefined;
  /** Whether the last sync is a nightly through a worker. */
  readonly endsWithWorker: boolean;
};

/** What a run may be thrown from. */
export type Ground = {
  readonly queues: readonly QueueKind[];
  /** Whether a poisoned row may stay poisoned: today its whole chunk is refused with it. */
  readonly poisonStays: boolean;
};

/** The readings of the vendor's pages that change what a write does or how it is answered. */
const dialects: readonly Partial<Dialect>[] = [
  {},
  { phones: 'replace', update: '200', errors: 'xml' },
  { dates: 'iso', booleans: 'Y', lineEnd: 'crlf', numbers: 'string' },
  { dates: 'epoch', booleans: '1', contentEncoding: true, phones: 'replace' },
  { modifyDate: 'day', nulls: 'text', exists: '202' },
  { errors: 'none', exists: '409', update: '200' },
];

/**
 * Answers are waited for this long. Every delay below ends within `settleSeconds` after that: what LiveVox carries out later than that is not
 * promised (docs/delivery.md), and not thrown here.
 */
export const requestTimeoutSeconds = 0.9;
export const settleSeconds = 2;
/** The longest a write stays unseen. */
export const lateCommitMs = 400;
const longestLatencyMs = 700;

const writes = ['bulk-create', 'bulk-update', 'multi-dnd'] as const;
const routes = [...writes, ...writes, 'bulk-download', 'login', '*'] as const;

/** The scenario of a seed. */
export function makeScenario(seed: number, ground: Ground): Scenario {
  const dice = makeDice(seed);
  const contacts = dice.int(60, 160);
  const shell = dice.pick(['sync', 'sync', 'apply', 'apply', 'worker'] as const);
  const attempts = Array.from({ length: dice.int(1, 3) }, () => throwAttempt(dice, shell));
  return {
    seed,
    contacts,
    newAccounts: dice.int(10, 50),
    chunkRows: dice.int(7, 30),
    inFlight: dice.int(1, 2),
    identifyBy: dice.pick(['account', 'both']),
    dialect: dice.pick(dialects),
    shell,
    queue: dice.pick(ground.queues),
    faults: [...throwWriteFaults(dice), ...Array.from({ length: dice.int(2, 5) }, () => throwFault(dice))],
    poison: dice.chance(0.3)
      ? { place: dice.int(0, contacts - 1), stays: ground.poisonStays && dice.chance(0.5) }
      : undefined,
    attempts,
    recordChangesAfter: dice.chance(0.5) ? dice.int(0, attempts.length - 1) : undefined,
    endsWithWorker: shell === 'worker' && dice.chance(0.5),
  };
}

function throwAttempt(dice: Dice, shell: Shell): Attempt {
  const blows: readonly Blow[] = [
    'kill',
    'kill',
    'kill',
    'zombie',
    shell === 'worker' ? 'lose_queue' : 'zombie',
    'cut',
    'none',
  ];
  const byRoute = dice.chance(0.75);
  return {
    blow: dice.pick(blows),
    moment: {
      ...(byRoute ? { route: dice.pick([...writes, 'bulk-download']) } : {}),
      nth: dice.int(1, 3),
      afterMs: byRoute ? dice.int(0, 120) : dice.int(300, 2_500),
    },
  };
}

/** For most of the three methods one of its first requests is answered late, not at all, or not truly: what the push is made for. */
function throwWriteFaults(dice: Dice): readonly FaultRule[] {
  return writes
    .filter(() => dice.chance(0.65))
    .map((route) => {
      const kind = dice.pick(['hang-after', 'reset-after', 'drop-rows', 'hang', 'late-commit', 'latency'] as const);
      const options = {
        'late-commit': { ms: lateCommitMs },
        latency: { ms: longestLatencyMs },
        'drop-rows': { every: dice.int(2, 4) },
      };
      return {
        route,
        kind,
        nth: dice.int(1, 2),
        ...(kind in options ? options[kind as keyof typeof options] : {}),
      } as FaultRule;
    });
}

function throwFault(dice: Dice): FaultRule {
  const route = dice.pick(routes);
  const when = dice.pick([
    { nth: dice.int(1, 3) },
    { times: dice.int(1, 2) },
    { times: dice.int(1, 2) },
    { probability: dice.pick([0.1, 0.3]), seed: dice.int(1, 1_000_000), times: 12 },
  ]);
  return { route, ...when, ...throwKind(dice, route) } as FaultRule;
}

function throwKind(dice: Dice, route: (typeof routes)[number]): object {
  const anywhere = [
    { kind: 'status', status: dice.pick([500, 502, 503]) },
    { kind: 'rate-limit', status: dice.pick([429, 503]), retryAfter: dice.pick(['seconds', 'none']), seconds: 1 },
    { kind: 'latency', ms: dice.int(20, longestLatencyMs) },
    { kind: 'hang' },
    { kind: 'hang-after' },
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'kill-session' },
  ];
  const ofWrites = [
    { kind: 'drop-rows', every: dice.int(2, 5), count: dice.pick(['all', 'fewer']) },
    { kind: 'too-large', rows: dice.int(2, 12) },
    { kind: 'late-commit', ms: dice.int(50, lateCommitMs) },
  ];
  const ofDownloads = [
    { kind: 'truncate', look: dice.pick(['complete', 'cut']), afterBytes: dice.int(1, 20_000) },
    { kind: 'truncate', look: 'complete', dropBytes: dice.int(1, 400) },
  ];
  if (route === 'bulk-download') return dice.pick([...anywhere, ...ofDownloads, ...ofDownloads]);
  if (route === 'login' || route === '*') return dice.pick(anywhere);
  return dice.pick([...anywhere, ...ofWrites, ...ofWrites]);
}
