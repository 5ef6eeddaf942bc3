/**
 * Makes the schedules in the queue equal to the configured ones: adds, changes, removes. A schedule that is as configured is
 * left alone, because writing it again would move a nightly that is overdue to the following night.
 * What a schedule puts into the queue is the same job that `enqueueNightly` does.
 */
import { getNextMillis } from 'bullmq';
import { systemClock } from '../src/clock.ts';
import type { Config, TenantConfig } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { silentProgress } from '../src/progress.ts';
import { openWorkplace } from '../src/wiring.ts';
import { openBackend, openBackendIfMade } from './backend.ts';
import { makeOpenJob } from './nightly.ts';
import type { QueuePort, Schedule, StoredSchedule } from './queue-port.ts';

export type WrittenSchedule = {
  /** Name in the queue: what and for whom. */
  readonly name: string;
  readonly tenant: string;
  readonly cron: string;
  readonly timeZone: string;
  /** When it is due next, an ISO instant. */
  readonly next: string;
};

export type TenantSchedule = Schedule & { readonly tenant: string };

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

/** What the config asks for. @throws ConfigError with every cron expression that never comes */
export function chooseSchedules(tenants: readonly TenantConfig[], now: Date): readonly TenantSchedule[] {
  const schedules = tenants.flatMap(({ name: tenant, timeZone, schedule: { nightly } }) =>
    nightly === undefined
      ? []
      : [{ id: `nightly-${tenant}`, tenant, cron: nightly.cron, timeZone: nightly.timeZone ?? timeZone }],
  );
  const problems = schedules
    .filter((schedule) => !comes(schedule, now))
    .map(
      ({ tenant, cron }) => `Tenant ${tenant}: the cron expression "${cron}" of schedule.nightly never comes; mend it.`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return schedules;
}

function comes({ cron, timeZone }: Schedule, now: Date): boolean {
  try {
    return getNextMillis(now.getTime(), { pattern: cron, tz: timeZone }) !== undefined;
  } catch {
    return false;
  }
}

async function equalize(
  backend: QueuePort,
  wanted: readonly TenantSchedule[],
  log: Log,
): Promise<readonly WrittenSchedule[]> {
  const stored = await backend.selectSchedules();
  for (const { id } of stored.filter((one) => !wanted.some((schedule) => schedule.id === one.id))) {
    await backend.removeSchedule(id);
    log.info('schedule.removed', { schedule: id });
  }
  const written: WrittenSchedule[] = [];
  for (const schedule of wanted) {
    const { id: name, tenant, cron, timeZone } = schedule;
    const next = findUnchanged(stored, schedule) ?? (await put(backend, schedule, log));
    written.push({ name, tenant, cron, timeZone, next: next.toISOString() });
  }
  return written;
}

/** When the schedule is due, if it is in the queue as it should be. */
function findUnchanged(stored: readonly StoredSchedule[], { id, cron, timeZone }: Schedule): Date | undefined {
  return stored.find((one) => one.id === id && one.cron === cron && one.timeZone === timeZone)?.nextAt;
}

async function put(backend: QueuePort, schedule: TenantSchedule, log: Log): Promise<Date> {
  const next = await backend.putSchedule(schedule, makeOpenJob(schedule.tenant));
  if (next === undefined)
    throw new ConfigError(`The cron expression "${schedule.cron}" of tenant ${schedule.tenant} never comes; mend it.`);
  log.info('schedule.written', { schedule: schedule.id, next: next.toISOString() });
  return next;
}
