import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Runs a command when this module is the one that Node was started with; a failure ends as words, not as a stack. */
export async function command(moduleUrl: string, body: () => Promise<number>): Promise<void> {
  // The checkout may be reached through a symbolic link: the module's address is the real one, the argument is not.
  if (moduleUrl !== pathToFileURL(realpathSync(process.argv[1] ?? '.')).href) return;
  try {
    process.exitCode = await body();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
