/** `lvsync plan`: compares the mirror with the system of record and stores what should change; sends nothing. */
import { type Config, chooseSource, chooseTenant } from '../config.ts';
import { type RunReport, runPlan } from '../pipeline.ts';
import type { Workplace } from '../wiring.ts';
import { toRunExitCode } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { assertPlanFileName, writePlanFile } from './plan-file.ts';
import { wholePlan } from './plan-rows.ts';
import { formatRunAnswer, type RunAnswer, toRunAnswer } from './report.ts';
import type { CommandShell } from './shell.ts';
import { formatWritten } from './show.ts';
import { assertUnmaskOptions, recordUnmasking, type UnmaskOptions } from './unmask.ts';
import { withWorkplace } from './with-workplace.ts';

export type PlanOptions = CommonOptions & UnmaskOptions & { readonly source?: string; readonly out?: string };

export async function plan(shell: CommandShell, options: PlanOptions): Promise<void> {
  const { source, out } = options;
  assertUnmaskOptions(options);
  if (out !== undefined) assertPlanFileName(shell.cwd, out);
  const check = (config: Config): void => void chooseSource(chooseTenant(config, options.tenant), source);
  const answer = await withWorkplace(shell, options, { check }, async (place) => {
    const deps = place.tenant(options.tenant);
    const report = await runPlan(deps, { source, signal: shell.signal });
    return describe(shell, place, report, options);
  });
  await printAnswer(shell, options, answer, formatRunAnswer(answer));
  shell.end(toRunExitCode(answer.state));
}

/** Adds to the report what there is to say of the plan, and writes the file that was asked for. */
async function describe(
  shell: CommandShell,
  place: Workplace,
  report: RunReport,
  options: PlanOptions,
): Promise<RunAnswer> {
  const { tenant, changeSetId } = report;
  if (changeSetId === undefined) return toRunAnswer(place.store, report);
  const isMasked = !(await recordUnmasking(place.store, options, { tenant, changeSetId, command: 'plan', options }));
  if (options.out !== undefined) {
    const input = { changeSetId, filter: wholePlan, isMasked, signal: shell.signal };
    const written = await writePlanFile(place.store, input, shell.cwd, options.out);
    shell.say(formatWritten(options.out, written).trimEnd());
  }
  return toRunAnswer(place.store, report, { isMasked });
}
