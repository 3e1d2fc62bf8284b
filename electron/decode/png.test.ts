import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VitrineError } from '../../core/errors.ts';
import { png } from '../../test/fixtures/png.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { decodePng, isPng } from './png.ts';

/** Filters a line as an encoder does, from the specification's own words (9.2). */
function filtered(filter: number, line: Uint8Array, above: Uint8Array, step: number): number[] {
  return [
    filter,
    ...line.map((value, i) => {
      const [a, b, c] = [line[i - step] ?? 0, above[i] ?? 0, i >= step ? (above[i - step] ?? 0) : 0];
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      return (value - ([0, a, b, (a + b) >> 1, paeth][filter] ?? 0)) & 255;
    }),
  ];
}

describe('PNG', () => {
  it('undoes every filter, for every depth and kind of colour', async () => {
    await assertProperty(
      fc.property(
        fc.constantFrom([0, 8, 1], [0, 16, 2], [2, 8, 3], [2, 16, 6], [4, 8, 2], [6, 8, 4]),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        ([colour, depth, step] = [0, 8, 1], columns, filters, values) => {
          const lines = filters.map(() => Uint8Array.from({ length: columns * step }, () => values.next().value ?? 0));
          const raw = filters.flatMap((filter, i) =>
            filtered(filter, lines[i] as Uint8Array, lines[i - 1] ?? new Uint8Array(columns * step), step),
          );
          const made = { columns, rows: filters.length, depth, colour, raw: Uint8Array.from(raw) };
          const picture = decodePng(png(made));
          const wide = depth === 16 ? 2 : 1;
          const stored = step / wide;
          const channels = stored >= 3 ? 3 : 1;
          expect(picture).toMatchObject({ columns, rows: filters.length, channels, bits: depth });
          const expected = lines.flatMap((line) =>
            Array.from({ length: columns * channels }, (_, n) => {
              const at = (Math.floor(n / channels) * stored + (n % channels)) * wide;
              return wide === 2 ? ((line[at] ?? 0) << 8) | (line[at + 1] ?? 0) : (line[at] ?? 0);
            }),
          );
          expect([...picture.samples]).toEqual(expected);
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  it('unpacks bits and palettes', () => {
    const bits = decodePng(png({ columns: 4, rows: 1, depth: 2, colour: 0, raw: Uint8Array.of(0, 0b00_01_10_11) }));
    expect([...bits.samples]).toEqual([0, 1, 2, 3]);
    expect(bits.bits).toBe(2);
    const palette = Uint8Array.of(1, 2, 3, 40, 50, 60);
    const coloured = decodePng(
      png({ columns: 2, rows: 1, depth: 1, colour: 3, raw: Uint8Array.of(0, 0b0100_0000), palette }),
    );
    expect([...coloured.samples]).toEqual([1, 2, 3, 40, 50, 60]);
  });

  it('refuses what is interlaced, too large or damaged, with a code of its own', () => {
    const fine = { columns: 2, rows: 1, depth: 8, colour: 0, raw: Uint8Array.of(0, 1, 2) };
    expect(() => decodePng(png({ ...fine, interlaced: true }))).toThrow('interlacing');
    expect(() => decodePng(png({ ...fine, columns: 60_000, rows: 60_000 }))).toThrow('too large');
    expect(() => decodePng(png({ ...fine, raw: Uint8Array.of(9, 1, 2) }))).toThrow('damaged');
    expect(() => decodePng(png({ ...fine, raw: new Uint8Array(1000) }))).toThrow('damaged');
    expect(() => decodePng(png({ ...fine, colour: 3 }))).toThrow('damaged');
    expect(isPng(png(fine))).toBe(true);
    expect(isPng(Uint8Array.of(0xff, 0xd8, 0xff))).toBe(false);
  });

  it('answers or refuses whatever it is given', async () => {
    const fine = png({ columns: 8, rows: 8, depth: 8, colour: 2, raw: new Uint8Array(8 * 25) });
    await assertProperty(
      fc.property(fc.integer({ min: 0, max: fine.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(fine);
        bytes[at] = (bytes[at] as number) ^ change;
        try {
          decodePng(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(VitrineError);
        }
      }),
      { seed: 12, numRuns: 500 },
    );
  });
});
