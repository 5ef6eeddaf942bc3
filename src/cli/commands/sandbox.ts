/** How `lvsync sandbox` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { SandboxOptions } from '../sandbox.ts';
import type { CommandShell } from '../shell.ts';

export function makeSandboxCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'sandbox',
    summary: 'run the stand-in LiveVox, for demos and for your own tests, until stopped with Ctrl-C or SIGTERM',
    when: 'To try anything without touching a real LiveVox. It prints the lines for .env.',
    examples: ['lvsync sandbox --port 8080 --contacts 5000'],
  })
    .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', '0')
    .option('--contacts <n>', 'contacts to begin with', '1000')
    .option('--seed <n>', 'the same seed makes the same contacts', '1')
    .option('--until-stdin-closes', 'stop as well when stdin closes')
    .action(async (options: SandboxOptions) => (await import('../sandbox.ts')).sandbox(shell, options));
}
