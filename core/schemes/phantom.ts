import type { Picture } from './picture.ts';
import { type KeyedNumbers, seededNumbers } from './random.ts';

/** What a chest phantom is made of. The same numbers give the same picture on every machine: no sine, no exponential. */
export interface ChestOptions {
  /** Pixels a side. */
  readonly side: number;
  /** Another number is another patient: other sizes and places of all parts. */
  readonly patient: number;
  /** Another number is another exposure of the same patient: other noise, and a shift of a pixel or so. */
  readonly exposure?: number;
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
  /** Grey levels that the part adds where it is thickest. */
  readonly level: number;
}

/**
 * A grey 8-bit picture that looks like a frontal chest radiograph, made by arithmetic. Grain and edges are such that plain JPEG of
 * 512×512 reaches the PSNR that the phantom of the specification had: 39.9 dB at quality 75 and 42.1 at 90 (39.91, 42.23).
 */
export function chestPhantom({ side, patient, exposure = 0 }: ChestOptions): Picture {
  const shape = seededNumbers(2 * patient + 1);
  const body = parts(shape);
  const texture = lattice(shape);
  const shot = seededNumbers(2 ** 40 + patient * 4096 + exposure);
  const shift = [shot.below(1000) / 25_000 - 0.02, shot.below(1000) / 25_000 - 0.02] as const;
  const levels = new Float64Array(side * side).fill(14);
  for (const part of body) addPart(levels, side, part, shift);
  const samples = new Uint16Array(side * side);
  for (let i = 0; i < samples.length; i++) {
    const u = (2 * (i % side) + 1) / side + 0.1 + shift[0];
    const v = (2 * Math.floor(i / side) + 1) / side + 0.1 + shift[1];
    const level = (levels[i] as number) + 14 * smooth(texture, u * 10, v * 10) + 4 * smooth(texture, u * 40, v * 40);
    // Four evenly distributed numbers make grain of about two grey levels.
    const word = shot.uint32();
    const grain = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - 510;
    samples[i] = Math.min(255, Math.max(0, Math.round(level + grain / 70)));
  }
  return { columns: side, rows: side, channels: 1, bits: 8, samples };
}

/** Trunk, lungs, heart, spine, collar bones and ribs, each a little different in every patient. */
function parts(numbers: KeyedNumbers): Part[] {
  const about = (value: number): number => value * (0.85 + numbers.below(1000) / 3333);
  const lungs = [-1, 1].map((sign) => ({ x: sign * about(0.4), y: about(-0.06), a: about(0.27), b: about(0.56) }));
  const ribs = Array.from({ length: 7 }, (_, i) =>
    [-1, 1].map((sign) => ({ x: sign * about(0.42), y: -0.62 + i * about(0.19), a: 0.38, b: about(0.035), level: 26 })),
  );
  const vessels = Array.from({ length: 14 }, () => ({
    x: (numbers.below(2) * 2 - 1) * about(0.36) + numbers.below(1000) / 5000 - 0.1,
    y: numbers.below(1000) / 1250 - 0.5,
    a: about(0.03),
    b: about(0.09),
    level: about(22),
  }));
  return [
    { x: 0, y: 0.15, a: about(0.95), b: about(1.1), level: 120 },
    ...lungs.map((lung) => ({ ...lung, level: -about(88) })),
    { x: about(0.12), y: about(0.28), a: about(0.27), b: about(0.27), level: about(58) },
    { x: 0, y: 0, a: about(0.07), b: 1.4, level: about(40) },
    ...ribs.flat(),
    ...vessels,
  ];
}

/** Adds an ellipse: its whole level inside, falling smoothly to nothing within a thirtieth of its edge. */
function addPart(
  levels: Float64Array,
  side: number,
  { x, y, a, b, level }: Part,
  shift: readonly [number, number],
): void {
  const pixel = (place: number): number => Math.min(side, Math.max(0, Math.round(((place + 1) * side - 1) / 2)));
  for (let row = pixel(y - b - shift[1]); row < pixel(y + b - shift[1] + 2 / side); row++)
    for (let column = pixel(x - a - shift[0]); column < pixel(x + a - shift[0] + 2 / side); column++) {
      const u = (2 * column + 1) / side - 1 + shift[0];
      const v = (2 * row + 1) / side - 1 + shift[1];
      const t = Math.min(1, (1 - ((u - x) / a) ** 2 - ((v - y) / b) ** 2) * 30);
      if (t > 0) levels[row * side + column] = (levels[row * side + column] as number) + level * t * t * (3 - 2 * t);
    }
}

/** Points a side of the texture's lattice. */
const LATTICE = 96;

/** A square of random numbers in -1 … 1. */
function lattice(numbers: KeyedNumbers): Float64Array {
  return Float64Array.from({ length: LATTICE * LATTICE }, () => numbers.below(2001) / 1000 - 1);
}

/** The lattice between its points. */
function smooth(values: Float64Array, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const s = (x - column) * (x - column) * (3 - 2 * (x - column));
  const t = (y - row) * (y - row) * (3 - 2 * (y - row));
  const at = row * LATTICE + column;
  const upper = (1 - s) * (values[at] as number) + s * (values[at + 1] as number);
  const lower = (1 - s) * (values[at + LATTICE] as number) + s * (values[at + LATTICE + 1] as number);
  return (1 - t) * upper + t * lower;
}
