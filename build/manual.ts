import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { manualOf } from '../electron/cli/manual.ts';
import { buildProgram } from '../electron/cli/program.ts';
import manifest from '../package.json' with { type: 'json' };
import { command } from './exit.ts';
import { ROOT } from './provision/cache.ts';

/** Where the generated page lies: `man ./docs/vitrine.1`. */
export const MANUAL = join(ROOT, 'docs', 'vitrine.1');

/** The page as the program is now. */
export function manual(): string {
  return manualOf(buildProgram(), manifest.version);
}

await command(import.meta.url, async () => {
  await mkdir(dirname(MANUAL), { recursive: true });
  await writeFile(MANUAL, manual());
  return 0;
});
