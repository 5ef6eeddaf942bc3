/** How `lvsync completion` is called, for its help; what it does is loaded when it runs. */
import { Argument, type Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import { completionShells } from './shared-options.ts';

export function makeCompletionCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'completion',
    summary: 'print a script that completes commands and options in your shell',
    when: 'Once, in the start-up file of your shell. Print it anew after an upgrade, or let the start-up file do so.',
    examples: [
      'lvsync completion bash > ~/.local/share/bash-completion/completions/lvsync',
      'lvsync completion zsh > ~/.zfunc/_lvsync',
      'lvsync completion fish > ~/.config/fish/completions/lvsync.fish',
    ],
  })
    .addArgument(new Argument('<shell>', 'which one').choices(completionShells))
    .action(async (name: (typeof completionShells)[number], options: CommonOptions, command: Command) =>
      (await import('../completion.ts')).completion(shell, name, options, command.parent?.commands ?? []),
    );
}
