/** How `lvsync sweep` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import type { SweepCommandOptions } from '../sweep.ts';

export function makeSweepCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'sweep',
    summary: 'find contacts that LiveVox no longer shows, and what the pulls have missed',
    when: 'Now and then, and after a purge in LiveVox: deletions are seen in no other way.',
    examples: ['lvsync sweep', 'lvsync sweep --rolling'],
    exits: { 3: 'more is missing than sweep.maxVanishedPercent; nothing was marked' },
  })
    .option(
      '--rolling',
      'one slice of the contacts with all their fields, instead of all contacts; the day decides which',
    )
    .option('--slice <number>', 'this slice of a rolling sweep, from 0')
    .option(
      '--max-vanished-percent <percent>',
      'let so many be missing in this run (default: sweep.maxVanishedPercent)',
    )
    .action(async (options: SweepCommandOptions) => (await import('../sweep.ts')).sweep(shell, options));
}
