import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { say, seededRandom } from '../command.ts';
import { ask, createProfile, importPaths, launch, type Profile, quit } from '../e2e/app.ts';
import { createVault, onScreen, search, searchAndOpen, studyRows } from '../e2e/steps.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { writeStudy } from '../study.ts';
import { buildPlainApp } from './plain-app.ts';
import { limitRow, percentile, type Row, row } from './row.ts';

/** Random slices that are asked for after the first image. */
const JUMPS = 80;
/** A slice must be there in this many milliseconds, 95 times in 100. */
const JUMP_LIMIT_MS = 50;

interface Sources {
  readonly folder: string;
  readonly what: string;
}

/** A person's machine with two studies on it. */
interface Prepared {
  readonly profile: Profile;
  /** A word that finds the study to be measured and no other. */
  readonly word: string;
}

/** A profile with the study to be measured and a small one that warms the code up. */
async function prepare(parent: string, source: Sources, app?: string): Promise<Prepared> {
  const profile = await createProfile(parent);
  const warm = join(parent, 'warm');
  await writeStudy(warm, { seed: 'warm', matrix: 64, slices: 4, patient: { name: 'WARM^Up' } });
  const vitrine = await launch(profile, app === undefined ? {} : { app });
  await createVault(vitrine.page);
  await importPaths(vitrine, [warm]);
  const { studyIds } = await importPaths(vitrine, [source.folder]);
  const { study } = await ask(vitrine.page, 'studies.details', { studyId: studyIds[0] ?? '' });
  await quit(vitrine);
  return { profile, word: study.patientId };
}

/** Milliseconds from Enter on the list to the first image of the study on the screen. */
async function firstImage(page: Page, word: string): Promise<number> {
  await search(page).fill(word);
  await studyRows(page).filter({ hasText: 'WARM' }).waitFor({ state: 'detached' });
  await search(page).press('ArrowDown');
  return await page.evaluate(async () => {
    const drawn = new Promise<void>((resolve) => {
      document.addEventListener(
        'CORNERSTONE_STACK_NEW_IMAGE',
        () => {
          document.addEventListener('CORNERSTONE_IMAGE_RENDERED', () => requestAnimationFrame(() => resolve()), {
            capture: true,
            once: true,
          });
        },
        { capture: true, once: true },
      );
    });
    const started = performance.now();
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }),
    );
    await drawn;
    return performance.now() - started;
  });
}

/** Milliseconds of each jump: from the slider's move to that slice's own picture. */
async function jumps(page: Page, slices: readonly number[]): Promise<number[]> {
  return await page.evaluate(async (targets) => {
    const slider = document.querySelector<HTMLInputElement>('[data-viewport="1"] input[type=range]');
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    const times: number[] = [];
    for (const target of targets) {
      const drawn = new Promise<void>((resolve) => {
        document.addEventListener(
          'CORNERSTONE_STACK_NEW_IMAGE',
          (event) => {
            if ((event as CustomEvent<{ imageIdIndex: number }>).detail.imageIdIndex !== target) return;
            document.addEventListener('CORNERSTONE_IMAGE_RENDERED', () => resolve(), { capture: true, once: true });
          },
          { capture: true },
        );
      });
      const started = performance.now();
      value?.set?.call(slider, String(target + 1));
      slider?.dispatchEvent(new Event('input', { bubbles: true }));
      await drawn;
      times.push(performance.now() - started);
      // A reader looks before moving on.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return times;
  }, slices);
}

async function openOnce({ profile, word }: Prepared, app?: string): Promise<{ first: number; jumps: number[] }> {
  const vitrine = await launch(profile, app === undefined ? {} : { app });
  const { page } = vitrine;
  await onScreen(page, 'list');
  await searchAndOpen(page, 'warm');
  await page.keyboard.press('Alt+Home');
  await onScreen(page, 'list');
  const first = await firstImage(page, word);
  const random = seededRandom(7);
  const slices = Array.from({ length: 120 }, (_, i) => i + 1)
    .sort(() => random() - 0.5)
    .slice(0, JUMPS);
  const times = app === undefined ? await jumps(page, slices) : [];
  await quit(vitrine);
  return { first, jumps: times };
}

async function source(parent: string): Promise<Sources> {
  const real = sharedData('dicom/series/ct-chest-covid');
  if (real !== null) return { folder: real, what: 'the 148-slice chest CT (JPEG Lossless)' };
  const folder = join(parent, 'ct');
  await writeStudy(folder, { seed: 'view', slices: 148, patient: { id: 'MEASURED' } });
  return { folder, what: 'a generated CT of 148 slices (the test data is not beside the checkout)' };
}

/** Rows `first-image` and `scroll-random`. */
export async function benchView(rounds: number): Promise<Row[]> {
  const parent = await mkdtemp(join(tmpdir(), 'vitrine-bench-view-'));
  try {
    const plainApp = await buildPlainApp();
    const study = await source(parent);
    const sealed = await prepare(parent, study);
    const plain = await prepare(parent, study, plainApp);
    const samples = { ours: [] as number[], peer: [] as number[], p95: [] as number[], all: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      samples.peer.push((await openOnce(plain, plainApp)).first);
      const opened = await openOnce(sealed);
      samples.ours.push(opened.first);
      samples.p95.push(percentile(opened.jumps, 0.95));
      samples.all.push(...opened.jumps);
      say(
        `round ${round + 1} of ${rounds}: first image ${opened.first.toFixed(0)} ms, p95 ${samples.p95.at(-1)?.toFixed(0)} ms`,
      );
    }
    return [
      row({
        id: 'first-image',
        what: `from Enter on the list to the first image of ${study.what}; peer: the same application on plain files`,
        unit: 'ms',
        better: 'lower',
        goal: 1.1,
        ours: samples.ours,
        peer: samples.peer,
      }),
      limitRow({
        id: 'scroll-random',
        what: `a random slice after the first image, p95 of ${JUMPS} slices a round, software rendering; limit ${JUMP_LIMIT_MS} ms`,
        unit: 'ms',
        ours: samples.p95,
        limit: JUMP_LIMIT_MS,
        details: {
          medianMs: Number(percentile(samples.all, 0.5).toFixed(1)),
          p95AllMs: Number(percentile(samples.all, 0.95).toFixed(1)),
        },
      }),
    ];
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
