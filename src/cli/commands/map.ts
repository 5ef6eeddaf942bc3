/** How `lvsync map` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { ConfigError } from '../../errors.ts';
import { makeCommand } from '../make-command.ts';
import type { MapOptions } from '../map.ts';
import type { CommandShell } from '../shell.ts';
import { addUnmaskOptions, maxSampleRows } from './shared-options.ts';

export function makeMapCommand(shell: CommandShell): Command {
  const command = makeCommand({
    name: 'map',
    summary: "draft a mapping from a source's columns, and show its first rows as they would be sent; sends nothing",
    when: 'When a system of record is new, or its columns have changed.',
    examples: ['lvsync map --source crm --rows 3', 'lvsync map --draft --out mapping.ts'],
  })
    .option('--source <name>', 'the system of record; needed when the tenant has several')
    .option('--draft', 'draft a mapping although the config has one')
    .option('--rows <number>', `so many rows are shown, 0 to ${maxSampleRows}`, toRowCount, 5)
    .option('--out <file>', 'draft, and also write the draft to a new file (mode 0600)');
  return addUnmaskOptions(command).action(async (options: MapOptions) =>
    (await import('../map.ts')).map(shell, options),
  );
}

function toRowCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,3}$/.test(text) && count <= maxSampleRows) return count;
  throw new ConfigError(`--rows ${text} must be a whole number from 0 to ${maxSampleRows}.`);
}
