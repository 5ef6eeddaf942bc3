/** `--until HH:MM`: the time of day at which sending stops, by the tenant's clock; the next such time after the command began. */
import { isTimeOfDay, toNextTimeOfDay } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';

export type UntilOption = { readonly until?: string };

/** @throws ConfigError for what is no time of day */
export function assertUntil({ until }: UntilOption): void {
  if (until === undefined || isTimeOfDay(until)) return;
  throw new ConfigError(`--until ${until} must be a time of day from 00:00 to 23:59, such as 06:00.`);
}

/** The instant that was asked for, if one was. */
export function toUntil({ until }: UntilOption, now: Date, timeZone: string): Date | undefined {
  return until === undefined ? undefined : toNextTimeOfDay(until, now, timeZone);
}
