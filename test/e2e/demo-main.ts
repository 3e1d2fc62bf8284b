/** `tsx test/e2e/demo-main.ts DIR`: the guided demonstration alone, inside a session. Exit status 1 when a step failed. */
import { join, resolve } from 'node:path';
import { ROOT } from '../command.ts';
import { runDemo } from './demo.ts';

const { steps } = await runDemo(resolve(process.argv[2] ?? join(ROOT, 'out', 'demo')));
process.exitCode = steps.every(({ ok }) => ok) ? 0 : 1;
