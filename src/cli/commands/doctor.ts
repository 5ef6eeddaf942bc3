/** How `lvsync doctor` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeDoctorCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'doctor',
    summary: 'check everything that a run needs, and say what to do',
    when: 'After filling in the config, before the first run, and when something fails and you do not know where. It changes nothing.',
    examples: ['lvsync doctor', 'lvsync doctor --tenant acme --json'],
    exits: { 1: 'something that is needed does not work; warnings alone are 0' },
  }).action(async (options: CommonOptions) => (await import('../doctor.ts')).doctor(shell, options));
}
