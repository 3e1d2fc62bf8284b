/**
 * `npm run screenshots`: takes the pictures of the screens anew, as the baselines of their tests, and copies those that
 * README shows to `docs/screenshots/`.
 */
import { spawn } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, say } from '../command.ts';

/** Where the baselines are, from the root. */
const BASELINES = 'test/e2e/screens.spec.ts-snapshots';

/** Name in docs/screenshots, and what it is a copy of. */
const SHOWN: Readonly<Record<string, string>> = {
  'viewer.png': `${BASELINES}/viewer-1280x720.png`,
  'length.png': `${BASELINES}/viewer-length-1280x720.png`,
  'layouts.png': `${BASELINES}/viewer-2x2-1280x720.png`,
  'list.png': `${BASELINES}/list-1280x720.png`,
  'import.png': `${BASELINES}/import-1280x720.png`,
  'keys.png': `${BASELINES}/keys-1280x720.png`,
  'first-run.png': `${BASELINES}/first-run-1280x720.png`,
  'priors.png': `${BASELINES}/viewer-prior-1280x720.png`,
  'planes.png': `${BASELINES}/viewer-planes-1280x720.png`,
  'vault.png': `${BASELINES}/vault-keys-1280x720.png`,
  'laboratory.png': 'out/laboratory/laboratory.png',
  'forecast.png': 'out/forecast/forecast.png',
  'unlock.png': `${BASELINES}/locked-1280x720.png`,
};

/** The tests that show screens, by their titles. */
const SEEN = 'the screens before|the reading screen|a prior beside|seen|the sample is forecast';

const command = join(ROOT, 'node_modules', '.bin', 'playwright');
const config = join('test', 'e2e', 'playwright.config.ts');
const child = spawn(
  command,
  ['test', '-c', config, 'screens', 'laboratory', 'forecast', '-g', SEEN, '--update-snapshots=all'],
  {
    cwd: ROOT,
    stdio: 'inherit',
  },
);
const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
if (code === 0) {
  const shots = join(ROOT, 'docs', 'screenshots');
  await mkdir(shots, { recursive: true });
  for (const [name, source] of Object.entries(SHOWN)) {
    await copyFile(join(ROOT, source), join(shots, name));
    say(`docs/screenshots/${name}`);
  }
}
process.exitCode = code;
