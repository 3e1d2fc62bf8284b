import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes } from '../../core/bytes.ts';
import type { Gcm } from '../../core/infer/upload.ts';
import { randomFill } from '../random.ts';

const TAG_LENGTH = 16;

/** AES-128-GCM for keys of 16 bytes, AES-256-GCM for those of 32. */
export const platformGcm: Gcm = {
  randomFill,
  seal(key, nonce, aad, plain) {
    const cipher = createCipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    return concatBytes(cipher.update(plain), cipher.final(), cipher.getAuthTag());
  },
  open(key, nonce, aad, sealed) {
    if (sealed.length < TAG_LENGTH || nonce.length === 0) return null;
    const options = { authTagLength: TAG_LENGTH };
    const decipher = createDecipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce, options);
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
    const plain = decipher.update(sealed.subarray(0, -TAG_LENGTH));
    try {
      decipher.final();
      return new Uint8Array(plain);
    } catch {
      // SECURITY: GCM decrypts before it verifies; what doesn't verify must not survive (NIST SP 800-38D, 7.2).
      plain.fill(0);
      return null;
    }
  },
};
