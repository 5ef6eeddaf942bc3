/** How `lvsync run` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeRunCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'run',
    summary: 'show one run: steps, counts, requests, plan, and what to do next',
    when: 'When a run did not end as proven, or takes long. lvsync runs has the ids; the answer of every run names its own.',
    examples: ['lvsync run 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11'],
  })
    .argument('<run>', 'id of the run')
    .action(async (id: string, options: CommonOptions) => (await import('../run.ts')).run(shell, id, options));
}
