/** The completion script for zsh: to be sourced after compinit, or put as _lvsync into a folder of $fpath. */
import type { CompletedCommand, Values } from './completed-command.ts';

export function formatZsh(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary.replaceAll(':', '\\:')}`)}\n`);
  return `#compdef lvsync
# Completion of lvsync for zsh, written by lvsync completion zsh.
_lvsync() {
  local -a commands
  commands=(
${described.join('')}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands.map(formatCommand).join('')}    help) _describe command commands ;;
  esac
}
if [[ $funcstack[1] == _lvsync ]]; then _lvsync "$@"; else compdef _lvsync lvsync; fi
`;
}

function formatCommand({ name, options, values }: CompletedCommand): string {
  const specs = [
    ...options.map(({ long, description, values: own }) =>
      quote(`${long}[${toLabel(description)}]${own === undefined ? '' : `:value:${toAction(own)}`}`),
    ),
    ...(values === undefined ? [] : [quote(`*:argument:${toAction(values)}`)]),
  ];
  return `    ${name}) _arguments ${specs.join(' ')} ;;\n`;
}

function toAction(values: Values): string {
  if (values.kind === 'words') return `(${values.words.join(' ')})`;
  return values.kind === 'file' ? '_files' : '';
}

/** A description ends at a bracket, and a colon begins the next part. */
function toLabel(description: string): string {
  return description.replace(/[\\[\]:]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
