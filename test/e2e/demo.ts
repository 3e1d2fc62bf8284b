import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findRuntime, runtimeLine } from '../../build/provision/electron.ts';
import { PHANTOM_TRUTH, type PhantomInsert } from '../../core/dicom/phantom/truth.ts';
import { writeReport } from '../command.ts';
import { createProfile, launch, quit, removeProfile, resize, type Vitrine } from './app.ts';
import { drawEllipse, drawLength, marks } from './draw.ts';
import * as steps from './steps.ts';

/** What `out/demo/report.json` says. */
export interface DemoReport {
  readonly runtime: string;
  readonly steps: { readonly id: string; readonly ok: boolean; readonly ms: number; readonly detail: string }[];
  /** File names in the same folder. */
  readonly screenshots: string[];
}

function insert(id: string): PhantomInsert {
  const found = PHANTOM_TRUTH.inserts.find((one) => one.id === id);
  if (found === undefined) throw new RangeError(`the phantom has no ${id}`);
  return found;
}

/** Runs the steps one after the other; after one that failed the rest is not tried. */
class Guide {
  readonly report: DemoReport;
  readonly #out: string;
  #failed = false;

  constructor(runtime: string, out: string) {
    this.report = { runtime, steps: [], screenshots: [] };
    this.#out = out;
  }

  async step(id: string, page: Page, act: () => Promise<string>): Promise<void> {
    if (this.#failed) return;
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    try {
      const detail = await act();
      this.report.steps.push({ id, ok: true, ms: ms(), detail });
    } catch (error) {
      this.#failed = true;
      const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      this.report.steps.push({ id, ok: false, ms: ms(), detail });
    }
    const name = `${String(this.report.screenshots.length + 1).padStart(2, '0')}-${id}.png`;
    await page.screenshot({ path: join(this.#out, name) });
    this.report.screenshots.push(name);
  }
}

async function measure(page: Page): Promise<string> {
  const [left, right, rod] = [insert('bead-left'), insert('bead-right'), insert('rod-contrast')];
  await steps.toSlice(page, left.slice + 1);
  await drawLength(page, [right.column, right.row], [left.column, left.row]);
  await marks(page).first().waitFor();
  await steps.toSlice(page, rod.slice + 1);
  await drawEllipse(page, [rod.column, rod.row], 12);
  await marks(page).nth(1).waitFor();
  return await readMarks(page);
}

/** The measurements on the screen, held against what the phantom is by construction. */
async function readMarks(page: Page): Promise<string> {
  const [length, mean] = await marks(page).locator('.measure-value').allTextContents();
  const truth = [PHANTOM_TRUTH.beadDistanceMm, insert('rod-contrast').hu];
  if (Math.abs(steps.numberIn(length) - (truth[0] ?? 0)) > 1)
    throw new Error(`length ${length}, true are ${truth[0]} mm`);
  if (steps.numberIn(mean) !== truth[1]) throw new Error(`mean ${mean}, true are ${truth[1]} HU`);
  return `length ${length} (true ${truth[0]} mm), mean ${mean} (true ${truth[1]} HU)`;
}

async function firstHalf(guide: Guide, { page }: Vitrine): Promise<void> {
  await guide.step('start', page, async () => {
    await steps.onScreen(page, 'first-run');
    return 'a fresh profile: the first run';
  });
  await guide.step('create-vault', page, async () => {
    const code = await steps.createVault(page, { name: 'Demonstration' });
    return `vault created, one of ${code.length} groups of the recovery code typed back`;
  });
  await guide.step('import', page, async () => {
    await page.getByRole('button', { name: 'Load sample' }).click();
    await steps.importSummary(page);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await steps.studyRows(page).first().waitFor();
    return `sample study of ${PHANTOM_TRUTH.geometry.slices} slices, sealed`;
  });
  await guide.step('open', page, async () => {
    await steps.searchAndOpen(page, 'phantom');
    return `image ${await steps.figure(steps.viewport(page), 'slice')} is shown`;
  });
  await guide.step('scroll', page, async () => {
    const view = steps.viewport(page);
    await page.keyboard.press('End');
    await steps.shown(view, PHANTOM_TRUTH.geometry.slices);
    await page.keyboard.press('Home');
    await steps.shown(view, 1);
    await steps.toSlice(page, insert('nodule').slice + 1);
    return `first, last and image ${insert('nodule').slice + 1}`;
  });
  await guide.step('window', page, async () => {
    await page.keyboard.press('2');
    await steps.viewport(page).and(page.locator('[data-window="1500/-600"]')).waitFor();
    return 'lung window 1500/-600';
  });
}

async function secondHalf(guide: Guide, { page }: Vitrine): Promise<void> {
  await guide.step('measure', page, async () => {
    await page.keyboard.press('1');
    return await measure(page);
  });
  await guide.step('lock', page, async () => {
    await page.locator('[data-save="saved"]').first().waitFor();
    await page.keyboard.press('Control+l');
    await steps.onScreen(page, 'locked');
    return 'nothing of the study is on the screen';
  });
  await guide.step('unlock', page, async () => {
    await steps.unlock(page);
    await steps.onScreen(page, 'list');
    return 'unlocked by the passphrase';
  });
  await guide.step('measurement-again', page, async () => {
    await steps.searchAndOpen(page, 'phantom');
    await marks(page).nth(1).waitFor();
    await marks(page).nth(1).locator('.measure-go').click();
    await steps.shown(steps.viewport(page), insert('rod-contrast').slice + 1);
    return await readMarks(page);
  });
}

/**
 * The guided demonstration: the workstation's main job, driven from outside as a person drives it, on the display of the
 * session that it runs in. Leaves screenshots and `report.json` in `outDir`; a step that failed says so there.
 */
export async function runDemo(outDir: string): Promise<DemoReport> {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const runtime = await findRuntime();
  const guide = new Guide(runtime === null ? 'no runtime' : runtimeLine(runtime), outDir);
  const profile = await createProfile();
  const vitrine = await launch(profile);
  try {
    await resize(vitrine, 1280, 720);
    await firstHalf(guide, vitrine);
    await secondHalf(guide, vitrine);
  } finally {
    await quit(vitrine).catch(() => undefined);
    await removeProfile(profile);
  }
  await writeReport(outDir, guide.report);
  return guide.report;
}
