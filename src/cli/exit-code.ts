/**
 * Exit codes, a contract with scripts: 0 done and proven, 1 failed, 2 wrong usage or configuration, 3 held (a guard or an
 * approval), 4 done but not proven.
 */
import { ConfigError, HeldError } from '../errors.ts';
import type { RunReport } from '../pipeline.ts';

export const exitCodes = { proven: 0, failed: 1, usage: 2, held: 3, notProven: 4 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const ofState: Readonly<Record<RunReport['state'], ExitCode>> = {
  proven: exitCodes.proven,
  failed: exitCodes.failed,
  held: exitCodes.held,
  not_proven: exitCodes.notProven,
};

/** The exit code of a run that ended. */
export function toRunExitCode(state: RunReport['state']): ExitCode {
  return ofState[state];
}

/** The exit code of a command that threw. */
export function toErrorExitCode(error: unknown): ExitCode {
  if (error instanceof ConfigError) return exitCodes.usage;
  return error instanceof HeldError ? exitCodes.held : exitCodes.failed;
}
