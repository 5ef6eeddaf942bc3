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
  /** One or two sentences: in which situation somebody wants it, and what comes before or after. */
  readonly when: string;
  /** One to three, as they would be typed. */
  readonly examples: readonly string[];
  /** What exit codes mean here, besides those that every command has. */
  readonly exits?: Readonly<Record<number, string>>;
};

/** A command with the common options. */
export function makeCommand({ name, summary, when, examples, exits = {} }: CommandWords): Command {
  return new Command(name)
    .summary(summary)
    .description(`${toSentence(summary)}\n\n${when}`)
    .option('--tenant <name>', 'the tenant; needed when several are configured')
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .option('--config <file>', 'the config file (default: lvsync.config.* in the working folder)')
    .addHelpText('after', `${formatExamples(examples)}${formatExits(exits)}`);
}

function toSentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function formatExamples(examples: readonly string[]): string {
  const lines = examples.map((example) => `  $ ${example}\n`);
  return `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('')}`;
}

function formatExits(exits: Readonly<Record<number, string>>): string {
  const lines = Object.entries(exits).map(([code, means]) => `  ${code}  ${means}\n`);
  return lines.length === 0 ? '' : `\nExit codes:\n${lines.join('')}`;
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
