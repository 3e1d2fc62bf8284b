import { bundle } from './bundle.ts';
import { command } from './exit.ts';

/** What `vitrine` runs before it starts: the command line's bundle, and nothing that only a window needs. */
await command(import.meta.url, async () => {
  await bundle(['cli'], (line) => process.stderr.write(`vitrine: ${line}\n`));
  return 0;
});
