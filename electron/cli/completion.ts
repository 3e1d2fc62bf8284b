/** What a shell offers after Tab, drawn from the program itself: no command or option is written twice. */
import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as a shell sees it: the words that lead to it, and what may follow. */
interface Words {
  /** `` for the program itself, `audit verify` for a command of a command. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly does: string }[];
  readonly options: readonly { readonly flag: string; readonly does: string; readonly choices: readonly string[] }[];
}

/** The command, then each command of it, depth first. */
function* walk(command: Command, path: string): Generator<Words> {
  const visible = command.createHelp();
  yield {
    path,
    commands: visible.visibleCommands(command).map((one) => ({ name: one.name(), does: one.description() })),
    options: visible.visibleOptions(command).flatMap((option) => {
      const flag = option.long ?? option.short;
      return flag === undefined ? [] : [{ flag, does: option.description, choices: option.argChoices ?? [] }];
    }),
  };
  for (const child of command.commands) yield* walk(child, path === '' ? child.name() : `${path} ${child.name()}`);
}

/** Text inside single quotes of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function bash(all: readonly Words[]): string {
  const cases = all.map(({ path, commands, options }) => {
    const words = [...commands.map(({ name }) => name), ...options.map(({ flag }) => flag)].join(' ');
    return `    ${quoted(path)}) words=${quoted(words)} ;;`;
  });
  const paths = all.map(({ path }) => quoted(path)).join(' ');
  return `# bash completion of vitrine: source <(vitrine completion bash)
_vitrine() {
  local current=\${COMP_WORDS[COMP_CWORD]} path= words= word known
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    for known in ${paths}; do
      if [[ "$known" == "\${path:+$path }$word" ]]; then path=$known; break; fi
    done
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=()
  if [[ $current == -* || $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=( $(compgen -W "$words" -- "$current") )
  else
    COMPREPLY=( $(compgen -W "$words" -- "$current") $(compgen -f -- "$current") )
  fi
}
complete -o filenames -F _vitrine vitrine
`;
}

function zsh(all: readonly Words[]): string {
  const described = (name: string, does: string): string => quoted(`${name.replaceAll(':', '\\:')}:${does}`);
  const cases = all.map(({ path, commands, options }) => {
    const words = [
      ...commands.map(({ name, does }) => described(name, does)),
      ...options.map(({ flag, does }) => described(flag, does)),
    ];
    return `    ${quoted(path)}) offered=(${words.join(' ')}) ;;`;
  });
  return `#compdef vitrine
# zsh completion of vitrine: source <(vitrine completion zsh)
_vitrine() {
  local place= word
  local -a offered known
  known=(${all.map(({ path }) => quoted(path)).join(' ')})
  for word in \${words[2,CURRENT-1]}; do
    if (( \${known[(Ie)\${place:+$place }$word]} )); then place="\${place:+$place }$word"; fi
  done
  case "$place" in
${cases.join('\n')}
  esac
  _describe vitrine offered
  _files
}
compdef _vitrine vitrine
`;
}

function fish(all: readonly Words[]): string {
  const lines = all.flatMap(({ path, commands, options }) => {
    const when = `-n ${quoted(`__vitrine_at ${path}`.trim())}`;
    return [
      ...commands.map(({ name, does }) => `complete -c vitrine ${when} -f -a ${quoted(name)} -d ${quoted(does)}`),
      ...options.map(({ flag, does, choices }) => {
        const values = choices.length === 0 ? '' : ` -x -a ${quoted(choices.join(' '))}`;
        return `complete -c vitrine ${when} -l ${flag.replace(/^-+/, '')}${values} -d ${quoted(does)}`;
      }),
    ];
  });
  const known = all.map(({ path }) => path).filter((path) => path !== '');
  return `# fish completion of vitrine: vitrine completion fish | source
function __vitrine_at
  set -l place
  for word in (commandline -opc)[2..]
    set -l longer (string join ' ' $place $word)
    if contains -- $longer ${known.map(quoted).join(' ')}
      set place (string split ' ' $longer)
    end
  end
  test "$argv" = "$place"
end
${lines.join('\n')}
`;
}

/** The script that teaches a shell the commands and options of a program. */
export function completionOf(program: Command, shell: Shell): string {
  const all = [...walk(program, '')];
  return { bash, zsh, fish }[shell](all);
}
