import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProfile, imported, launch, type Profile, quit } from '../e2e/app.ts';
import { createVault, studyRows } from '../e2e/steps.ts';
import { type Row, row } from './row.ts';

/** The least that Electron can do: one window with one line of text. */
const BARE: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'bare', main: 'main.js' }),
  'main.js': `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900 }).loadFile('index.html'));`,
  'index.html': '<!doctype html><title>bare</title><p data-study="bare">ready</p>',
};

async function writeBareApp(folder: string): Promise<string> {
  await mkdir(folder);
  for (const [name, text] of Object.entries(BARE)) await writeFile(join(folder, name), text);
  return folder;
}

/** Milliseconds from the start of the process to a study in the list. */
async function startOnce(profile: Profile, app?: string): Promise<number> {
  const started = performance.now();
  const vitrine = await launch(profile, app === undefined ? {} : { app });
  await studyRows(vitrine.page).first().waitFor();
  const elapsed = performance.now() - started;
  await quit(vitrine);
  return elapsed;
}

/** Row `start-to-list`: a vault with a study in it, opened by the keychain as at every start of a day. */
export async function benchStart(rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-start-'));
  try {
    const bare = await writeBareApp(join(folder, 'bare'));
    const profile = await createProfile(folder);
    const first = await launch(profile);
    await createVault(first.page);
    await imported(first.page, null);
    await quit(first);
    const bareProfile = await createProfile(folder);
    const ours: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < rounds; round++) {
      peer.push(await startOnce(bareProfile, bare));
      ours.push(await startOnce(profile));
    }
    return [
      row({
        id: 'start-to-list',
        what: 'from the start of the process to a study in the list, vault opened by the keychain; peer: a bare Electron window of the same runtime with one line of text',
        unit: 'ms',
        better: 'lower',
        goal: 1.5,
        ours,
        peer,
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
