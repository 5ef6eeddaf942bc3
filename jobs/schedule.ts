/**
 * Makes the schedules in the queue equal to the configured ones: adds, changes, removes. A schedule that is as configured is
 * left alone, because writing it again would move a nightly that is overdue to the following night.
 * What a schedule puts into the queue is the same job that a command enqueues.
 */
import { systemClock } from '../src/clock.ts';
import type { Config, TenantConfig } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { silentProgress } from '../src/progress.ts';
import { openWorkplace } from '../src/wiring.ts';
import { openBackend, openBackendIfMade } from './backend.ts';
import { findLastDue, findNextDue, listNextDue } from './next-due.ts';
import { makeOpenJob, missedAfterMs } from './nightly.ts';
import type { NewJob, QueuePort, Schedule, StoredSchedule } from './queue-port.ts';
import { makeRetentionJob } from './retention.ts';
import { makeSweepJob } from './sweep.ts';

export type WrittenSchedule = {
  /** Name in the queue: what and for whom. */
  readonly name: string;
  readonly tenant: string;
  readonly cron: string;
  readonly timeZone: string;
  /** When it is due next, an ISO instant. */
  readonly next: string;
  /** The three next ones, `next` the first of them; fewer when no more come. */
  readonly nextRuns: readonly string[];
};

type Kind = keyof TenantConfig['schedule'];
type ScheduledJob = Omit<NewJob, 'id'>;
export type TenantSchedule = Schedule & { readonly tenant: string; readonly kind: Kind; readonly job: ScheduledJob };

/** Of each kind of schedule: what its ids begin with, and the job it makes. */
const kinds: Readonly<Record<Kind, { readonly prefix: string; readonly make: (tenant: string) => ScheduledJob }>> = {
  nightly: { prefix: 'nightly', make: makeOpenJob },
  sweep: { prefix: 'sweep', make: (tenant) => makeSweepJob(tenant, 'whole') },
  rollingSweep: { prefix: 'rolling-sweep', make: (tenant) => makeSweepJob(tenant, 'rolling') },
  retention: { prefix: 'retention', make: makeRetentionJob },
};

const shownRuns = 3;

/** Writes the schedules and returns them; empty when none is configured. Throws ConfigError for cron expressions that never come. */
export async function writeSchedules(
  config: Config,
  { log }: { readonly log: Log },
): Promise<readonly WrittenSchedule[]> {
  const wanted = chooseSchedules(config.tenants, systemClock.now());
  const place = await openWorkplace(config, { log, progress: silentProgress });
  try {
    // With nothing to write, no queue is made either.
    const open = wanted.length > 0 ? openBackend : openBackendIfMade;
    const backend = await open(config, place.databaseUrl, log);
    if (backend === undefined) return [];
    return await equalize(backend, wanted, log).finally(() => backend.close());
  } finally {
    await place.close();
  }
}

/** The nightly that was due last and that nothing has been run for since; undefined when there is none. Pure. */
export function findMissedNight(
  { nightly }: TenantConfig['schedule'],
  lastStartedAt: Date | null,
  now: Date,
): Date | undefined {
  if (nightly === undefined) return undefined;
  const due = findLastDue(nightly, new Date(now.getTime() - missedAfterMs));
  return due === undefined || (lastStartedAt !== null && lastStartedAt >= due) ? undefined : due;
}

/** What the config asks for. @throws ConfigError with every cron expression that never comes */
export function chooseSchedules(tenants: readonly TenantConfig[], now: Date): readonly TenantSchedule[] {
  const schedules = tenants.flatMap(listSchedules);
  const problems = schedules
    .filter((schedule) => findNextDue(schedule, now) === undefined)
    .map(
      ({ tenant, cron, kind }) =>
        `Tenant ${tenant}: the cron expression "${cron}" of schedule.${kind} never comes; mend it.`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return schedules;
}

function listSchedules({ name: tenant, schedule }: TenantConfig): readonly TenantSchedule[] {
  return (Object.keys(kinds) as readonly Kind[]).flatMap((kind) => {
    const wanted = schedule[kind];
    if (wanted === undefined) return [];
    const { prefix, make } = kinds[kind];
    const job = make(tenant);
    const { cron, timeZone } = wanted;
    return [{ id: `${prefix}-${tenant}`, queue: job.queue, cron, timeZone, tenant, kind, job }];
  });
}

async function equalize(
  backend: QueuePort,
  wanted: readonly TenantSchedule[],
  log: Log,
): Promise<readonly WrittenSchedule[]> {
  const stored = await backend.selectSchedules();
  for (const gone of stored.filter((one) => !wanted.some((schedule) => schedule.id === one.id))) {
    await backend.removeSchedule(gone);
    log.info('schedule.removed', { schedule: gone.id });
  }
  const written: WrittenSchedule[] = [];
  for (const schedule of wanted) {
    const { id: name, tenant, cron, timeZone } = schedule;
    const next = findUnchanged(stored, schedule) ?? (await put(backend, schedule, log));
    written.push({ name, tenant, cron, timeZone, next: next.toISOString(), nextRuns: toNextRuns(schedule, next) });
  }
  return written;
}

/** One that is overdue comes now; those after it, after now. */
function toNextRuns(schedule: Schedule, next: Date): readonly string[] {
  const now = systemClock.now();
  const after = next > now ? next : now;
  return [next, ...listNextDue(schedule, after, shownRuns - 1)].map((at) => at.toISOString());
}

/** When the schedule is due, if it is in the queue as it should be. */
function findUnchanged(stored: readonly StoredSchedule[], { id, cron, timeZone }: Schedule): Date | undefined {
  return stored.find((one) => one.id === id && one.cron === cron && one.timeZone === timeZone)?.nextAt;
}

async function put(backend: QueuePort, schedule: TenantSchedule, log: Log): Promise<Date> {
  const next = await backend.putSchedule(schedule, schedule.job);
  if (next === undefined)
    throw new ConfigError(`The cron expression "${schedule.cron}" of tenant ${schedule.tenant} never comes; mend it.`);
  log.info('schedule.written', { schedule: schedule.id, next: next.toISOString() });
  return next;
}
