/** How the schedules in the queue stand to the configured ones, for `lvsync doctor`. Only looks: makes neither tables nor keys. */
import type { Config } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import { openBackendIfMade } from './backend.ts';
import type { StoredSchedule } from './queue-port.ts';
import { chooseSchedules } from './schedule.ts';

export type ScheduleState = {
  /** Name in the queue: what and for whom. */
  readonly name: string;
  /** `missing`: configured alone; `extra`: in the queue alone; `different`: cron or zone is another. */
  readonly state: 'as_configured' | 'different' | 'missing' | 'extra';
  /** When the queue has it due next. */
  readonly nextAt?: Date | undefined;
};

/** Configured ones first. @throws ConfigError for a cron expression that never comes; one sentence when Redis cannot be reached */
export async function selectScheduleStates(
  config: Config,
  databaseUrl: string,
  { log, now }: { readonly log: Log; readonly now: Date },
): Promise<readonly ScheduleState[]> {
  const wanted = chooseSchedules(config.tenants, now);
  const stored = await selectStored(config, databaseUrl, log);
  const compared = wanted.map(({ id, cron, timeZone }): ScheduleState => {
    const found = stored.find((one) => one.id === id);
    if (found === undefined) return { name: id, state: 'missing' };
    const isEqual = found.cron === cron && found.timeZone === timeZone;
    return { name: id, state: isEqual ? 'as_configured' : 'different', nextAt: found.nextAt };
  });
  const extra = stored.filter(({ id }) => !wanted.some((one) => one.id === id));
  return [...compared, ...extra.map(({ id, nextAt }): ScheduleState => ({ name: id, state: 'extra', nextAt }))];
}

async function selectStored(config: Config, databaseUrl: string, log: Log): Promise<readonly StoredSchedule[]> {
  const backend = await openBackendIfMade(config, databaseUrl, log);
  if (backend === undefined) return [];
  return backend.selectSchedules().finally(() => backend.close());
}
