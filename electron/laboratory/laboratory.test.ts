import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labListReport, labRunReport } from '../../core/contract/lab.ts';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import type { PixelFormat } from '../../core/dicom/types.ts';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import { range } from '../../core/schemes/picture.ts';
import { seededFill, seededKey } from '../../core/schemes/random.ts';
import type { Tools } from '../../core/schemes/scheme.ts';
import { SYSTEMS, schemeOf } from '../../core/systems/registry.ts';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import { createPlatformEngine } from '../crypto/platform-engine.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { pictureFromFile, pictureFromFrame } from './picture-file.ts';
import { type LabOptions, listSystems, runAttack, runScheme } from './reports.ts';

const OPTIONS: LabOptions = { chosen: {}, window: null, nist: false, timing: false, seed: 1 };
let tools: Tools;
let folder = '';

beforeAll(async () => {
  tools = { engine: createPlatformEngine(seededFill(1)), jpeg: await createJpegCodec() };
  folder = await mkdtemp(join(tmpdir(), 'laboratory-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function format(change: Partial<PixelFormat>): PixelFormat {
  const depth = { bitsAllocated: 16, bitsStored: 12, highBit: 11, signed: false, samplesPerPixel: 1 };
  const rest = {
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    element: 'native',
    bigEndian: false,
  } as const;
  return { rows: 1, columns: 2, frames: 1, vr: 'OW', ...depth, ...rest, ...change };
}

describe('pictures from files', () => {
  it('moves signed values up by half their range and clears what stands beside them', () => {
    const bytes = Uint8Array.of(0xff, 0xff, 0x01, 0xf0);
    expect([...pictureFromFrame({ format: format({ signed: true }), bytes }).samples]).toEqual([2047, 2049]);
    expect([...pictureFromFrame({ format: format({}), bytes }).samples]).toEqual([4095, 1]);
    const high = format({ highBit: 15, bitsStored: 12 });
    expect([...pictureFromFrame({ format: high, bytes: Uint8Array.of(0x10, 0, 0xf0, 0xff) }).samples]).toEqual([
      1, 4095,
    ]);
  });

  it('refuses what the Laboratory can not take, with a sentence', () => {
    const bytes = new Uint8Array(16);
    for (const change of [{ element: 'float' as const }, { bitsAllocated: 32, bitsStored: 32 }])
      expect(() => pictureFromFrame({ format: format(change), bytes })).toThrow('up to 16 bits');
    expect(() => pictureFromFrame({ format: format({ samplesPerPixel: 2 }), bytes })).toThrow('1 or 3 samples');
  });

  it('reads DICOM and JPEG, and names a file that is neither', async () => {
    const [slice] = [...phantomStudy({ matrix: 64, slices: 1 })];
    await writeFile(join(folder, 'a.dcm'), slice?.bytes ?? '');
    const dicom = await pictureFromFile(join(folder, 'a.dcm'), 0, tools.jpeg);
    expect(dicom).toMatchObject({ source: 'dicom', picture: { columns: 64, rows: 64, channels: 1 } });
    expect(range(dicom.picture).high).toBeGreaterThan(1000);
    await expect(pictureFromFile(join(folder, 'a.dcm'), 1, tools.jpeg)).rejects.toThrow('1 frames');
    const chest = chestPhantom({ side: 64, patient: 1 });
    await writeFile(join(folder, 'a.jpg'), tools.jpeg.encode(chest, 90));
    expect((await pictureFromFile(join(folder, 'a.jpg'), 0, tools.jpeg)).source).toBe('jpeg');
    await writeFile(join(folder, 'a.txt'), 'neither');
    await expect(pictureFromFile(join(folder, 'a.txt'), 0, tools.jpeg)).rejects.toMatchObject({
      code: 'schemes/file',
    });
    await writeFile(join(folder, 'b.jpg'), Uint8Array.of(0xff, 0xd8, 0xff, 0, 0));
    await expect(pictureFromFile(join(folder, 'b.jpg'), 0, tools.jpeg)).rejects.toThrow('no JPEG');
  });
});

describe('reports', () => {
  it('list the registry in the shape of the contract', () => {
    const ids = labListReport.parse(listSystems()).systems.map(({ id }) => id);
    expect(ids).toEqual(SYSTEMS.map(({ id }) => id));
  });

  it('window deep pictures for schemes that take 8 bits, and say so', () => {
    const deep = { ...chestPhantom({ side: 64, patient: 1 }), bits: 12 };
    const samples = deep.samples.map((value) => value * 8);
    const given = { key: seededKey(1), tools };
    const { run } = runScheme(schemeOf('ahmad-perceptual'), { ...deep, samples }, given, OPTIONS);
    expect(run.windowed?.high).toBeGreaterThan(1000);
    expect(run.labels.fidelity).toBe('bounded');
    const { run: chosen } = runScheme(schemeOf('ahmad-perceptual'), { ...deep, samples }, given, {
      ...OPTIONS,
      window: { low: 100, high: 900 },
    });
    expect(chosen.windowed).toEqual({ low: 100, high: 900 });
    expect(runScheme(schemeOf('gaudio-deepfixcx'), { ...deep, samples }, given, OPTIONS).run.windowed).toBeNull();
    const scheme = schemeOf('ahmad-perceptual');
    const { report: attack } = runAttack(scheme, scheme.attacks[0] as never, { ...deep, samples }, given, OPTIONS);
    expect(attack.envelope.succeeded).toBe(false);
    expect(attack.parameters['permutation']).toBe('16');
  });

  it.skipIf(sharedData('chest-xray') === null)(
    'real radiographs: the sub-block scheme costs less than a quarter of the conventional one',
    async () => {
      const scheme = schemeOf('ahmad-perceptual');
      const { picture } = await pictureFromFile(
        sharedData('chest-xray/no_findings/no_findings-04dcca97.jpg') ?? '',
        0,
        tools.jpeg,
      );
      const given = { key: seededKey(1), tools };
      const overhead = (chosen: Record<string, string>): number => {
        const values = { ...Object.fromEntries(scheme.parameters.map((one) => [one.name, one.default])), ...chosen };
        return scheme.encrypt(picture, { ...given, values }).payload.length / tools.jpeg.encode(picture, 75).length - 1;
      };
      expect(overhead({})).toBeLessThan(overhead({ permutation: '4', rotation: '4', negative: '4' }) / 4);
    },
  );
});

describe('vitrine lab', () => {
  const call = (...args: string[]) =>
    promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      fileURLToPath(new URL('../cli.ts', import.meta.url)),
      'lab',
      ...args,
    ]);

  it('prints one document, the same again with the same seed', async () => {
    const args = ['run', 'aes-256-gcm', '--phantom', '32', '--seed', '5', '--json'];
    const [first, second] = await Promise.all([call(...args), call(...args)]);
    expect(first.stdout).toBe(second.stdout);
    expect(labRunReport.parse(JSON.parse(first.stdout)).run.labels.fidelity).toBe('lossless');
  }, 60_000);

  it('ends with 2 and says what is missing', async () => {
    const failed = await call('run', 'ahmad-perceptual', '--json').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 2, stdout: expect.stringContaining('give --phantom') });
  }, 60_000);
});
