/** The completion script for fish. */
import type { CompletedCommand, Values } from './completed-command.ts';

export function formatFish(commands: readonly CompletedCommand[]): string {
  return `# Completion of lvsync for fish, written by lvsync completion fish.
complete -c lvsync -f
complete -c lvsync -n __fish_use_subcommand -l version -d 'output the version number'
${commands.map(formatCommand).join('')}`;
}

function formatCommand({ name, summary, options, values }: CompletedCommand): string {
  const when = `complete -c lvsync -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c lvsync -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...options.map(({ long, description, values: own }) =>
      [when, `-l ${long.slice(2)}`, own === undefined ? '' : toAction(own, '-x', '-r -F'), `-d ${quote(description)}`]
        .filter((part) => part !== '')
        .join(' '),
    ),
    ...(values === undefined || values.kind === 'any' ? [] : [`${when} ${toAction(values, '', '-F')}`.trimEnd()]),
    '',
  ].join('\n');
}

function toAction(values: Values, any: string, file: string): string {
  if (values.kind === 'words') return `${any} -a ${quote(values.words.join(' '))}`.trimStart();
  return values.kind === 'file' ? file : any;
}

/** Fish knows two escapes between single quotes. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
