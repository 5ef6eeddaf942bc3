/** A command as a completion script needs it: names, sentences, and what may follow. */
import type { Argument, Command, Option } from 'commander';

/** What can be said of a value before it is typed. */
export type Values = { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'file' | 'any' };

export type CompletedCommand = {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    /** `--full`. */
    readonly long: string;
    readonly description: string;
    /** undefined: it takes none. */
    readonly values: Values | undefined;
  }[];
  /** Of its arguments; undefined: it takes none. */
  readonly values: Values | undefined;
};

/** What the parser knows of a command. */
export function toCompleted(command: Command): CompletedCommand {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    summary: command.summary(),
    options: command.options.map((option) => ({
      long: option.long ?? '',
      description: option.description,
      values: option.required || option.optional ? toValues(option, option.flags.includes('<file>')) : undefined,
    })),
    values: argument && toValues(argument, argument.description.startsWith('path')),
  };
}

function toValues({ argChoices }: Option | Argument, isFile: boolean): Values {
  if (argChoices !== undefined) return { kind: 'words', words: argChoices };
  return { kind: isFile ? 'file' : 'any' };
}
