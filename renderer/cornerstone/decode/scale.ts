import type { DrawnValues, StoredValues, ValueScale } from './format.ts';

/** Smallest and largest value; NaN is ignored. Zeros for an empty frame. */
export function extremes(values: StoredValues): { smallest: number; largest: number } {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return smallest <= largest ? { smallest, largest } : { smallest: 0, largest: 0 };
}

function container(smallest: number, largest: number, whole: boolean, length: number): DrawnValues {
  if (!whole) return new Float32Array(length);
  if (smallest >= 0 && largest <= 255) return new Uint8Array(length);
  if (smallest >= -32_768 && largest <= 32_767) return new Int16Array(length);
  if (smallest >= 0 && largest <= 65_535) return new Uint16Array(length);
  return new Float32Array(length);
}

/**
 * Stored values in the unit that is shown, in the narrowest array that holds them exactly: whole numbers stay whole
 * (a CT stays 16 bit), so that a mean of Hounsfield units is a mean of integers.
 */
export function scaled(
  values: StoredValues,
  scale: ValueScale,
): { pixels: DrawnValues; smallest: number; largest: number } {
  const { table } = scale;
  if (table !== null && table.data.length > 0) {
    const mapped = new Float32Array(values.length);
    const last = table.data.length - 1;
    for (let i = 0; i < values.length; i++) {
      mapped[i] = table.data[Math.min(last, Math.max(0, (values[i] as number) - table.first))] as number;
    }
    const range = extremes(mapped);
    const pixels = container(range.smallest, range.largest, true, values.length);
    pixels.set(mapped);
    return { pixels, ...range };
  }
  const { slope, intercept } = scale;
  const range = extremes(values);
  const ends = [range.smallest * slope + intercept, range.largest * slope + intercept];
  const smallest = Math.min(...ends);
  const largest = Math.max(...ends);
  const floating = values instanceof Float32Array || values instanceof Float64Array;
  const whole = !floating && Number.isInteger(slope) && Number.isInteger(intercept);
  const pixels = container(smallest, largest, whole, values.length);
  if (slope === 1 && intercept === 0) pixels.set(values);
  else for (let i = 0; i < values.length; i++) pixels[i] = (values[i] as number) * slope + intercept;
  return { pixels, smallest, largest };
}
