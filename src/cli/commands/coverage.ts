/** How `lvsync coverage` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import type { CoverageOptions } from '../coverage.ts';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeCoverageCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'coverage',
    summary: 'which time has been pulled: intervals, gaps, watermark, downloads that were not merged',
    when: 'When a change of LiveVox is missing in the mirror, or a pull was given up.',
    examples: ['lvsync coverage', 'lvsync coverage --all'],
  })
    .option('--all', 'the merges one by one as well, with clock, overlap, rows, bytes, hash and run')
    .action(async (options: CoverageOptions) => (await import('../coverage.ts')).coverage(shell, options));
}
