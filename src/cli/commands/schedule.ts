/** How `lvsync schedule` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeScheduleCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'schedule',
    summary: 'write the configured schedules into the queue',
    when: 'On every deployment, and after a change of schedule in the config. Safe to repeat.',
    examples: ['lvsync schedule'],
  }).action(async (options: CommonOptions) => (await import('../schedule.ts')).schedule(shell, options));
}
