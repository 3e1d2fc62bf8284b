import { Argument, Command } from 'commander';
import { completionOf, SHELLS, type Shell } from '../completion.ts';

/** `vitrine completion SHELL`: prints the script that a shell's start file sources. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .description('print what teaches a shell these commands: source <(vitrine completion bash)')
    .addArgument(new Argument('<shell>', 'which shell').choices([...SHELLS]));
  return command.action((shell: Shell) => {
    const { parent } = command;
    if (parent !== null) process.stdout.write(completionOf(parent, shell));
  });
}
