/** `lvsync sync`: the nightly, by hand: pull, verify, plan, apply, pull, verify. */
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { chooseSource, chooseTenant } from '../config.ts';
import { runSync } from '../pipeline.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { addUntilOption, assertUntil, toUntil, type UntilOption } from './until.ts';
import { runAndReport } from './with-workplace.ts';

type SyncOptions = CommonOptions & UntilOption & { readonly source?: string; readonly dryRun?: boolean };

export function makeSyncCommand(shell: CommandShell): Command {
  const command = makeCommand({
    name: 'sync',
    summary: 'the nightly: pull, verify, plan, apply, pull, verify',
    example: 'lvsync sync --dry-run',
  })
    .option('--source <name>', 'the system of record; needed when the tenant has several')
    .option('--dry-run', 'stop after the plan; nothing is sent');
  return addUntilOption(command).action((options: SyncOptions) =>
    runAndReport(
      shell,
      options,
      {
        credentials: true,
        check: (config) => {
          chooseSource(chooseTenant(config, options.tenant), options.source);
          assertUntil(options);
        },
      },
      (deps) => {
        const { source, dryRun } = options;
        const until = toUntil(options, systemClock.now(), deps.tenant.timeZone);
        return runSync(deps, { source, dryRun, until, signal: shell.signal });
      },
    ),
  );
}
