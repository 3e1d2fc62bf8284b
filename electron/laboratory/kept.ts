import { z } from 'zod';
import { bigEndian, concatBytes, utf8 } from '../../core/bytes.ts';
import { type LabOutcome, type LabSubject, labOutcome, labSubject } from '../../core/contract/laboratory.ts';

/** A result with what it is about: what is sealed with the study. */
export interface KeptOutcome {
  readonly subject: LabSubject;
  readonly outcome: LabOutcome;
}

/** Stands in the JSON where samples were: which run of bytes they are, in order, and how wide a sample is. */
const samplesAt = z.strictObject({ samplesAt: z.int().nonnegative(), length: z.int(), wide: z.boolean() });

const keptOutcome = z.strictObject({ subject: labSubject, outcome: labOutcome });

/**
 * The plaintext of a kept result: length of a JSON text in four bytes, the text, then samples, little endian. Any language
 * can read it.
 */
export function encodeKept(result: KeptOutcome): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  const text = JSON.stringify(result, (_key, value: unknown) => {
    if (!(value instanceof Uint8Array || value instanceof Uint16Array)) return value;
    const bytes = value instanceof Uint8Array ? value : wideBytes(value);
    const place = { samplesAt: at, length: bytes.length, wide: value instanceof Uint16Array };
    parts.push(bytes);
    at += bytes.length;
    return place;
  });
  const head = utf8(text);
  return concatBytes(bigEndian(head.length, 4), head, ...parts);
}

/** @throws an error of the schema for what `encodeKept` did not write */
export function decodeKept(bytes: Uint8Array): KeptOutcome {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const samples = bytes.subarray(4 + length);
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)), (_key, one: unknown) => {
    const place = samplesAt.safeParse(one);
    if (!place.success) return one;
    const found = samples.slice(place.data.samplesAt, place.data.samplesAt + place.data.length);
    return place.data.wide ? wideSamples(found) : found;
  });
  return keptOutcome.parse(value);
}

function wideBytes(samples: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) view.setUint16(2 * i, samples[i] as number, true);
  return bytes;
}

function wideSamples(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i, true));
}
