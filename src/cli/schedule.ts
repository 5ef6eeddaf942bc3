/** `lvsync schedule`: writes the configured schedules into the queue, and removes those that are configured no more. */
import type { Command } from 'commander';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, makeCommand, printAnswer } from './make-command.ts';
import { formatTable } from './print.ts';
import type { CommandShell } from './shell.ts';
import { loadCommandConfig, makeCommandLog } from './with-workplace.ts';

export function makeScheduleCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'schedule',
    summary: 'write the configured schedules into the queue',
    example: 'lvsync schedule',
  }).action(async (options: CommonOptions) => {
    const config = await loadCommandConfig(shell, options);
    const { writeSchedules } = await import('../../jobs/schedule.ts');
    const schedules = await writeSchedules(config, { log: makeCommandLog(config) });
    const text = formatTable(
      schedules.map(({ name, cron, timeZone, next }) => [name, `${cron} (${timeZone})`, `next ${next}`]),
    );
    await printAnswer(shell, options, { schedules }, text === '' ? 'No schedule is configured.\n' : text);
    shell.end(exitCodes.proven);
  });
}
