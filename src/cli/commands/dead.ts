/** How `lvsync dead` is called, for its help; what it does is loaded when it runs. */
import { Argument, type Command } from 'commander';
import type { DeadAction, DeadOptions } from '../dead.ts';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import { deadActions } from './shared-options.ts';

export function makeDeadCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'dead',
    summary: 'changes that LiveVox refuses: list them, show one, send some again, or leave them as they are',
    when: "When a run counts refused changes. Correct the value in the system of record; retry only where the fault was LiveVox's.",
    examples: ['lvsync dead list', 'lvsync dead show 17', 'lvsync dead retry 17 18 --by "Ann Lee"'],
  })
    .addArgument(new Argument('<action>', 'what to do').choices(deadActions))
    .argument('[ids...]', 'numbers of dead letters, as list prints them')
    .option('--all', 'with list: resolved ones as well')
    .option('--unmask', "show LiveVox's words whole, with what they quote; who did so is recorded")
    .option('--by <name>', 'with retry and drop: who decides; with --unmask: who looks')
    .option('--reason <text>', 'with retry and drop: why, for the record; without personal data')
    .action(async (action: DeadAction, ids: readonly string[], options: DeadOptions) =>
      (await import('../dead.ts')).dead(shell, action, ids, options),
    );
}
