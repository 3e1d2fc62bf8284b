import { erfc } from '../special-functions.ts';

/** A complex vector in two arrays. */
interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** In-place radix-2 transform; the length is a power of two. Inverse without the division. */
function transform({ re, im }: Complex, inverse: boolean): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j] as number, re[i] as number];
      [im[i], im[j]] = [im[j] as number, im[i] as number];
    }
  }
  const cos = new Float64Array(n >> 1);
  const sin = new Float64Array(n >> 1);
  for (let k = 0; k < n >> 1; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = Math.sin((2 * Math.PI * k) / n) * (inverse ? 1 : -1);
  }
  for (let half = 1; half < n; half <<= 1) butterflies({ re, im }, half, { re: cos, im: sin });
}

function butterflies({ re, im }: Complex, half: number, root: Complex): void {
  const n = re.length;
  const step = n / (2 * half);
  for (let start = 0; start < n; start += 2 * half) {
    for (let k = 0, a = start, b = start + half; k < half; k++, a++, b++) {
      const wr = root.re[k * step] as number;
      const wi = root.im[k * step] as number;
      const br = re[b] as number;
      const bi = im[b] as number;
      const tr = br * wr - bi * wi;
      const ti = br * wi + bi * wr;
      const ar = re[a] as number;
      const ai = im[a] as number;
      re[b] = ar - tr;
      im[b] = ai - ti;
      re[a] = ar + tr;
      im[a] = ai + ti;
    }
  }
}

/** Moduli of the discrete Fourier transform of a real vector of any length (Bluestein). */
export function fourierModuli(values: Float64Array): Float64Array {
  const n = values.length;
  let size = 1;
  while (size < 2 * n) size *= 2;
  const chirp = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let i = 0, square = 0; i < n; i++) {
    // i² mod 2n by differences, so that it stays an exact integer.
    const angle = (Math.PI * square) / n;
    chirp.re[i] = Math.cos(angle);
    chirp.im[i] = Math.sin(angle);
    square = (square + 2 * i + 1) % (2 * n);
  }
  const a = { re: new Float64Array(size), im: new Float64Array(size) };
  const b = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let i = 0; i < n; i++) {
    const [cr, ci, value] = [chirp.re[i] as number, chirp.im[i] as number, values[i] as number];
    a.re[i] = value * cr;
    a.im[i] = -value * ci;
    b.re[i] = cr;
    b.im[i] = ci;
    if (i > 0) {
      b.re[size - i] = cr;
      b.im[size - i] = ci;
    }
  }
  transform(a, false);
  transform(b, false);
  for (let i = 0; i < size; i++) {
    const [ar, ai, br, bi] = [a.re[i] as number, a.im[i] as number, b.re[i] as number, b.im[i] as number];
    a.re[i] = ar * br - ai * bi;
    a.im[i] = ar * bi + ai * br;
  }
  transform(a, true);
  return Float64Array.from({ length: n }, (_, i) => Math.hypot(a.re[i] as number, a.im[i] as number) / size);
}

/** SP 800-22 section 2.6: peaks of the discrete Fourier transform above the height that 95 % should stay below. */
export function spectral(bits: Uint8Array): number {
  const n = bits.length;
  const moduli = fourierModuli(Float64Array.from(bits, (bit) => 2 * bit - 1));
  const height = Math.sqrt(n * Math.log(1 / 0.05));
  const expected = (0.95 * n) / 2;
  let below = 0;
  for (let i = 0; i < Math.floor(n / 2); i++) if ((moduli[i] as number) < height) below++;
  const d = (below - expected) / Math.sqrt((n * 0.95 * 0.05) / 4);
  return erfc(Math.abs(d) / Math.SQRT2);
}
