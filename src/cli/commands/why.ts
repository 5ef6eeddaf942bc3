/** How `lvsync why` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import type { WhyOptions } from '../why.ts';
import { addUnmaskOptions } from './shared-options.ts';

export function makeWhyCommand(shell: CommandShell): Command {
  const command = makeCommand({
    name: 'why',
    summary: 'why a contact was or was not changed, from stored facts',
    when: 'When somebody asks about one contact. Calls nobody: it tells what the last pull and the last plan knew.',
    examples: ['lvsync why 4711', 'lvsync why 4711 --source crm'],
  })
    .argument('<account>', 'the contact')
    .option('--source <name>', 'the system of record; needed when the tenant has several');
  return addUnmaskOptions(command).action(async (account: string, options: WhyOptions) =>
    (await import('../why.ts')).why(shell, account, options),
  );
}
