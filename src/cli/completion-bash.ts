/** The completion script for bash 4 and newer. */
import type { CompletedCommand, Values } from './completed-command.ts';

export function formatBash(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completion of lvsync for bash, written by lvsync completion bash.
_lvsync() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${names} help --help --version' -- "$cur"))
    return
  fi
  case \${COMP_WORDS[1]} in
${commands.map(formatCommand).join('')}    help) COMPREPLY=($(compgen -W '${names}' -- "$cur")) ;;
  esac
}
complete -F _lvsync lvsync
`;
}

/** After an option with a value comes its value; else what begins with a hyphen is an option, and the rest an argument. */
function formatCommand({ name, options, values }: CompletedCommand): string {
  const words = [...options.map(({ long }) => long), '--help'].join(' ');
  const valued = options.flatMap(({ long, values: own }) => (own === undefined ? [] : [{ long, own }]));
  const files = valued.filter(({ own }) => own.kind === 'file').map(({ long }) => long);
  const others = valued.filter(({ own }) => own.kind !== 'file').map(({ long }) => long);
  return `    ${name})
      case $prev in
${files.length === 0 ? '' : `        ${files.join('|')}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return ;;\n`}${others.length === 0 ? '' : `        ${others.join('|')}) return ;;\n`}      esac
      if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W '${words}' -- "$cur"))
      else
        ${formatValues(values, words)}
      fi ;;
`;
}

/** Where no argument is taken, the options are offered. */
function formatValues(values: Values | undefined, words: string): string {
  if (values === undefined) return `COMPREPLY=($(compgen -W '${words}' -- "$cur"))`;
  if (values.kind === 'words') return `COMPREPLY=($(compgen -W '${values.words.join(' ')}' -- "$cur"))`;
  return values.kind === 'file' ? 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))' : ':';
}
