import {
  type CipherGCM,
  createCipheriv,
  createDecipheriv,
  createHmac,
  type DecipherGCM,
  randomFillSync,
} from 'node:crypto';
import type { AeadEngine, RandomFill } from '../../core/seal/engine.ts';

const ALGORITHM = 'aes-256-gcm';
const OPTIONS = { authTagLength: 16 };
const SHA384_LENGTH = 48;

/** The same memory without Buffer's own `slice`, which shares what a typed array's copies. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** HKDF-Expand alone; `node:crypto` has only the whole HKDF. */
function expand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * SHA384_LENGTH) throw new RangeError('HKDF-Expand gives at most 12240 bytes');
  const okm = new Uint8Array(Math.ceil(length / SHA384_LENGTH) * SHA384_LENGTH);
  let previous: Uint8Array = new Uint8Array(0);
  for (let i = 0; i * SHA384_LENGTH < length; i++) {
    const counter = new Uint8Array([i + 1]);
    previous = createHmac('sha384', prk).update(previous).update(info).update(counter).digest();
    okm.set(previous, i * SHA384_LENGTH);
  }
  return okm.slice(0, length);
}

function openSegment(
  key: Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | null {
  const decipher: DecipherGCM = createDecipheriv(ALGORITHM, key, iv, OPTIONS);
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
    return plain(plaintext);
  } catch {
    // SECURITY: GCM decrypts before it verifies; what doesn't verify must not survive (NIST SP 800-38D, 7.2).
    plaintext.fill(0);
    return null;
  }
}

/**
 * The engine over `node:crypto`: OpenSSL in Node, BoringSSL in Electron.
 * @param randomFill only tests give another one, to repeat published IVs
 */
export function createPlatformEngine(randomFill: RandomFill = (out) => void randomFillSync(out)): AeadEngine {
  return {
    id: 'platform',
    randomFill,
    sealSegment(key, iv, aad, plaintext) {
      const cipher: CipherGCM = createCipheriv(ALGORITHM, key, iv, OPTIONS);
      cipher.setAAD(aad);
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      return [plain(ciphertext), plain(cipher.getAuthTag())];
    },
    openSegment,
    hkdfExpandSha384: expand,
  };
}
