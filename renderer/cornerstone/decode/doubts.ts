import type { DeclaredRange, FrameFormat, StoredValues } from './format.ts';

/**
 * Whether a codec's samples leave Bits Stored. A damaged stream of JPEG 2000 decodes without complaint, to values that
 * no file of its kind can hold. A signed sample may come without its sign carried up.
 */
export function leavesBits(samples: StoredValues, format: FrameFormat): boolean {
  if (format.float || format.bitsStored >= samples.BYTES_PER_ELEMENT * 8) return false;
  const most = 2 ** format.bitsStored - 1;
  const least = format.signed ? -(2 ** (format.bitsStored - 1)) : 0;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] as number;
    if (value > most || value < least) return true;
  }
  return false;
}

/** Whether stored values contradict what the header says of their extremes. */
export function leavesRange(values: StoredValues, { smallest, largest, padding }: DeclaredRange): boolean {
  const [low, high] = padding ?? [1, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if ((value < smallest || value > largest) && (value < low || value > high)) return true;
  }
  return false;
}
