import type { FrameFormat, PaletteChannel, StoredValues } from './format.ts';

/** To 8 bits: the high byte of wider samples. */
function eightBit(values: StoredValues, bits: number): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length);
  const shift = Math.max(0, bits - 8);
  for (let i = 0; i < values.length; i++) out[i] = (values[i] as number) >> shift;
  return out;
}

function lookUp(channel: PaletteChannel, value: number): number {
  const last = channel.data.length - 1;
  const entry = channel.data[Math.min(last, Math.max(0, value - channel.first))] ?? 0;
  return channel.bits > 8 ? entry >> 8 : entry;
}

function palette(values: StoredValues, channels: NonNullable<FrameFormat['palette']>): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(values.length * 3);
  for (let i = 0, to = 0; i < values.length; i++) {
    const value = values[i] as number;
    out[to++] = lookUp(channels.red, value);
    out[to++] = lookUp(channels.green, value);
    out[to++] = lookUp(channels.blue, value);
  }
  return out;
}

/** YBR_FULL to RGB (PS3.3 C.7.6.3.1.2, inverse of the CCIR 601-2 matrix at full range). */
function ybrToRgb(ybr: Uint8ClampedArray<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8ClampedArray(ybr.length);
  for (let i = 0; i + 2 < ybr.length; i += 3) {
    const y = ybr[i] as number;
    const cb = (ybr[i + 1] as number) - 128;
    const cr = (ybr[i + 2] as number) - 128;
    rgb[i] = y + 1.402 * cr;
    rgb[i + 1] = y - 0.344136 * cb - 0.714136 * cr;
    rgb[i + 2] = y + 1.772 * cb;
  }
  return new Uint8Array(rgb.buffer);
}

/** Native YBR_FULL_422: two luminances share a pair of colour differences, in the order Y1 Y2 Cb Cr. */
function upsampled(values: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray((values.length / 2) * 3);
  for (let at = 0, to = 0; at + 3 < values.length; at += 4) {
    for (const y of [values[at] as number, values[at + 1] as number]) {
      out[to++] = y;
      out[to++] = values[at + 2] as number;
      out[to++] = values[at + 3] as number;
    }
  }
  return out;
}

/**
 * Colour samples to 8-bit RGB. `alreadyRgb` says that the codec has undone the colour transform itself.
 * @throws RangeError for a photometric interpretation that isn't one of PS3.3 C.7.6.3.1.2.
 */
export function toRgb(values: StoredValues, format: FrameFormat, alreadyRgb: boolean): Uint8Array<ArrayBuffer> {
  const { photometric } = format;
  if (photometric === 'PALETTE COLOR') {
    if (format.palette === null) throw new RangeError('palette is missing');
    return palette(values, format.palette);
  }
  const samples = eightBit(values, format.bitsStored);
  const isRgb = alreadyRgb || photometric === 'RGB' || photometric === 'YBR_RCT' || photometric === 'YBR_ICT';
  if (isRgb) return new Uint8Array(samples.buffer);
  const subsampled = photometric === 'YBR_FULL_422' && samples.length === format.rows * format.columns * 2;
  if (subsampled) return ybrToRgb(upsampled(samples));
  if (photometric.startsWith('YBR')) return ybrToRgb(samples);
  throw new RangeError('photometric interpretation');
}
