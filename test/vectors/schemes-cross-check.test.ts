import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../core/schemes/aes-gcm.ts';
import { shannonEntropy } from '../../core/schemes/metrics/entropy.ts';
import { histogramTest } from '../../core/schemes/metrics/histogram.ts';
import { bitsOf } from '../../core/schemes/metrics/sp800-22/battery.ts';
import { frequency, runs } from '../../core/schemes/metrics/sp800-22/frequency.ts';
import { serial } from '../../core/schemes/metrics/sp800-22/serial.ts';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import { bytePlanes, sampleBytes } from '../../core/schemes/picture.ts';
import { seededFill, seededKey } from '../../core/schemes/random.ts';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';

/** Debian's programs: other people's code on the same bytes. */
const ENT = 'ent';
const DIEHARDER = 'dieharder';

function installed(program: string): boolean {
  try {
    execFileSync(program, ['-h'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

const folder = mkdtempSync(join(tmpdir(), 'cross-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refuse = (): never => {
  throw new Error('no JPEG here');
};
const tools = { engine: createPlatformEngine(seededFill(2)), jpeg: { id: 'none', encode: refuse, decode: refuse } };
const plain = chestPhantom({ side: 256, patient: 1 });
const { cipher } = aesGcm.encrypt(plain, { key: seededKey(2), values: {}, tools });

describe('ent', () => {
  it.skipIf(!installed(ENT)).each([
    ['plain', plain],
    ['cipher', cipher],
  ] as const)('agrees on entropy and chi-square of the %s', (name, picture) => {
    const file = join(folder, name);
    writeFileSync(file, sampleBytes(picture));
    const [, line = ''] = execFileSync(ENT, ['-t', file], { encoding: 'utf8' }).trim().split('\n');
    const [, bytes, entropy, chiSquare] = line.split(',').map(Number);
    const [plane] = bytePlanes(picture);
    expect(bytes).toBe(65_536);
    expect(shannonEntropy(plane?.bytes ?? new Uint8Array(), 256)).toBeCloseTo(entropy ?? 0, 5);
    expect(histogramTest(plane as never).chiSquare / (chiSquare ?? 0)).toBeCloseTo(1, 5);
  });
});

describe('dieharder', () => {
  it.skipIf(!installed(DIEHARDER))(
    'finds nothing in the cipher where our tests find nothing',
    () => {
      const file = join(folder, 'stream');
      // A key stream of 4 MB: dieharder rewinds shorter files and then finds the repetition.
      const zeros = { ...plain, columns: 2048, rows: 2048, samples: new Uint16Array(2 ** 22) };
      const stream = aesGcm.encrypt(zeros, { key: seededKey(3), values: {}, tools }).cipher;
      writeFileSync(file, sampleBytes(stream));
      // 100 and 101 are the frequency and the runs test of NIST's suite, 102 its serial test.
      for (const test of ['100', '101']) {
        const told = execFileSync(DIEHARDER, ['-d', test, '-g', '201', '-f', file, '-p', '10', '-t', '100000'], {
          encoding: 'utf8',
        });
        expect(told).not.toMatch(/FAILED/);
      }
      const bits = bitsOf(sampleBytes(stream).subarray(0, 125_000));
      for (const p of [frequency(bits), runs(bits), ...serial(bits)]) expect(p).toBeGreaterThan(1e-4);
    },
    60_000,
  );
});
