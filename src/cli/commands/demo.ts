/** How `lvsync demo` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import type { DemoOptions } from '../demo.ts';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeDemoCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'demo',
    summary: 'shows the whole ring on a sandbox LiveVox and an embedded Postgres of its own',
    when: 'To see it work, with nothing but Node: about a minute, and nothing stays behind.',
    examples: ['lvsync demo', 'lvsync demo --contacts 2000 --keep'],
  })
    .option('--contacts <n>', 'contacts in the sandbox', '20000')
    .option('--seed <n>', 'seed of the sandbox population', '1')
    .option('--keep', 'keep sandbox, database and files until Ctrl-C')
    .action(async (options: DemoOptions) => (await import('../demo.ts')).demo(shell, options));
}
