/** `lvsync pull`: what changed in LiveVox comes into the mirror; by default since the last pull. */
import { type Command, Option } from 'commander';
import { parseMoment, toInstant } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { type RunOptions, runPull } from '../pipeline.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

type PullOptions = CommonOptions & { readonly full?: boolean; readonly since?: string; readonly until?: string };

export function makePullCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'pull',
    summary: 'pull what changed in LiveVox into the mirror',
    example: 'lvsync pull --since 2026-11-01 --until 2026-11-08T12:00:00Z',
  })
    .addOption(new Option('--full', 'everything, whenever it changed').conflicts(['since', 'until']))
    .option('--since <iso>', 'first moment of change to ask for (default: where the last pull ended)')
    .option('--until <iso>', "last moment of change to ask for (default: now, by LiveVox's clock)")
    .action((options: PullOptions) =>
      runAndReport(shell, options, { credentials: true }, (deps) =>
        runPull(deps, { window: toWindow(options, deps.tenant.timeZone), signal: shell.signal }),
      ),
    );
}

/** The window that the options ask for. @throws ConfigError for what is no moment, or an end before its beginning */
export function toWindow(options: PullOptions, timeZone: string): RunOptions['window'] {
  if (options.full === true) return { kind: 'full' };
  if (options.since === undefined && options.until === undefined) return { kind: 'incremental' };
  const since = parseOption('--since', options.since, timeZone);
  const until = parseOption('--until', options.until, timeZone);
  if (since !== undefined && until !== undefined && since > until)
    throw new ConfigError('--since is later than --until; swap them.');
  return { kind: 'given', since, until };
}

/** A moment on the command line; one without a zone is in the tenant's. */
function parseOption(name: string, text: string | undefined, timeZone: string): Date | undefined {
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (moment === undefined)
    throw new ConfigError(`${name} ${text} is no date; write 2026-11-01 or 2026-11-01T12:00:00Z.`);
  return moment.kind === 'instant' ? moment.at : toInstant(moment.parts, timeZone);
}
