/** The commands and their options as the program has them, for the documentation tests. */
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { makeProgram } from '../../src/cli/main.ts';

export type DocumentedCommand = {
  readonly name: string;
  readonly summary: string;
  /** `pull [options]`, `show [options] <plan>`. */
  readonly usage: string;
  /** Flags as the help shows them, and their sentence. */
  readonly options: readonly { readonly flags: string; readonly description: string }[];
};

const shell = {
  print: async () => {},
  say: () => {},
  cwd: '.',
  signal: new AbortController().signal,
  stdin: new PassThrough(),
  end: () => {},
};

/** Every command in the order of the help. */
export function listCommands(): readonly DocumentedCommand[] {
  return listProgramCommands().map(toDocumented);
}

/** The same as the parser has them. */
export function listProgramCommands(): readonly Command[] {
  return makeProgram(shell, () => {}).commands;
}

function toDocumented(command: Command): DocumentedCommand {
  return {
    name: command.name(),
    summary: command.summary(),
    usage: `lvsync ${command.name()} ${command.usage()}`,
    options: command.options.map(({ flags, description }) => ({ flags, description })),
  };
}
