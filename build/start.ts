import { spawn } from 'node:child_process';
import { APP } from './bundle.ts';
import { runDemonstration } from './demo.ts';
import { command } from './exit.ts';
import { ready } from './launch.ts';
import { electronPath } from './provision/electron.ts';
import { electronArguments, hasDisplay } from './session.ts';

/** `npm start`: the workstation; where no window can be shown, the same job as a guided demonstration. */
async function start(args: readonly string[]): Promise<number> {
  if (!hasDisplay()) {
    process.stderr.write('No display here: running the guided demonstration on a virtual one instead.\n');
    return await runDemonstration();
  }
  const env = await ready('window', ['main', 'preload', 'renderer', 'compute']);
  if (env === null) return 1;
  const binary = await electronPath();
  process.stderr.write(`opening the workstation after ${(process.uptime()).toFixed(1)} s\n`);
  const child = spawn(binary, [...electronArguments(), APP, ...args], { env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

await command(import.meta.url, () => start(process.argv.slice(2)));
