/** `lvsync pull`: what changed in LiveVox comes into the mirror; by default since the last pull. */
import { ConfigError } from '../errors.ts';
import { type RunOptions, runPull } from '../pipeline.ts';
import type { CommonOptions } from './make-command.ts';
import { parseMomentOption } from './moment-option.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

export type PullOptions = CommonOptions & { readonly full?: boolean; readonly since?: string; readonly until?: string };

export async function pull(shell: CommandShell, options: PullOptions): Promise<void> {
  // A slip in a date is told before credentials are asked for; its zone is the tenant's, which is known later.
  toWindow(options, 'UTC');
  await runAndReport(shell, options, { credentials: true }, (deps) =>
    runPull(deps, { window: toWindow(options, deps.tenant.timeZone), signal: shell.signal }),
  );
}

/** The window that the options ask for. @throws ConfigError for what is no moment, or an end before its beginning */
export function toWindow(options: PullOptions, timeZone: string): RunOptions['window'] {
  if (options.full === true) return { kind: 'full' };
  if (options.since === undefined && options.until === undefined) return { kind: 'incremental' };
  const since = parseMomentOption('--since', options.since, timeZone);
  const until = parseMomentOption('--until', options.until, timeZone);
  if (since !== undefined && until !== undefined && since > until)
    throw new ConfigError('--since is later than --until; swap them.');
  return { kind: 'given', since, until };
}
