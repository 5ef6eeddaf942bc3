/** How `lvsync pull` is called, for its help; what it does is loaded when it runs. */
import { type Command, Option } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { PullOptions } from '../pull.ts';
import type { CommandShell } from '../shell.ts';

export function makePullCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'pull',
    summary: 'pull what changed in LiveVox into the mirror',
    when: 'Before a plan, and to read back what was sent. The first pull is a full one by itself; lvsync sync pulls too.',
    examples: ['lvsync pull', 'lvsync pull --full', 'lvsync pull --since 2026-11-01 --until 2026-11-08T12:00:00Z'],
  })
    .addOption(new Option('--full', 'everything, whenever it changed').conflicts(['since', 'until']))
    .option('--since <iso>', 'first moment of change to ask for (default: where the last pull ended)')
    .option('--until <iso>', "last moment of change to ask for (default: now, by LiveVox's clock)")
    .action(async (options: PullOptions) => (await import('../pull.ts')).pull(shell, options));
}
