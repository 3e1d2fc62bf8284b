import { buildProgram } from './cli/program.ts';
import { failOutside } from './cli/terminal.ts';

/** Entry of the command `vitrine`: the handlers of the app under plain Node, with no window and no Electron. */
process.on('uncaughtException', failOutside);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `vitrine list | head`: the reader went away, which is its right.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
await buildProgram().parseAsync(process.argv);
