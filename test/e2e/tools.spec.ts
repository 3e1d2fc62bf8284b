import type { Page } from '@playwright/test';
import { PHANTOM_TRUTH } from '../../core/dicom/phantom/truth.ts';
import { ask } from './app.ts';
import { drawLength, marks, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** The middle of the lower body is water around its centre: 0 HU, whatever the region's shape. */
const WATER_SLICE = 21;
const MM = PHANTOM_TRUTH.geometry.pixelSpacing;

const moved = (key: string) => (pixels: number) => Array<string>(pixels / 10).fill(`Shift+Arrow${key}`);
const right = moved('Right');
const left = moved('Left');
const down = moved('Down');

interface Tool {
  readonly kind: string;
  readonly keys: readonly string[];
  /** What the mark must measure, by construction: name and value. */
  readonly truth: Readonly<Record<string, readonly [number, number]>>;
}

/** Each tool by keys alone, whose pixels are exact. The second number is the tolerance. */
const TOOLS: readonly Tool[] = [
  { kind: 'length', keys: ['d', 'Enter', 'Enter', ...right(40), 'Enter'], truth: { length: [40 * MM, 0.01] } },
  {
    kind: 'angle',
    keys: ['a', 'Enter', 'Enter', ...right(20), 'Enter', ...down(20), 'Enter'],
    truth: { angle: [90, 0.01] },
  },
  {
    kind: 'cobb',
    keys: ['Shift+A', 'Enter', 'Enter', ...right(40), 'Enter', ...left(20), 'Enter', ...down(40), 'Enter'],
    truth: { angle: [90, 0.01] },
  },
  {
    kind: 'bidirectional',
    keys: ['Shift+D', 'Enter', 'Enter', ...right(40), 'Enter', ...left(20), 'Enter', ...down(20), 'Enter'],
    truth: { length: [40 * MM, 0.01], 'short-axis': [20 * MM, 0.01] },
  },
  {
    kind: 'rectangle',
    keys: ['Shift+E', 'Enter', 'Enter', ...right(20), ...down(10), 'Enter'],
    truth: { mean: [0, 0], std: [0, 0], area: [200 * MM * MM, 32 * MM * MM] },
  },
  {
    kind: 'ellipse',
    keys: ['e', 'Enter', 'Enter', ...right(20), ...down(20), 'Enter'],
    truth: { mean: [0, 0], std: [0, 0], area: [Math.PI * 100 * MM * MM, 32 * MM * MM] },
  },
  { kind: 'probe', keys: ['x', 'Enter', ...right(10), 'Enter'], truth: { value: [0, 0] } },
];

async function everyMark(page: Page, studyId: string) {
  return (await ask(page, 'annotations.load', { studyId })).annotations;
}

test('every measuring tool gives by keys what is true by construction, in its unit', async ({ start }) => {
  const { page } = await start();
  const studyId = await steps.openSample(page);
  await steps.toSlice(page, WATER_SLICE);
  await page.getByRole('application').focus();
  for (const [i, { kind, keys, truth }] of TOOLS.entries()) {
    await press(page, 'Escape', 'Escape', ...keys);
    await expect(marks(page), kind).toHaveCount(i + 1);
    await expect.poll(async () => (await everyMark(page, studyId)).length, { message: kind }).toBe(i + 1);
    const mark = (await everyMark(page, studyId)).at(-1);
    expect(mark?.kind).toBe(kind);
    for (const [name, [value, tolerance]] of Object.entries(truth)) {
      const found = mark?.measurements.find((one) => one.name === name);
      expect(Math.abs((found?.value ?? Number.NaN) - value), `${kind}: ${name} ${found?.value}`).toBeLessThanOrEqual(
        tolerance,
      );
      const units: Record<string, string> = {
        mean: "[hnsf'U]",
        value: "[hnsf'U]",
        length: 'mm',
        angle: 'deg',
        area: 'mm2',
      };
      if (name in units) expect(found?.unit, `${kind}: ${name}`).toBe(units[name]);
    }
  }
});

test('arrow, text and freehand; undo and redo are kept too', async ({ start }) => {
  const { page } = await start();
  const studyId = await steps.openSample(page);
  await steps.toSlice(page, WATER_SLICE);
  await page.getByRole('application').focus();
  await press(page, 'Shift+B', 'Enter', 'Enter', ...right(40), 'Enter');
  await expect(marks(page)).toHaveCount(1);
  await press(page, 'Escape', 'Escape', 'b', 'Enter', ...down(40), 'Enter');
  await page.locator('.mark-editor:focus').waitFor();
  await page.keyboard.type('see here');
  await press(page, 'Enter');
  await expect(marks(page)).toHaveCount(2);
  await expect(marks(page).nth(1)).toContainText('see here');

  const box = await steps.viewport(page).locator('.viewport-image').boundingBox();
  if (box === null) throw new Error('the image has no place on the screen');
  await press(page, 'Escape', 'y');
  const [x, y] = [box.x + box.width / 2 - 40, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const [dx, dy] of [
    [40, 0],
    [40, 40],
    [0, 40],
    [0, 3],
  ] as const)
    await page.mouse.move(x + dx, y + dy, { steps: 8 });
  await page.mouse.up();
  await expect(marks(page)).toHaveCount(3);

  const kinds = async () => (await everyMark(page, studyId)).map(({ kind }) => kind);
  await expect.poll(kinds).toEqual(['arrow', 'text', 'freehand']);
  await press(page, 'Control+z', 'Control+z');
  await expect.poll(kinds, 'undo reaches the disk').toEqual(['arrow']);
  await press(page, 'Control+y');
  await expect.poll(kinds, 'and so does redo').toEqual(['arrow', 'text']);
  await expect(marks(page)).toHaveCount(2);
});

test('a mark is lit while the pointer is near it, and no longer', async ({ start }) => {
  const { page } = await start();
  await steps.openSample(page);
  await drawLength(page, [200, 200], [260, 240]);
  await press(page, 'w');
  const lines = (): Promise<string> =>
    page
      .locator('.viewport .svg-layer')
      .first()
      .evaluate((layer) => layer.innerHTML);
  await page.mouse.move(5, 5);
  const label = await steps.viewport(page).locator('.mark-label').boundingBox();
  if (label === null) throw new Error('the mark has no text');
  await expect(marks(page).first()).not.toHaveClass(/measure-selected/);
  const before = await lines();
  await page.mouse.move(label.x - 10, label.y + 8);
  await expect.poll(lines, 'near its end').not.toBe(before);
  // In one jump, as a pointer leaves that is quick.
  await page.mouse.move(5, 5);
  await expect.poll(lines, 'out of the viewport').toBe(before);
});
