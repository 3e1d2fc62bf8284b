/**
 * Makes the project's own FLOE vectors with the slow twin: `npx tsx test/vectors/make-floe.ts` writes `floe/*.json`. They
 * add to the published ones what those lack: refusals, associated data of other lengths, the segment length of version 1.
 * Everything is derived from the vector's name, so that each run writes the same bytes. Plain hexadecimal in JSON, so that
 * any language can read them.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { floeEncrypt } from '../reference/floe.ts';

export interface FloeVector {
  name: string;
  segmentLength: number;
  rotationMask: number;
  key: string;
  aad: string;
  ciphertext: string;
  /** The plaintext, or why it is refused: a code of core/seal/errors.ts. */
  expect: { plaintext: string } | { refused: string };
}

/** Endless bytes of a seed: SHA-256 of seed and counter. */
function stream(seed: string): (length: number) => Buffer {
  let pool = Buffer.alloc(0);
  let counter = 0;
  return (length) => {
    while (pool.length < length)
      pool = Buffer.concat([pool, createHash('sha256').update(`${seed}/${counter++}`).digest()]);
    const taken = pool.subarray(0, length);
    pool = pool.subarray(length);
    return Buffer.from(taken);
  };
}

interface Shape {
  segmentLength: number;
  rotationMask: number;
  length: number;
  aadLength: number;
}

function sealedVector(shape: Shape): FloeVector {
  const { segmentLength, rotationMask, length, aadLength } = shape;
  const name = `seg${segmentLength} rot${rotationMask} len${length} aad${aadLength}`;
  const bytes = stream(name);
  const [key, aad, plaintext] = [bytes(32), bytes(aadLength), bytes(length)];
  const params = { ENC_SEG_LEN: segmentLength, AEAD_ROTATION_MASK: BigInt(rotationMask) };
  const ciphertext = floeEncrypt(params, bytes, key, aad, plaintext);
  const hex = { key: key.toString('hex'), aad: aad.toString('hex'), ciphertext: ciphertext.toString('hex') };
  return { name, segmentLength, rotationMask, ...hex, expect: { plaintext: plaintext.toString('hex') } };
}

/** Ciphertexts that open. */
export function opensVectors(): FloeVector[] {
  const shapes: Shape[] = [];
  for (const length of [0, 1, 7, 8, 9, 16, 17, 100])
    for (const rotationMask of [0, 1, 20])
      shapes.push({ segmentLength: 40, rotationMask, length, aadLength: length % 3 === 0 ? 0 : 200 });
  for (const length of [31, 32, 33, 96]) shapes.push({ segmentLength: 64, rotationMask: 20, length, aadLength: 11 });
  for (const length of [4063, 4064, 4065]) shapes.push({ segmentLength: 4096, rotationMask: 2, length, aadLength: 1 });
  for (const length of [0, 500]) shapes.push({ segmentLength: 131072, rotationMask: 20, length, aadLength: 64 });
  return shapes.map(sealedVector);
}

const HEADER = 74;
const SEGMENT = 40;

/** What is done to four segments of 40 bytes (8 + 8 + 8 + 3 of plaintext), and how that is refused. */
const damages: [string, string, (sealed: Buffer, segments: Buffer[]) => Buffer][] = [
  ['cut to nothing', 'seal/truncated', (sealed) => sealed.subarray(0, 0)],
  ['header alone', 'seal/truncated', (sealed) => sealed.subarray(0, HEADER)],
  ['last byte missing', 'seal/truncated', (sealed) => sealed.subarray(0, -1)],
  ['cut at a segment boundary', 'seal/truncated', (sealed) => sealed.subarray(0, HEADER + 2 * SEGMENT)],
  ['final segment missing', 'seal/truncated', (sealed) => sealed.subarray(0, HEADER + 3 * SEGMENT)],
  ['byte appended', 'seal/altered', (sealed) => Buffer.concat([sealed, Buffer.alloc(1)])],
  ['AEAD id', 'seal/unknown-parameters', (sealed) => flip(sealed, 0)],
  ['KDF id', 'seal/unknown-parameters', (sealed) => flip(sealed, 1)],
  ['segment length', 'seal/unknown-parameters', (sealed) => flip(sealed, 5)],
  ['FLOE IV length', 'seal/unknown-parameters', (sealed) => flip(sealed, 9)],
  ['FLOE IV', 'seal/wrong-key', (sealed) => flip(sealed, 20)],
  ['header tag', 'seal/wrong-key', (sealed) => flip(sealed, 73)],
  ['length field of segment 0', 'seal/altered', (sealed) => flip(sealed, HEADER)],
  ['IV of segment 1', 'seal/altered', (sealed) => flip(sealed, HEADER + SEGMENT + 4)],
  ['ciphertext of segment 1', 'seal/altered', (sealed) => flip(sealed, HEADER + SEGMENT + 16)],
  ['tag of segment 2', 'seal/altered', (sealed) => flip(sealed, HEADER + 3 * SEGMENT - 1)],
  ['ciphertext of the final segment', 'seal/altered', (sealed) => flip(sealed, HEADER + 3 * SEGMENT + 16)],
  ['segments 0 and 1 swapped', 'seal/altered', (sealed, [a, b, c, d]) => join(sealed, b, a, c, d)],
  ['segment 1 doubled', 'seal/altered', (sealed, [a, b, c, d]) => join(sealed, a, b, b, c, d)],
  ['segment 1 in place of segment 2', 'seal/altered', (sealed, [a, b, , d]) => join(sealed, a, b, b, d)],
  ['segment 1 missing', 'seal/altered', (sealed, [a, , c, d]) => join(sealed, a, c, d)],
];

function flip(sealed: Buffer, at: number): Buffer {
  const flipped = Buffer.from(sealed);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

function join(sealed: Buffer, ...segments: (Buffer | undefined)[]): Buffer {
  return Buffer.concat([sealed.subarray(0, HEADER), ...segments.filter((segment) => segment !== undefined)]);
}

/** Ciphertexts that must be refused. */
export function refusedVectors(): FloeVector[] {
  const good = sealedVector({ segmentLength: SEGMENT, rotationMask: 1, length: 27, aadLength: 13 });
  const sealed = Buffer.from(good.ciphertext, 'hex');
  const segments = [0, 1, 2, 3].map((n) => sealed.subarray(HEADER + n * SEGMENT, HEADER + (n + 1) * SEGMENT));
  const damaged = damages.map(([name, refused, damage]): FloeVector => {
    return { ...good, name, ciphertext: damage(sealed, segments).toString('hex'), expect: { refused } };
  });
  const refused = { refused: 'seal/wrong-key' };
  return [
    ...damaged,
    { ...good, name: 'another key', key: flip(Buffer.from(good.key, 'hex'), 0).toString('hex'), expect: refused },
    {
      ...good,
      name: 'other associated data',
      aad: flip(Buffer.from(good.aad, 'hex'), 0).toString('hex'),
      expect: refused,
    },
    { ...good, name: 'associated data cut', aad: good.aad.slice(2), expect: refused },
  ];
}

/** The text of a vector file. */
export function vectorFile(vectors: FloeVector[]): string {
  const note = 'Made by test/vectors/make-floe.ts with test/reference/floe.ts. FLOE, AES-256-GCM, HKDF-Expand-SHA-384.';
  return `${JSON.stringify({ note, vectors }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('./floe/', import.meta.url);
  writeFileSync(new URL('opens.json', folder), vectorFile(opensVectors()));
  writeFileSync(new URL('refused.json', folder), vectorFile(refusedVectors()));
}
