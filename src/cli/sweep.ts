/** `lvsync sweep`: what LiveVox no longer shows, and whether the mirror has drifted from it. */
import { type Config, chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { runSweep, type SweepOptions } from '../pipeline.ts';
import type { CommonOptions } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

export type SweepCommandOptions = CommonOptions & {
  readonly rolling?: boolean;
  readonly slice?: string;
  readonly maxVanishedPercent?: string;
};

export async function sweep(shell: CommandShell, options: SweepCommandOptions): Promise<void> {
  const asked = toSweepOptions(options);
  const check = (config: Config): void => assertSlice(asked, chooseTenant(config, options.tenant).sweep.slices);
  await runAndReport(shell, options, { credentials: true, check }, (deps) =>
    runSweep(deps, { sweep: asked, signal: shell.signal }),
  );
}

/** What the options ask for. @throws ConfigError for what is no number in range */
export function toSweepOptions({ rolling, slice, maxVanishedPercent }: SweepCommandOptions): SweepOptions {
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
