/**
 * A reader's session with the marked patient, in the real application: everything that puts a name or a pixel somewhere.
 * Runs under the trace; its task comes by standard input. No screenshot is taken: a picture of the screen is in clear by
 * nature.
 */
import { text } from 'node:stream/consumers';
import { createProfile, launch, quit, type Vitrine } from '../e2e/app.ts';
import { drawLength, placeText } from '../e2e/draw.ts';
import * as steps from '../e2e/steps.ts';
import type { Plant } from './plants.ts';

export interface SessionTask {
  /** The profile is made in here. */
  readonly folder: string;
  /** The process tree's temporary folder. */
  readonly temp: string;
  /** Half of the marked study, a folder. */
  readonly source: string;
  /** The other half, a ZIP archive. */
  readonly archive: string;
  readonly words: Readonly<Record<string, string>>;
  readonly plants: readonly Plant[];
}

/** Leaks on purpose, from inside the application's main process. */
async function plantLeaks({ electron, profile }: Vitrine, plants: readonly Plant[]): Promise<void> {
  await electron.evaluate(
    (_electron, { temp, leaks }) => {
      const fs = process.getBuiltinModule('node:fs');
      for (const { name, hex, removed } of leaks) {
        fs.writeFileSync(`${temp}/${name}`, Buffer.from(hex, 'hex'));
        if (removed) fs.rmSync(`${temp}/${name}`);
      }
    },
    { temp: profile.temp, leaks: [...plants] },
  );
}

/** Scrolls through the stack and back, windows by key and by mouse, zooms. */
async function look({ page }: Vitrine): Promise<void> {
  const view = steps.viewport(page);
  for (const key of ['End', 'Home', 'ArrowDown', 'Shift+ArrowDown', '2', '3', '1']) await page.keyboard.press(key);
  const box = await view.boundingBox();
  if (box === null) throw new Error('the viewport has no place on the screen');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let notch = 0; notch < 5; notch++) await page.mouse.wheel(0, 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 30, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.press('Control+4');
  await page.keyboard.press('Control+1');
}

async function main(): Promise<void> {
  const task = JSON.parse(await text(process.stdin)) as SessionTask;
  const { words } = task;
  const vitrine = await launch(await createProfile(task.folder));
  const { page } = vitrine;
  await steps.createVault(page);
  for (const [kind, path] of [
    ['folder', task.source],
    ['files', task.archive],
  ] as const) {
    await steps.importFromDialog(vitrine, kind, [path]);
    await steps.importSummary(page);
    await page.getByRole('button', { name: 'Dismiss' }).click();
  }
  await steps.searchAndOpen(page, words['familyName'] ?? '');
  if ((await steps.figure(steps.viewport(page), 'count')) !== 24) throw new Error('half of the study is missing');
  await look(vitrine);
  await drawLength(page, [100, 100], [160, 120], 256);
  await placeText(page, [80, 80], words['label'] ?? '', 256);
  await plantLeaks(vitrine, task.plants);
  await page.keyboard.press('Control+l');
  await steps.onScreen(page, 'locked');
  await steps.unlock(page);
  await steps.searchAndOpen(page, words['patientId'] ?? '');
  await quit(vitrine);
}

await main();
