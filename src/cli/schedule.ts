/** `lvsync schedule`: writes the configured schedules into the queue, and removes those that are configured no more. */
import { writeSchedules } from '../../jobs/schedule.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatTable } from './print.ts';
import type { CommandShell } from './shell.ts';
import { loadCommandConfig, makeCommandLog } from './with-workplace.ts';

export async function schedule(shell: CommandShell, options: CommonOptions): Promise<void> {
  const config = await loadCommandConfig(shell, options);
  const schedules = await writeSchedules(config, { log: makeCommandLog(config) });
  const text = formatTable(
    schedules.map(({ name, cron, timeZone, nextRuns }) => [
      name,
      `${cron} (${timeZone})`,
      `next ${nextRuns.join(', ')}`,
    ]),
  );
  await printAnswer(shell, options, { schedules }, text === '' ? 'No schedule is configured.\n' : text);
  shell.end(exitCodes.proven);
}
