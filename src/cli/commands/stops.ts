/** How `lvsync stops` is called, for its help; what it does is loaded when it runs. */
import { type Command, Option } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import type { StopsOptions } from '../stops.ts';
import { defaultStops } from './shared-options.ts';

export function makeStopsCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'stops',
    summary: 'blocks and withdrawn consents: asked, planned, sent, verified, and which are late',
    when: 'When somebody asks whether a person is blocked, and for the record of how fast stops arrive.',
    examples: ['lvsync stops --late', 'lvsync stops --open --tenant acme'],
    exits: { 4: 'a stop is late' },
  })
    .addOption(new Option('--open', 'only stops that LiveVox has not shown yet').conflicts('late'))
    .option('--late', 'only those of them that are past the target or the legal limit')
    .option('--since <iso>', 'beginning of the period for what has arrived (default: 30 days ago)')
    .option('--limit <n>', `at most so many stops of a tenant (default: ${defaultStops})`)
    .action(async (options: StopsOptions) => (await import('../stops.ts')).stops(shell, options));
}
