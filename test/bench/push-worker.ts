/**
 * One process of the bench of the push: `push-worker.js JOB`, JOB as JSON. `serve` is the sandbox, until its standard input ends. `push` sends
 * stored plans through the push, the client and the shared lanes as `lvsync apply` does, one plan per tenant, side by side, and prints
 * where the time went.
 */
import { systemClock } from '../../src/clock.ts';
import { fileSchema } from '../../src/config/file-schema.ts';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import { type Log, type LogFacts, silentLog } from '../../src/log.ts';
import { silentProgress } from '../../src/progress.ts';
import { type PushCounts, push } from '../../src/push/push.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { closeStore, makeStoredSessions, makeStoredSlots, openStore, type Store } from '../../src/store/index.ts';
import type { Plan } from './push/plans.ts';
import { type Limit, methodNames } from './push/sandbox.ts';

export type PushJob = {
  readonly kind: 'push';
  readonly databaseUrl: string;
  readonly sandboxUrl: string;
  readonly plans: readonly Plan[];
  readonly chunkRows: number;
  readonly inFlight: number;
  /** As configured; undefined: none is known. */
  readonly limit: Limit | undefined;
};

type Job = PushJob | { readonly kind: 'serve'; readonly contacts: number };

export type PushReport = {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** From the start to the first request: seal, chunks, login. */
  readonly preparingMs: number;
  readonly requests: number;
  /** From each request's start to its answer, added up. */
  readonly answersMs: number;
  /** Of the processor, from start to end. */
  readonly cpuMs: number;
  readonly counts: Omit<PushCounts, 'chunks'>;
  readonly peakRssMb: number;
};

const { push: pushDefaults } = fileSchema.parse({ tenants: { bench: {} } }).tenants['bench']!;

async function runPush(job: PushJob): Promise<Omit<PushReport, 'peakRssMb'>> {
  const store = await openStore(job.databaseUrl);
  const answers: { readonly at: number; readonly ms: number }[] = [];
  const log = noteAnswers((ms) => answers.push({ at: Date.now() - ms, ms }));
  const cpuBefore = process.cpuUsage();
  const startedAt = Date.now();
  const counts = await Promise.all(job.plans.map((plan) => pushOne(store, log, job, plan)));
  const endedAt = Date.now();
  const { user, system } = process.cpuUsage(cpuBefore);
  await closeStore(store);
  return {
    startedAt,
    endedAt,
    preparingMs: Math.min(...answers.map(({ at }) => at)) - startedAt,
    requests: answers.length,
    answersMs: answers.reduce((sum, { ms }) => sum + ms, 0),
    cpuMs: (user + system) / 1_000,
    counts: {
      accepted: sum(counts.map(({ accepted }) => accepted)),
      refused: sum(counts.map(({ refused }) => refused)),
      in_doubt: sum(counts.map(({ in_doubt }) => in_doubt)),
      urgent: sum(counts.map(({ urgent }) => urgent)),
      leftOut: sum(counts.map(({ leftOut }) => leftOut)),
    },
  };
}

/** One tenant's push; each tenant has a client of its own, as in wiring.ts. */
async function pushOne(store: Store, log: Log, job: PushJob, { tenant, changeSetId }: Plan): Promise<PushCounts> {
  const client = makeClient(store, log, job);
  const { contacts } = client;
  const livevox = {
    sendBulkCreate: contacts.bulkCreateContact,
    sendBulkUpdate: contacts.bulkUpdateContact,
    sendMultipleContactsDnd: contacts.updateMultipleContactsDnd,
    sendDeleteContact: contacts.deleteContact,
    sendCreateContact: contacts.createContact,
    sendUpdateContact: contacts.updateContact,
    sendContactDnd: contacts.updateContactDnd,
  };
  try {
    return await push(
      { livevox, lookUp: async () => ({ kind: 'absent' }), store, clock: systemClock, log, progress: silentProgress },
      {
        ...{ tenant, changeSetId, actor: 'bench', inFlight: () => job.inFlight },
        push: { ...pushDefaults, settleMs: 0, chunkRows: job.chunkRows },
      },
    );
  } finally {
    await client.close();
  }
}

function makeClient(store: Store, log: Log, { sandboxUrl, inFlight, limit }: PushJob): LiveVoxClient {
  const secret = (value: string) => ({ reveal: () => value });
  const methods = Object.values(methodNames);
  return new LiveVoxClient({
    baseUrl: sandboxUrl,
    credentials: {
      ...{ clientName: 'DEMO', userName: 'demo' },
      ...{ password: secret('demo-password'), accessToken: secret('demo-token') },
    },
    timeZone: 'America/New_York',
    inFlight: Object.fromEntries(methods.map((method) => [method, inFlight])),
    limits: limit === undefined ? {} : Object.fromEntries(methods.map((method) => [method, [limit]])),
    sharedSlots: makeStoredSlots(store),
    sharedSessions: makeStoredSessions(store),
    log,
  });
}

/** A log that keeps only how long the answers of the bulk methods took. */
function noteAnswers(onAnswer: (ms: number) => void): Log {
  const names = new Set<unknown>(Object.values(methodNames));
  const debug = (event: string, facts: LogFacts = {}): void => {
    if (event === 'livevox.request' && names.has(facts['method'])) onAnswer(Number(facts['durationMs']));
  };
  return { ...silentLog, debug };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

const job = JSON.parse(process.argv[2] ?? '') as Job;
if (job.kind === 'serve') {
  const sandbox = await startSandbox({ contacts: job.contacts, dialect: { retryAfter: 'none' } });
  process.stdout.write(`${sandbox.url}\n`);
  process.stdin.resume().on('end', () => void sandbox.close());
} else {
  const report = await runPush(job);
  process.stdout.write(`${JSON.stringify({ ...report, peakRssMb: process.resourceUsage().maxRSS / 1024 })}\n`);
}
