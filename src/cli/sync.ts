/** `lvsync sync`: the nightly, by hand: pull, verify, plan, apply, pull, verify. */
import { systemClock } from '../clock.ts';
import { type Config, chooseSource, chooseTenant } from '../config.ts';
import { runSync } from '../pipeline.ts';
import type { CommonOptions } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { assertUntil, toUntil, type UntilOption } from './until.ts';
import { runAndReport } from './with-workplace.ts';

export type SyncOptions = CommonOptions & UntilOption & { readonly source?: string; readonly dryRun?: boolean };

export function sync(shell: CommandShell, options: SyncOptions): Promise<void> {
  const check = (config: Config): void => {
    chooseSource(chooseTenant(config, options.tenant), options.source);
    assertUntil(options);
  };
  return runAndReport(shell, options, { credentials: true, check }, (deps) => {
    const { source, dryRun } = options;
    const until = toUntil(options, systemClock.now(), deps.tenant.timeZone);
    return runSync(deps, { source, dryRun, until, signal: shell.signal });
  });
}
