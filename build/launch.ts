import { join } from 'node:path';
import { bundle, TARGETS, type Target } from './bundle.ts';
import { ROOT } from './provision/cache.ts';
import { findRuntime, runtimeLine } from './provision/electron.ts';
import { type Purpose, provision } from './provision/main.ts';
import { runInSession } from './session.ts';

/**
 * What every command needs before it may start Electron: the machine provisioned and the app built.
 * @returns the environment for it, in which Playwright finds the provisioned runtime; null when something is missing
 *   (the table on stderr says what).
 */
export async function ready(purpose: Purpose, targets: readonly Target[] = TARGETS): Promise<NodeJS.ProcessEnv | null> {
  if (!(await provision(purpose))) return null;
  await bundle(targets, (line) => process.stderr.write(`${line}\n`));
  const runtime = await findRuntime();
  if (runtime === null) return null;
  process.stderr.write(`runtime: ${runtimeLine(runtime)}\n`);
  return { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist };
}

/** Runs one of the checkout's TypeScript files under Node. In a session when it drives the real application. */
export function runScript(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return runInSession([process.execPath, '--import', 'tsx', join(ROOT, file), ...args], { env });
}
