/** How `lvsync runs` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { RunsOptions } from '../runs.ts';
import type { CommandShell } from '../shell.ts';
import { defaultRuns } from './shared-options.ts';

export function makeRunsCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'runs',
    summary: 'list runs: when, what kind, how they ended',
    when: 'When you look for a run: how the nights went, which one failed. lvsync run shows one of them.',
    examples: ['lvsync runs', 'lvsync runs --state failed,not_proven --since 2026-11-01'],
  })
    .option('--state <states>', 'only those in these states: proven, not_proven, held, failed and so on, with commas')
    .option('--kind <kinds>', 'only those of these kinds: sync, pull, plan, apply and so on, with commas')
    .option('--since <iso>', 'only those that began at this moment or later')
    .option('--limit <n>', `at most so many (default: ${defaultRuns})`)
    .action(async (options: RunsOptions) => (await import('../runs.ts')).runs(shell, options));
}
