/**
 * `npm run screenshots`: takes the pictures of `screens.spec.ts` anew, as the baselines of that test, and copies those that
 * README shows to `docs/screenshots/`.
 */
import { spawn } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, say } from '../command.ts';

/** Name in docs/screenshots, and the baseline that it is a copy of. */
const SHOWN: Readonly<Record<string, string>> = {
  'viewer.png': 'viewer-1280x720.png',
  'length.png': 'viewer-length-1280x720.png',
  'layouts.png': 'viewer-2x2-1280x720.png',
  'list.png': 'list-1280x720.png',
  'import.png': 'import-1280x720.png',
  'keys.png': 'keys-1280x720.png',
  'first-run.png': 'first-run-1280x720.png',
  'unlock.png': 'locked-1280x720.png',
};

const command = join(ROOT, 'node_modules', '.bin', 'playwright');
const config = join('test', 'e2e', 'playwright.config.ts');
const child = spawn(command, ['test', '-c', config, 'screens', '--update-snapshots=all'], {
  cwd: ROOT,
  stdio: 'inherit',
});
const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
if (code === 0) {
  const shots = join(ROOT, 'docs', 'screenshots');
  await mkdir(shots, { recursive: true });
  for (const [name, baseline] of Object.entries(SHOWN)) {
    await copyFile(join(ROOT, 'test', 'e2e', 'screens.spec.ts-snapshots', baseline), join(shots, name));
    say(`docs/screenshots/${name}`);
  }
}
process.exitCode = code;
