import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PixelFormat } from '../../core/dicom/types.ts';
import { VitrineError } from '../../core/errors.ts';
import { mutate } from '../../test/fixtures/dicom.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { decodeFrame } from './decode-frame.ts';

/** The encoders of Cornerstone's codec packages: the same interface but for the quality switch. */
interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  delete(): void;
  setNearLossless?(error: number): void;
  setQuality(reversible: boolean, step: number): void;
}

type Factory = (options: object) => Promise<Record<string, new () => Encoder>>;

const require = createRequire(import.meta.url);
const ROWS = 33;
const COLUMNS = 47;
const JPEG_LS = '1.2.840.10008.1.2.4.80';
const JPEG_2000 = '1.2.840.10008.1.2.4.90';
const HTJ2K = '1.2.840.10008.1.2.4.201';

const ENCODERS: Record<string, { packages: string; name: string }> = {
  [JPEG_LS]: { packages: '@cornerstonejs/codec-charls', name: 'JpegLSEncoder' },
  [JPEG_2000]: { packages: '@cornerstonejs/codec-openjpeg', name: 'J2KEncoder' },
  [HTJ2K]: { packages: '@cornerstonejs/codec-openjph', name: 'HTJ2KEncoder' },
};

function format(change: Partial<PixelFormat> = {}): PixelFormat {
  return {
    rows: ROWS,
    columns: COLUMNS,
    frames: 1,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    signed: false,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    element: 'encapsulated',
    bigEndian: false,
    vr: 'OW',
    ...change,
  };
}

/** A frame with slopes and edges, so that every codec has something to do. */
function frame(form: PixelFormat): Uint8Array {
  const count = form.rows * form.columns * form.samplesPerPixel;
  const values = Array.from({ length: count }, (_, at) => (at * at * 7 + (at % 13) * 250) % 2 ** form.bitsStored);
  return form.bitsAllocated === 16 ? new Uint8Array(Uint16Array.from(values).buffer) : Uint8Array.from(values);
}

async function encode(uid: string, form: PixelFormat, pixels: Uint8Array): Promise<Uint8Array> {
  const { packages, name } = ENCODERS[uid] as { packages: string; name: string };
  const { default: factory } = (await import(`${packages}/wasmjs`)) as { default: Factory };
  const silent = (): void => undefined;
  const codec = await factory({ wasmBinary: readFileSync(require.resolve(`${packages}/wasm`)), print: silent });
  const encoder = new (codec[name] as new () => Encoder)();
  const info = {
    width: form.columns,
    height: form.rows,
    bitsPerSample: form.bitsStored,
    componentCount: form.samplesPerPixel,
    isSigned: form.signed,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(info).set(pixels);
  if (encoder.setNearLossless) encoder.setNearLossless(0);
  else encoder.setQuality(true, 0);
  encoder.encode();
  const stream = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return stream;
}

describe('decodeFrame', () => {
  const forms = { '12 of 16 bits': format(), '8 bits': format({ bitsAllocated: 8, bitsStored: 8, highBit: 7 }) };
  const cases = Object.keys(ENCODERS).flatMap((uid) =>
    Object.entries(forms).map(([name, form]) => ({ uid, name, form })),
  );

  it.each(cases)('gives back what was encoded: $uid, $name', async ({ uid, form }) => {
    const pixels = frame(form);
    const bytes = await encode(uid, form, pixels);
    const decoded = await decodeFrame({ transferSyntaxUid: uid, bytes, format: form, bitOffset: 0 });
    expect(Buffer.from(decoded).equals(pixels)).toBe(true);
  });

  it('inflates deflated frames, and no further than a frame', async () => {
    const form = format({ bitsStored: 16, highBit: 15 });
    const pixels = frame(form);
    const uid = '1.2.840.10008.1.2.8.1';
    const decoded = await decodeFrame({
      transferSyntaxUid: uid,
      bytes: deflateRawSync(pixels),
      format: form,
      bitOffset: 0,
    });
    expect(Buffer.from(decoded).equals(pixels)).toBe(true);
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    const refused = decodeFrame({ transferSyntaxUid: uid, bytes: bomb, format: form, bitOffset: 0 });
    await expect(refused).rejects.toMatchObject({ code: 'dicom/inflate-limit' });
  });

  it('finds one-bit frames that begin inside a byte', async () => {
    const form = format({ rows: 3, columns: 3, bitsAllocated: 1, bitsStored: 1, highBit: 0, element: 'native' });
    const bytes = Uint8Array.of(0b10100000, 0b00001101);
    const decoded = await decodeFrame({ transferSyntaxUid: '1.2.840.10008.1.2.1', bytes, format: form, bitOffset: 5 });
    expect([...decoded]).toEqual([1, 0, 1, 1, 0, 1, 1, 0, 0]);
  });

  it('refuses a stream of another size before a decoder sees it', async () => {
    const bytes = await encode(JPEG_LS, format(), frame(format()));
    const refused = decodeFrame({ transferSyntaxUid: JPEG_LS, bytes, format: format({ rows: 34 }), bitOffset: 0 });
    await expect(refused).rejects.toMatchObject({ code: 'dicom/codestream-size' });
  });

  it('throws its own codes on damaged streams', { timeout: 60_000 }, async () => {
    for (const uid of Object.keys(ENCODERS)) {
      const bytes = await encode(uid, format(), frame(format()));
      const property = fc.asyncProperty(fc.nat(), async (seed) => {
        const damaged = new Uint8Array(mutate(bytes, seed));
        await decodeFrame({ transferSyntaxUid: uid, bytes: damaged, format: format(), bitOffset: 0 }).catch(
          (error: unknown) => expect(error).toBeInstanceOf(VitrineError),
        );
      });
      await assertProperty(property, { numRuns: 15 });
    }
  });
});
