/** `lvsync sweep`: what LiveVox no longer shows, and whether the mirror has drifted from it. */
import type { Command } from 'commander';
import { type Config, chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { runSweep, type SweepOptions } from '../pipeline.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

type Options = CommonOptions & {
  readonly rolling?: boolean;
  readonly slice?: string;
  readonly maxVanishedPercent?: string;
};

export function makeSweepCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'sweep',
    summary: 'find contacts that LiveVox no longer shows, and what the pulls have missed',
    example: 'lvsync sweep --rolling',
  })
    .option(
      '--rolling',
      'one slice of the contacts with all their fields, instead of all contacts; the day decides which',
    )
    .option('--slice <number>', 'this slice of a rolling sweep, from 0')
    .option(
      '--max-vanished-percent <percent>',
      'let so many be missing in this run (default: sweep.maxVanishedPercent)',
    )
    .action((options: Options) => {
      const sweep = toSweepOptions(options);
      const check = (config: Config): void => assertSlice(sweep, chooseTenant(config, options.tenant).sweep.slices);
      return runAndReport(shell, options, { credentials: true, check }, (deps) =>
        runSweep(deps, { sweep, signal: shell.signal }),
      );
    });
}

/** What the options ask for. @throws ConfigError for what is no number in range */
export function toSweepOptions({ rolling, slice, maxVanishedPercent }: Options): SweepOptions {
  if (slice !== undefined && !/^\d{1,6}$/.test(slice)) {
    throw new ConfigError(`--slice ${slice} must be a whole number from 0.`);
  }
  const percent = maxVanishedPercent === undefined ? undefined : Number(maxVanishedPercent);
  if (percent !== undefined && !(maxVanishedPercent?.trim() !== '' && percent >= 0 && percent <= 100)) {
    throw new ConfigError(`--max-vanished-percent ${maxVanishedPercent} must be a number from 0 to 100.`);
  }
  return { rolling, slice: slice === undefined ? undefined : Number(slice), maxVanishedPercent: percent };
}

/** @throws ConfigError for a slice that the configuration does not have */
function assertSlice({ slice = 0 }: SweepOptions, slices: number): void {
  if (slice < slices) return;
  throw new ConfigError(`--slice ${slice} is too high: there are ${slices} slices (sweep.slices), numbered from 0.`);
}
