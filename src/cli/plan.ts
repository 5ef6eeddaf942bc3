/** `lvsync plan`: compares the mirror with the system of record and stores what should change; sends nothing. */
import type { Command } from 'commander';
import { chooseSource, chooseTenant } from '../config.ts';
import { runPlan } from '../pipeline.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import { assertPlanFileName, writePlanFile } from './plan-file.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

type PlanOptions = CommonOptions & { readonly source?: string; readonly out?: string };

export function makePlanCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'plan',
    summary: 'compare the mirror with the system of record and store what should change; sends nothing',
    example: 'lvsync plan --source crm --out plan.csv',
  })
    .option('--source <name>', 'the system of record; needed when the tenant has several')
    .option('--out <file>', 'also write the changed fields to a new file, .jsonl or .csv (personal data; mode 0600)')
    .action((options: PlanOptions) => plan(shell, options));
}

async function plan(shell: CommandShell, options: PlanOptions): Promise<void> {
  const { source, out } = options;
  if (out !== undefined) assertPlanFileName(shell.cwd, out);
  const check: Parameters<typeof runAndReport>[2]['check'] = (config) => {
    chooseSource(chooseTenant(config, options.tenant), source);
  };
  await runAndReport(shell, options, { check }, async (deps, { store }) => {
    const report = await runPlan(deps, { source, signal: shell.signal });
    if (out !== undefined && report.changeSetId !== undefined) {
      const rows = await writePlanFile(store, report.changeSetId, shell.cwd, out);
      shell.say(`${out}: ${rows} changed fields written.`);
    }
    return report;
  });
}
