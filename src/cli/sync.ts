/** `lvsync sync`: the nightly, by hand: pull, verify, plan, apply, pull, verify. */
import type { Command } from 'commander';
import { chooseSource, chooseTenant } from '../config.ts';
import { runSync } from '../pipeline.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import { storeForecast } from './plan-forecast.ts';
import { hasSent } from './report.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

type SyncOptions = CommonOptions & { readonly source?: string; readonly dryRun?: boolean };

export function makeSyncCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'sync',
    summary: 'the nightly: pull, verify, plan, apply, pull, verify',
    example: 'lvsync sync --dry-run',
  })
    .option('--source <name>', 'the system of record; needed when the tenant has several')
    .option('--dry-run', 'stop after the plan; nothing is sent')
    .action((options: SyncOptions) =>
      runAndReport(
        shell,
        options,
        {
          credentials: true,
          check: (config) => void chooseSource(chooseTenant(config, options.tenant), options.source),
        },
        async (deps, place) => {
          const { source, dryRun } = options;
          const report = await runSync(deps, { source, dryRun, signal: shell.signal });
          if (report.changeSetId !== undefined && !hasSent(report))
            await storeForecast(place, deps.tenant, report.changeSetId);
          return report;
        },
      ),
    );
}
