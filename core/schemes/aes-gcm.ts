import { concatBytes } from '../bytes.ts';
import { chosenPlaintext } from './attacks/chosen-plaintext.ts';
import { jigsaw } from './attacks/jigsaw.ts';
import { schemesError } from './errors.ts';
import { type Picture, sampleBytes, samplesFrom } from './picture.ts';
import { subkey } from './random.ts';
import { CIPHER_METRICS, checkDepth, type Scheme, type Shape } from './scheme.ts';

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** The line that every published scheme is compared with: standard authenticated encryption and nothing else. */
export const aesGcm: Scheme = {
  kind: 'image-scheme',
  id: 'aes-256-gcm',
  reference: null,
  authors: 'NIST SP 800-38D',
  year: 2007,
  title: 'AES-256 in Galois/Counter Mode',
  family: 'standard authenticated encryption',
  does: 'Encrypts the samples as they are and authenticates them, with a fresh nonce each time.',
  claims: 'Confidentiality and integrity as long as no nonce is used twice under a key.',
  protects: 'Everything but the length. It is what Vitrine itself relies on; no scheme here replaces it.',
  reconstruction: 'Nothing: a published standard.',
  headline: [{ text: 'No figure of a paper: the comparison line.', evidence: 'general knowledge', ours: null }],
  keyed: true,
  bits: { low: 1, high: 16 },
  parameters: [],
  metrics: CIPHER_METRICS,
  attacks: [chosenPlaintext, jigsaw],
  keySpace: () => 256,
  encrypt(picture, { key, tools: { engine } }) {
    checkDepth(aesGcm, picture);
    const nonce = new Uint8Array(NONCE_LENGTH);
    engine.randomFill(nonce);
    const sealed = concatBytes(
      ...engine.sealSegment(subkey(engine, key, aesGcm.id), nonce, new Uint8Array(0), sampleBytes(picture)),
    );
    return { cipher: cipherPicture(picture, sealed), payload: concatBytes(nonce, sealed) };
  },
  decrypt(payload, shape, { key, tools: { engine } }) {
    const samples = shape.columns * shape.rows * shape.channels;
    const body = samples * (shape.bits <= 8 ? 1 : 2);
    if (payload.length !== NONCE_LENGTH + body + TAG_LENGTH)
      throw schemesError('schemes/payload', 'the payload has another length than the picture');
    const nonce = payload.subarray(0, NONCE_LENGTH);
    const ciphertext = payload.subarray(NONCE_LENGTH, NONCE_LENGTH + body);
    const tag = payload.subarray(NONCE_LENGTH + body);
    const plain = engine.openSegment(subkey(engine, key, aesGcm.id), nonce, new Uint8Array(0), ciphertext, tag);
    if (plain === null) throw schemesError('schemes/altered', 'the tag does not fit: another key, or an altered byte');
    return { ...shape, samples: samplesFrom(plain, shape.bits) };
  },
};

/** Ciphertext drawn as a picture of this size, at whole bytes a sample; black where there is less of it. */
export function cipherPicture(shape: Shape, ciphertext: Uint8Array): Picture {
  const bits = shape.bits <= 8 ? 8 : 16;
  const bytes = new Uint8Array(shape.columns * shape.rows * shape.channels * (bits / 8));
  bytes.set(ciphertext.subarray(0, bytes.length));
  return { ...shape, bits, samples: samplesFrom(bytes, bits) };
}
