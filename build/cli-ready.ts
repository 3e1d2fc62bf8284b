import { bundle } from './bundle.ts';

/** What `vitrine` runs before it starts: the command line's bundle, and nothing that only a window needs. */
await bundle(['cli'], (line) => process.stderr.write(`vitrine: ${line}\n`));
