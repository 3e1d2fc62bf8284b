import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './provision/cache.ts';
import { run } from './provision/command.ts';

/** Every room with code. Each has a tsconfig of its own, so that the compiler knows which runtime its files are for. */
const ROOMS = ['core', 'native', 'models', 'electron', 'renderer', 'build', 'test'];

/** `npm run typecheck`: `tsc` over each room, two at a time. */
const waiting = ROOMS.filter((room) => existsSync(join(ROOT, room)));
let failed = false;

async function worker(): Promise<void> {
  for (let room = waiting.shift(); room !== undefined; room = waiting.shift()) {
    const ended = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', room], {
      cwd: ROOT,
    });
    console.log(`${ended.code === 0 ? 'ok  ' : 'FAIL'}  ${room}`);
    if (ended.code === 0) continue;
    console.log(ended.output);
    failed = true;
  }
}

await Promise.all([worker(), worker()]);
process.exitCode = failed ? 1 : 0;
