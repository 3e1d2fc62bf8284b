import { buildProgram } from './cli/program.ts';
import { failOutside } from './cli/terminal.ts';

/** Entry of the command `vitrine`: the handlers of the app under plain Node, with no window and no Electron. */
// Whatever it makes is its owner's alone: catalogue and lock file are made by a library that asks for no mode.
process.umask(0o077);
process.on('uncaughtException', failOutside);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `vitrine list | head`: the reader went away, which is its right.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
await buildProgram().parseAsync(process.argv);
