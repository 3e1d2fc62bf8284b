import type { Needle } from './markers.ts';

/** A leak made on purpose, so that a sweep which finds nothing is known to be able to find something. */
export interface Plant {
  readonly name: string;
  readonly encoding: string;
  /** Hexadecimal, as it travels to the process that writes it. */
  readonly hex: string;
  /** Removed again before the sweep: only the trace can show it. */
  readonly removed: boolean;
}

/** One plant for each encoding, in turns left on the disk and removed again. */
export function plantsFor(needles: readonly Needle[]): Plant[] {
  const encodings = new Map(needles.map((needle) => [needle.encoding, needle]));
  return [...encodings.values()].map(({ encoding, bytes }, i) => ({
    name: `planted-${i}`,
    encoding,
    hex: Buffer.concat([Buffer.alloc(37, i), bytes, Buffer.alloc(11, i)]).toString('hex'),
    removed: i % 2 === 1,
  }));
}
