/** How `lvsync replay` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeReplayCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'replay',
    summary: 'load a download again: a file, or what a run has kept',
    when: 'After a restore of the database, or to load an export without calling LiveVox.',
    examples: ['lvsync replay ./contacts.csv.gz', 'lvsync replay 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11'],
  })
    .argument('<what>', 'path of a file, plain or gzip, or the id of a run')
    .action(async (what: string, options: CommonOptions) =>
      (await import('../replay.ts')).replay(shell, what, options),
    );
}
