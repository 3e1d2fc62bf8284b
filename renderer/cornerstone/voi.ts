import { type Dataset, items, numbers, TAG, text } from './dataset.ts';

/**
 * From values to grey levels as the standard defines it (PS3.3 C.11.2): by a window with one of three functions, or by a
 * table of the file's own. Grey levels are 0 to 255.
 */
export interface VoiTable {
  /** Value that the first entry stands for; smaller ones take the first entry, larger ones than the last the last. */
  readonly first: number;
  readonly data: readonly number[];
  /** Largest entry that the descriptor allows: white. */
  readonly white: number;
  /** LUT Explanation (0028,3003), or empty. */
  readonly explanation: string;
}

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

interface Span {
  readonly center: number;
  readonly width: number;
}

/** Entries of a table; writers of 8-bit ones often pack two into a word (PS3.3 C.11.1.1). */
function entriesOf(data: readonly number[], entries: number, bits: number): readonly number[] {
  if (bits > 8 || data.length * 2 !== entries + (entries % 2)) return data.slice(0, entries);
  return data.flatMap((word) => [word & 0xff, word >> 8]).slice(0, entries);
}

/** The tables of VOI LUT Sequence (0028,3010). `signed`: the values that they map may be below zero. */
export function voiTables(dataset: Dataset, signed: boolean): VoiTable[] {
  return items(dataset, TAG.voiLut).flatMap((item) => {
    const [length, mapped, bits] = numbers(item, TAG.lutDescriptor);
    const data = numbers(item, TAG.lutData);
    if (length === undefined || mapped === undefined || bits === undefined || data.length === 0) return [];
    const entries = entriesOf(data, length === 0 ? 65_536 : length, bits);
    // The descriptor is one of 16-bit words; where values are signed its second word is, whatever the file calls it.
    const first = signed && mapped > 32_767 ? mapped - 65_536 : mapped;
    const most = entries.reduce((least, entry) => Math.max(least, entry), 0);
    // A descriptor that its own entries exceed names the wrong number of bits.
    const white = Math.max(2 ** Math.min(16, Math.max(8, bits)) - 1, most);
    return [{ first, data: entries, white, explanation: text(item, TAG.lutExplanation) }];
  });
}

/** Grey level of a value through a table (C.11.2.1.1). */
export function tableGrey({ first, data, white }: VoiTable, value: number): number {
  const at = Math.min(data.length - 1, Math.max(0, Math.round(value) - first));
  return ((data[at] as number) / white) * 255;
}

/** Grey level of a value through a window (C.11.2.1.2 and C.11.2.1.3). */
export function windowGrey({ center, width }: Span, kind: VoiFunction, value: number): number {
  if (kind === 'SIGMOID') return 255 / (1 + Math.exp((-4 * (value - center)) / width));
  const [low, high] = spanOf({ center, width }, kind);
  if (value <= low) return 0;
  return value > high ? 255 : ((value - low) / (high - low)) * 255;
}

/** Values at which a window begins and ends. A LINEAR window of width 1 is a step: both are the same. */
export function spanOf({ center, width }: Span, kind: VoiFunction): readonly [low: number, high: number] {
  if (kind !== 'LINEAR') return [center - width / 2, center + width / 2];
  const half = Math.max(0, width - 1) / 2;
  return [center - 0.5 - half, center - 0.5 + half];
}

/**
 * Grey levels of every whole value from `smallest` to `largest`, for what a straight line can't draw; null for a straight
 * line.
 */
export function greyLevels(
  window: Span & { readonly table?: VoiTable | null },
  kind: VoiFunction,
  smallest: number,
  largest: number,
): Uint8Array<ArrayBuffer> | null {
  const { table } = window;
  if (table == null && kind !== 'SIGMOID') return null;
  const levels = new Uint8Array(Math.max(1, Math.floor(largest) - Math.ceil(smallest) + 1));
  for (let i = 0; i < levels.length; i++) {
    const value = Math.ceil(smallest) + i;
    levels[i] = Math.round(table == null ? windowGrey(window, kind, value) : tableGrey(table, value));
  }
  return levels;
}
