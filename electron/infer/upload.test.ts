import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../core/bytes.ts';
import { openUpload, sealUpload, studyDataKey } from '../../core/infer/upload.ts';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import { memoryReader } from '../decode/pixels-of.ts';
import { Classifier } from './classifier.ts';
import { Cloud } from './cloud.ts';
import { platformGcm } from './gcm.ts';
import { imageFrom } from './source-image.ts';
import { readModel } from './zoo.ts';

/** McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", as submitted to NIST: test cases 1, 2, 4, 13, 14, 16. */
const P4 =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const AAD = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
const K128 = 'feffe9928665731c6d6a8f9467308308';
const VECTORS = [
  ['1', '0'.repeat(32), '0'.repeat(24), '', '', '58e2fccefa7e3061367f1d57a4e7455a'],
  [
    '2',
    '0'.repeat(32),
    '0'.repeat(24),
    '',
    '0'.repeat(32),
    '0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf',
  ],
  [
    '4',
    K128,
    'cafebabefacedbaddecaf888',
    AAD,
    P4,
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
  ],
  ['13', '0'.repeat(64), '0'.repeat(24), '', '', '530f8afbc74536b9a963b4f1c4cb738b'],
  [
    '14',
    '0'.repeat(64),
    '0'.repeat(24),
    '',
    '0'.repeat(32),
    'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  ],
  [
    '16',
    K128 + K128,
    'cafebabefacedbaddecaf888',
    AAD,
    P4,
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
  ],
] as const;

describe('AES-GCM with keys of 128 bits [112] and 256 bits [113]', () => {
  it.each(VECTORS)('has the digits of test case %s', (_case, key, nonce, aad, plain, sealed) => {
    const [k, n, a] = [fromHex(key), fromHex(nonce), fromHex(aad)];
    expect(toHex(platformGcm.seal(k, n, a, fromHex(plain)))).toBe(sealed);
    expect(toHex(platformGcm.open(k, n, a, fromHex(sealed)) as Uint8Array)).toBe(plain);
    const altered = fromHex(sealed);
    altered[0] = (altered[0] as number) ^ 1;
    expect(platformGcm.open(k, n, a, altered)).toBeNull();
  });
});

const place = { study: 'study-1', image: 'image-1' };

function key(length: 16 | 32): Uint8Array {
  const bytes = new Uint8Array(length);
  platformGcm.randomFill(bytes);
  return bytes;
}

describe('the upload', () => {
  it.each([16, 32] as const)('opens as it was sealed and only so, with keys of %i bytes', (length) => {
    const user = key(length);
    const study = studyDataKey(platformGcm, user);
    expect(study).toHaveLength(length);
    const file = new TextEncoder().encode('an image');
    const upload = sealUpload(platformGcm, { user, study }, place, file);
    expect(openUpload(platformGcm, user, upload).file).toEqual(file);
    const refused = expect.objectContaining({ code: 'infer/payload' });
    expect(() => openUpload(platformGcm, key(length), upload)).toThrow(refused);
    for (const other of [
      { ...place, image: 'image-2' },
      { ...place, study: 'study-2' },
    ])
      expect(() => openUpload(platformGcm, user, { ...upload, place: other })).toThrow(refused);
    for (const part of ['wrappedKey', 'sealed'] as const)
      for (let at = 0; at < upload[part].length; at += 5) {
        const bytes = upload[part].slice();
        bytes[at] = (bytes[at] as number) ^ 4;
        expect(() => openUpload(platformGcm, user, { ...upload, [part]: bytes })).toThrow(refused);
      }
    expect(() => openUpload(platformGcm, user, { ...upload, sealed: new Uint8Array(3) })).toThrow(refused);
  });

  it('never uses a nonce twice', () => {
    const user = key(32);
    const study = studyDataKey(platformGcm, user);
    const nonces = Array.from({ length: 50 }, () =>
      toHex(sealUpload(platformGcm, { user, study }, place, new Uint8Array(1)).sealed.subarray(0, 12)),
    );
    expect(new Set(nonces).size).toBe(50);
  });
});

describe.each([
  ['[112]', 16],
  ['[113]', 32],
] as const)('the server process %s', (_name, length) => {
  let cloud: Cloud;
  const user = key(length);
  beforeAll(async () => {
    cloud = await Cloud.start(user, 'kumar-113');
  }, 60_000);
  afterAll(() => cloud.close());

  it('gives the prediction that the image gets without encryption, bit for bit', async () => {
    const jpeg = await createJpegCodec();
    const file = jpeg.encode(chestPhantom({ side: 256, patient: 1 }), 90);
    const memory = { read: async () => null, write: async () => undefined };
    const local = await Classifier.open(await readModel('kumar-113'), { backEnd: 'tfjs-wasm', memory });
    const { image, facts } = await imageFrom(memoryReader(file), 0, jpeg);
    const { classification } = await local.classify(image, facts);
    await local.dispose();
    const { scores, bytesSent } = await cloud.classify(place, file);
    const labels = local.model.manifest.output.labels;
    expect(bytesSent).toBe(file.length + 28 + length + 28);
    for (const { label, score } of classification.scores) expect(scores[labels.indexOf(label)]).toBe(score);
  }, 60_000);

  it('refuses what was altered on the way, and goes on', async () => {
    const study = studyDataKey(platformGcm, user);
    const upload = sealUpload(platformGcm, { user, study }, place, new Uint8Array(100));
    upload.sealed[20] = (upload.sealed[20] as number) ^ 1;
    await expect(cloud.send(upload, study)).rejects.toMatchObject({ code: 'infer/payload' });
    await expect(cloud.classify(place, new TextEncoder().encode('no image'))).rejects.toMatchObject({
      code: expect.stringMatching(/^(dicom|schemes|infer)\//),
    });
  }, 60_000);
});
