import { resolve } from 'node:path';

/** The demonstration as a script of its own, for the wrapper that gives it a display: `tsx test/e2e/demo-main.ts DIR`. */
const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: tsx test/e2e/demo-main.ts DIR');
const scenario: { runDemo(outDir: string): Promise<boolean> } = await import(
  new URL('./demo.ts', import.meta.url).href
);
process.exitCode = (await scenario.runDemo(resolve(out))) ? 0 : 1;
