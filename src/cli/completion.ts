/**
 * `lvsync completion SHELL`: a script for the shell, made of the commands as the parser has them, so that it cannot fall behind. Completes commands,
 * options, the words of closed sets, and files; not what only the database knows. The script never runs lvsync.
 */
import type { Command } from 'commander';
import { toCompleted } from './completed-command.ts';
import { formatBash } from './completion-bash.ts';
import { formatFish } from './completion-fish.ts';
import { formatZsh } from './completion-zsh.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';

const writers = { bash: formatBash, zsh: formatZsh, fish: formatFish };

export async function completion(
  shell: CommandShell,
  name: keyof typeof writers,
  options: CommonOptions,
  commands: readonly Command[],
): Promise<void> {
  const script = writers[name](commands.map(toCompleted));
  await printAnswer(shell, options, { shell: name, script }, script);
  shell.end(exitCodes.proven);
}
