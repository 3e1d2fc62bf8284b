import type { Page } from '@playwright/test';
import { viewport } from './steps.ts';

/** A place in the image: column and row, whole numbers are pixel centres, the first pixel is 0. */
export type Pixel = readonly [number, number];

/**
 * Where a pixel of the fitted image lies in the window. Holds while the image is neither panned, flipped nor rotated: it is
 * then centred, and `data-zoom` is the size of an image pixel.
 */
export async function place(
  page: Page,
  [column, row]: Pixel,
  size: number,
  number = 1,
  rows = size,
): Promise<[number, number]> {
  const image = viewport(page, number).locator('.viewport-image');
  const box = await image.boundingBox();
  if (box === null) throw new Error('the viewport has no place on the screen');
  const zoom = Number(await viewport(page, number).getAttribute('data-zoom'));
  const shape = Number(await viewport(page, number).getAttribute('data-shape'));
  const [across, down] = [column - (size - 1) / 2, row - (rows - 1) / 2];
  return [box.x + box.width / 2 + across * zoom, box.y + box.height / 2 + down * zoom * shape];
}

/** Presses a key of the image grid: the grid has the focus while a study is read. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Drags from one pixel to another with the tool that is chosen. */
async function drag(page: Page, from: Pixel, to: Pixel, size = 512, number = 1): Promise<void> {
  const [x0, y0] = await place(page, from, size, number);
  const [x1, y1] = await place(page, to, size, number);
  await page.mouse.move(x0, y0);
  await page.mouse.down();
  await page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2, { steps: 4 });
  await page.mouse.move(x1, y1, { steps: 4 });
  await page.mouse.up();
}

/** Measures a length between two pixels. */
export async function drawLength(page: Page, from: Pixel, to: Pixel, size = 512, number = 1): Promise<void> {
  await press(page, 'd');
  await drag(page, from, to, size, number);
}

/** A circle around a pixel: the ellipse tool draws from the centre outwards. */
export async function drawEllipse(page: Page, [column, row]: Pixel, radius: number, size = 512): Promise<void> {
  await press(page, 'e');
  await drag(page, [column, row], [column + radius, row + radius], size);
}

/** A text mark at a pixel. */
export async function placeText(page: Page, at: Pixel, words: string, size = 512): Promise<void> {
  await press(page, 'b');
  const [x, y] = await place(page, at, size);
  await page.mouse.click(x, y);
  const editor = page.locator('.mark-editor:focus');
  await editor.waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await editor.waitFor({ state: 'detached' });
}

/** Rows of the measurement panel. */
export function marks(page: Page) {
  return page.locator('.measure-row');
}
