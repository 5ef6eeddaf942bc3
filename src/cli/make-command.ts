/**
 * What every command has: --tenant, --json, --config, an example in its help, and one way to say how it ended.
 */
import { Command } from 'commander';
import type { CommandShell } from './shell.ts';

export type CommonOptions = {
  readonly tenant?: string;
  /** One JSON document on stdout instead of text. */
  readonly json?: boolean;
  readonly config?: string;
};

export type CommandWords = {
  readonly name: string;
  /** One sentence; the README's table repeats it. */
  readonly summary: string;
  readonly example: string;
};

/** A command with the common options. */
export function makeCommand({ name, summary, example }: CommandWords): Command {
  return new Command(name)
    .summary(summary)
    .description(summary)
    .option('--tenant <name>', 'the tenant; needed when several are configured')
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .option('--config <file>', 'the config file (default: lvsync.config.* in the working folder)')
    .addHelpText('after', `\nExample:\n  $ ${example}\n`);
}

/** What every command file exports. */
export type CommandMaker = (shell: CommandShell) => Command;

/** Prints the answer of a command: the document with --json, the text otherwise. */
export async function printAnswer(
  shell: CommandShell,
  options: CommonOptions,
  document: unknown,
  text: string,
): Promise<void> {
  await shell.print(options.json === true ? `${JSON.stringify(document, undefined, 2)}\n` : text);
}
