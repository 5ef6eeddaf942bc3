/** `lvsync retention`: deletes what is kept longer than the configuration asks for, and says how much; by itself or from a nightly job. */
import { applyRetention, type RetentionCounts } from '../apply-retention.ts';
import { systemClock } from '../clock.ts';
import { chooseTenant } from '../config.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

export type RetentionOptions = CommonOptions & { readonly dryRun?: boolean };

type Retained = { readonly tenant: string } & RetentionCounts;

/** What the counts are called in the answer; those that are missing are called as they are. */
const words: Readonly<Record<string, string>> = {
  quarantine: 'quarantined rows',
  suppressions: 'clocks of stops',
  deadLetters: 'dead letters',
  drift: 'differences found by sweeps and reconciles',
  reconciles: 'requests of reconciles',
  comparisons: 'readings of removed systems of record',
  historyMonths: 'months of the history',
  versions: 'versions of contacts',
};

export async function retention(shell: CommandShell, options: RetentionOptions): Promise<void> {
  const isDryRun = options.dryRun === true;
  const tenants = await withWorkplace(shell, options, {}, async (place, config) => {
    const asked = options.tenant === undefined ? config.tenants : [chooseTenant(config, options.tenant)];
    const done: Retained[] = [];
    for (const { name } of asked) {
      const counts = await applyRetention(place.tenant(name), systemClock.now(), { isDryRun, signal: shell.signal });
      done.push({ tenant: name, ...counts });
    }
    return done;
  });
  await printAnswer(
    shell,
    options,
    { dryRun: isDryRun, tenants },
    tenants.map((one) => format(one, isDryRun)).join(''),
  );
  shell.end(exitCodes.proven);
}

function format({ tenant, history, ...counts }: Retained, isDryRun: boolean): string {
  const all = {
    ...counts,
    ...(history === undefined ? {} : { historyMonths: history.months, versions: history.versions }),
  };
  const gone = Object.entries(all).filter(([, count]) => count > 0);
  const told = gone.map(([kind, count]) => `${count} ${words[kind] ?? kind}`).join(', ');
  return `${tenant}: ${gone.length === 0 ? 'nothing' : told} ${isDryRun ? 'would be deleted' : 'deleted'}\n`;
}
