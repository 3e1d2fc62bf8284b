import { chestPhantom } from '../phantom.ts';
import type { Attack } from '../scheme.ts';

const PATIENTS = 12;
const EXPOSURES = 3;

/** What is stored of several exposures of several patients shows which belong together. */
export const nearestImage: Attack = {
  id: 'nearest-image',
  title: 'Which stored images are of the same patient',
  source: 'distance distributions as in the authors’ code: same-patient against different-patient pairs',
  needs: 'The stored bytes of several images, of patients known or unknown. No key, no original.',
  measure: 'Kolmogorov-Smirnov distance between same-patient and different-patient distances',
  passesWhen: 'the distance is beyond what unrelated data reach once in a thousand',
  run({ secret, oracle }) {
    const side = Math.min(128, secret.columns, secret.rows);
    const stored = Array.from({ length: PATIENTS * EXPOSURES }, (_, i) => {
      const patient = Math.floor(i / EXPOSURES);
      return numbersOf(oracle(chestPhantom({ side, patient, exposure: i % EXPOSURES })).payload);
    });
    const same: number[] = [];
    const different: number[] = [];
    for (let i = 0; i < stored.length; i++)
      for (let j = 0; j < i; j++) {
        const pairs = Math.floor(i / EXPOSURES) === Math.floor(j / EXPOSURES) ? same : different;
        pairs.push(distance(stored[i] as Float64Array, stored[j] as Float64Array));
      }
    const score = kolmogorovSmirnov(same, different);
    const chance = 1.949 * Math.sqrt((same.length + different.length) / (same.length * different.length));
    return { score, chance, succeeded: score > chance, recovered: null };
  },
};

/** The bytes as 32-bit floats on a logarithmic scale, so that bytes that are no features can't swamp the distance. */
function numbersOf(payload: Uint8Array): Float64Array {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return Float64Array.from({ length: payload.length >> 2 }, (_, i) => {
    const value = view.getFloat32(4 * i, true);
    return Number.isFinite(value) ? Math.sign(value) * Math.log1p(Math.abs(value)) : 0;
  });
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0));
}

/** The largest gap between the distributions of two samples. */
function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): number {
  const share = (values: readonly number[], x: number): number =>
    values.filter((value) => value <= x).length / values.length;
  return Math.max(...[...a, ...b].map((x) => Math.abs(share(a, x) - share(b, x))));
}
