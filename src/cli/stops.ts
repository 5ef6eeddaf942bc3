/** `lvsync stops`: every block and withdrawn consent that was asked for, how far it has come, and whether it is late. */
import { systemClock } from '../clock.ts';
import { chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { stopsPeriodMs } from '../suppression-clock.ts';
import { defaultStops } from './commands/shared-options.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { parseMomentOption } from './moment-option.ts';
import type { CommandShell } from './shell.ts';
import { formatStopsReport, makeStopsReport, type StopsChoice, type StopsReport } from './stops-report.ts';
import { withWorkplace } from './with-workplace.ts';

export type StopsOptions = CommonOptions & {
  readonly open?: boolean;
  readonly late?: boolean;
  readonly since?: string;
  readonly limit?: string;
};

export async function stops(shell: CommandShell, options: StopsOptions): Promise<void> {
  const limit = toLimit(options.limit);
  // A slip in a date is found before a database is started; its zone is the tenant's, which is known later.
  toSince(options.since, 'UTC');
  const reports = await withWorkplace(shell, options, {}, async ({ store }, config) => {
    const asked = options.tenant === undefined ? config.tenants : [chooseTenant(config, options.tenant)];
    const found: StopsReport[] = [];
    for (const tenant of asked) {
      const choice = { which: toWhich(options), since: toSince(options.since, tenant.timeZone), limit };
      found.push(await makeStopsReport(store, tenant, systemClock.now(), choice));
    }
    return found;
  });
  await printAnswer(shell, options, { tenants: reports }, reports.map(formatStopsReport).join('\n'));
  shell.end(reports.some(({ metrics }) => metrics.late > 0) ? exitCodes.notProven : exitCodes.proven);
}

function toWhich({ open, late }: StopsOptions): StopsChoice['which'] {
  if (late === true) return 'late';
  return open === true ? 'open' : 'all';
}

/** A moment without a zone is in the tenant's. @throws ConfigError for what is no moment */
function toSince(text: string | undefined, timeZone: string): Date {
  return parseMomentOption('--since', text, timeZone) ?? new Date(systemClock.now().getTime() - stopsPeriodMs);
}

/** @throws ConfigError for what is no number of stops */
function toLimit(text: string | undefined): number {
  const limit = text === undefined ? defaultStops : /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new ConfigError('--limit must be a whole number from 1.');
  return limit;
}
