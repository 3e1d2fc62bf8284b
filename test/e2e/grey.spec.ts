import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type NaturalDataset, writePart10 } from '../../core/dicom/phantom/part10-writer.ts';
import { derivedUid } from '../../core/dicom/phantom/uid.ts';
import { importPaths } from './app.ts';
import { press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

/** Stored values of an image whose columns are bands of one value each. */
const BANDS = [0, 40, 50, 75, 100, 125, 150, 255] as const;
const BAND = 16;
const SIDE = BANDS.length * BAND;

function bands(name: string, voi: NaturalDataset): Uint8Array {
  const pixels = new Uint16Array(SIDE * SIDE);
  for (let i = 0; i < pixels.length; i++) pixels[i] = BANDS[Math.floor((i % SIDE) / BAND)] as number;
  const dataset = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.1',
    SOPInstanceUID: derivedUid(`grey/${name}`),
    StudyInstanceUID: derivedUid(`grey/${name}/study`),
    SeriesInstanceUID: derivedUid(`grey/${name}/series`),
    PatientName: `GREY^${name}`,
    PatientID: name,
    StudyDate: '20240101',
    Modality: 'CR',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: SIDE,
    Columns: SIDE,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    ...voi,
  };
  const bytes = new Uint8Array(pixels.buffer);
  return writePart10(dataset, '1.2.840.10008.1.2.1', { vr: 'OW', bytes });
}

/** Grey levels in the middle of each band, as they are drawn. */
async function drawnBands(page: Page): Promise<number[]> {
  return await page.evaluate((count) => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-viewport="1"] .viewport-image canvas');
    const pixels = canvas?.getContext('2d');
    if (canvas === null || pixels == null) throw new Error('nothing is drawn');
    const zoom = Number(document.querySelector<HTMLElement>('[data-viewport="1"]')?.dataset['zoom']) * devicePixelRatio;
    const levels: number[] = [];
    for (let band = 0; band < count; band++) {
      const x = canvas.width / 2 + (band + 0.5 - count / 2) * 16 * zoom;
      levels.push(pixels.getImageData(Math.round(x), Math.round(canvas.height / 2), 1, 1).data[0] ?? -1);
    }
    return levels;
  }, BANDS.length);
}

test('sigmoid windows and tables of the file are drawn as the standard says, pixel by pixel', async ({ start }) => {
  const vitrine = await start();
  const { page, profile } = vitrine;
  const folder = join(profile.folder, 'grey');
  await mkdir(folder, { recursive: true });
  const table = Array.from({ length: 101 }, (_, i) => Math.round((4095 * i ** 2) / 10_000));
  const files = {
    SIGMOID: { WindowCenter: '100', WindowWidth: '50', VOILUTFunction: 'SIGMOID' },
    EXACT: { WindowCenter: '100', WindowWidth: '50', VOILUTFunction: 'LINEAR_EXACT' },
    TABLE: {
      VOILUTSequence: [
        { LUTDescriptor: [101, 50, 12], LUTExplanation: 'square', LUTData: new Uint16Array(table).buffer },
      ],
    },
  };
  for (const [name, voi] of Object.entries(files)) await writeFile(join(folder, `${name}.dcm`), bands(name, voi));
  await steps.createVault(page);
  await importPaths(vitrine, [folder]);
  await page.getByRole('button', { name: 'Dismiss' }).click();

  const near = async (name: string, truth: (value: number) => number): Promise<void> => {
    await steps.searchAndOpen(page, name);
    await press(page, 'I', 'I', 'f');
    const wrong = async (): Promise<string[]> => {
      const drawn = await drawnBands(page);
      return BANDS.flatMap((value, i) => {
        const off = Math.abs((drawn[i] ?? -1) - truth(value));
        return off <= 1 ? [] : [`${name} ${value}: ${drawn[i]} for ${truth(value).toFixed(1)}`];
      });
    };
    await expect.poll(wrong).toEqual([]);
    await press(page, 'I', 'Alt+Home');
    await steps.onScreen(page, 'list');
  };
  await near('sigmoid', (value) => 255 / (1 + Math.exp((-4 * (value - 100)) / 50)));
  await near('exact', (value) => Math.min(255, Math.max(0, ((value - 75) / 50) * 255)));
  await near('table', (value) => ((table[Math.min(100, Math.max(0, value - 50))] as number) / 4095) * 255);
});
