/** The manual page of the program (man(7)), drawn from the program itself. */
import type { Command } from 'commander';

/** Text as roff takes it: no line begins with a control character, and hyphens stay hyphens. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1');
}

function optionsOf(command: Command): string[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map((option) => `.TP\n.B ${roff(option.flags)}\n${roff(help.optionDescription(option))}`);
}

function commandOf(command: Command, path: string): string[] {
  const help = command.createHelp();
  const usage = [
    path,
    ...command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    }),
    help.visibleOptions(command).length > 1 ? '[options]' : '',
  ];
  const own = [
    `.SS ${roff(usage.filter(Boolean).join(' '))}`,
    roff(command.description()),
    ...(command.commands.length === 0 ? optionsOf(command) : []),
  ];
  return [...own, ...command.commands.flatMap((child) => commandOf(child, `${path} ${child.name()}`))];
}

/** The page of section 1. */
export function manualOf(program: Command, version: string): string {
  const name = program.name();
  return `${[
    `.\\" Written by "npx tsx build/manual.ts" from the program; do not edit.`,
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}" "Vitrine"`,
    '.SH NAME',
    `${name} \\- ${roff(program.description().replace(/\.$/, '').toLowerCase())}`,
    '.SH SYNOPSIS',
    `.B ${name}\n.I command\n.RI [ options ]`,
    '.SH DESCRIPTION',
    'The handlers of the Vitrine workstation without its window. Studies rest sealed in a vault; what leaves it readable says so.',
    'With \\-\\-json a command prints one JSON document on standard output; progress goes to standard error.',
    '.SH COMMANDS',
    ...program.commands
      .filter((command) => command.name() !== 'help')
      .flatMap((child) => commandOf(child, child.name())),
    '.SH ENVIRONMENT',
    '.TP\n.B VITRINE_VAULT\nFolder of the vault where \\-\\-vault is left out.',
    '.SH EXIT STATUS',
    '.TP\n.B 0\nDone.\n.TP\n.B 1\nDone in part: something was refused, or a problem was found.\n.TP\n.B 2\nFailed; nothing was done, or the message says what.',
    '.SH FILES',
    '.TP\n.I vault.json\nThe only readable file of a vault: its name and its key slots. No patient is in it.',
  ].join('\n')}\n`;
}
