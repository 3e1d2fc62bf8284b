import { describe, expect, it } from 'vitest';
import type { Picture } from '../../core/schemes/picture.ts';
import { seededNumbers } from '../../core/schemes/random.ts';
import { createJpegCodec } from './jpeg-codec.ts';

const codec = await createJpegCodec();

function noise(side: number, channels: 1 | 3, levels: number): Picture {
  const numbers = seededNumbers(side * channels + levels);
  const samples = Uint16Array.from(
    { length: side * side * channels },
    () => numbers.below(levels) * Math.floor(255 / (levels - 1)),
  );
  return { columns: side, rows: side, channels, bits: 8, samples };
}

describe('the JPEG codec of the Laboratory', () => {
  it('encodes whatever it is given, or refuses it, and works on afterwards', () => {
    const fine = noise(128, 1, 256);
    let refused = 0;
    for (const channels of [1, 3] as const)
      for (const levels of [2, 256])
        for (const side of [1, 8, 16, 24, 32, 48, 64, 96, 128])
          for (const quality of [1, 75, 95]) {
            const picture = noise(side, channels, levels);
            try {
              const back = codec.decode(codec.encode(picture, quality));
              expect(back).toMatchObject({ columns: side, rows: side, channels });
            } catch (error) {
              expect(error).toMatchObject({ code: 'schemes/too-small' });
              expect(side).toBeLessThan(96);
              refused += 1;
            }
            if (side % 32 === 0) expect(codec.decode(codec.encode(fine, 50)).samples).toHaveLength(128 * 128);
          }
    expect(refused).toBeGreaterThan(0);
  });

  it('refuses a quality that overflows, and a stream that is none', () => {
    expect(() => codec.encode(noise(64, 1, 256), 96)).toThrow('up to quality 95');
    expect(() => codec.decode(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))).toThrow('no JPEG');
  });
});
