import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../core/dicom/read-header.ts';
import { inflateRawLimited } from '../../electron/decode/inflate.ts';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import type { Dataset } from './dataset.ts';
import { factsOf } from './facts.ts';
import { greyLevels, spanOf, tableGrey, voiTables, windowGrey } from './voi.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });

function sequence(descriptor: readonly number[], data: readonly number[], explanation = '') {
  return {
    '00283010': value('SQ', {
      '00283002': value('US', ...descriptor),
      '00283003': value('LO', explanation),
      '00283006': value('US', ...data),
    }),
  };
}

describe('a window', () => {
  // The examples of PS3.3 C.11.2.1.2.1, for an output of 0 to 255.
  it.each([
    [
      'c=2048 w=4096',
      { center: 2048, width: 4096 },
      [
        [0, 0],
        [4095, 255],
        [2047.5, 127.5],
      ],
    ],
    [
      'c=2048 w=1',
      { center: 2048, width: 1 },
      [
        [2047, 0],
        [2048, 255],
      ],
    ],
    [
      'c=0 w=100',
      { center: 0, width: 100 },
      [
        [-50, 0],
        [49, 255],
        [-0.5, 127.5],
      ],
    ],
    [
      'c=0 w=1',
      { center: 0, width: 1 },
      [
        [-1, 0],
        [0, 255],
      ],
    ],
  ] as const)('LINEAR %s', (_name, window, pairs) => {
    for (const [x, grey] of pairs) expect(windowGrey(window, 'LINEAR', x), `${x}`).toBeCloseTo(grey, 6);
  });

  it('LINEAR_EXACT counts from the centre itself', () => {
    expect(spanOf({ center: 100, width: 50 }, 'LINEAR_EXACT')).toEqual([75, 125]);
    expect(windowGrey({ center: 100, width: 50 }, 'LINEAR_EXACT', 100)).toBe(127.5);
  });

  it('SIGMOID is the curve of C.11.2.1.3.1, by hand', () => {
    const window = { center: 100, width: 50 };
    expect(windowGrey(window, 'SIGMOID', 100)).toBe(127.5);
    // 255 / (1 + e^-4) and 255 / (1 + e^4)
    expect(windowGrey(window, 'SIGMOID', 150)).toBeCloseTo(250.4134, 3);
    expect(windowGrey(window, 'SIGMOID', 50)).toBeCloseTo(4.5866, 3);
  });
});

describe('a table of the file', () => {
  it('maps what lies before and after it to its ends', () => {
    const [table] = voiTables(sequence([4, 10, 8], [0, 64, 128, 255], 'bone'), false);
    if (table === undefined) throw new Error('no table');
    expect([9, 10, 11, 12, 13, 14].map((x) => Math.round(tableGrey(table, x)))).toEqual([0, 0, 64, 128, 255, 255]);
    expect(table.explanation).toBe('bone');
  });

  it('of 12 bits reaches white at 4095, and a descriptor that its entries exceed is not believed', () => {
    const [twelve] = voiTables(sequence([3, 0, 12], [0, 2048, 4095]), false);
    expect(twelve?.white).toBe(4095);
    const [wrong] = voiTables(sequence([3, 0, 8], [0, 2048, 4095]), false);
    expect(wrong?.white).toBe(4095);
  });

  it('begins below zero where values are signed, and has 65536 entries where it says 0', () => {
    expect(voiTables(sequence([4, 65_535 - 1023, 8], [0, 1, 2, 3]), true)[0]?.first).toBe(-1024);
    expect(voiTables(sequence([4, 64_512, 8], [0, 1, 2, 3]), false)[0]?.first).toBe(64_512);
    const all = Array.from({ length: 65_536 }, (_, i) => i);
    expect(voiTables(sequence([0, 0, 16], all), false)[0]?.data).toHaveLength(65_536);
  });

  it('of 8 bits may lie two to a word', () => {
    expect(voiTables(sequence([4, 0, 8], [0x4000, 0xff80]), false)[0]?.data).toEqual([0, 64, 128, 255]);
  });
});

describe('grey levels of an image', () => {
  it('are made for what no straight line draws', () => {
    expect(greyLevels({ center: 2, width: 4 }, 'LINEAR', 0, 4)).toBeNull();
    const sigmoid = greyLevels({ center: 2, width: 4 }, 'SIGMOID', 0, 4);
    // 255 / (1 + e^2), 255 / (1 + e), the middle, and the same from above.
    expect([...(sigmoid ?? [])]).toEqual([30, 69, 128, 186, 225]);
  });

  it.skipIf(sharedData('dicom/objects/vlut_04.dcm') === null)('of vlut_04 are its table’s: 16 bits over 8', () => {
    const bytes = readFileSync(sharedData('dicom/objects/vlut_04.dcm') as string);
    const read = readHeader(bytes, bytes.length, inflateRawLimited);
    if (!('json' in read)) throw new Error('the header is not read');
    const facts = factsOf(JSON.parse(JSON.stringify(read.json)) as Dataset, 1);
    expect(facts.windows).toHaveLength(1);
    const table = facts.windows[0]?.table;
    expect(table).toMatchObject({ first: 0, white: 65_535 });
    const levels = greyLevels({ center: 128, width: 256, table: table ?? null }, 'LINEAR', 0, 255);
    // The file's entries are n * 257, which is n of 255.
    expect([...(levels ?? [])]).toEqual(Array.from({ length: 256 }, (_, n) => n));
  });
});
