import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { NoteSigner, VerifySignature } from '../../core/audit/signed-note.ts';
import { wipe } from '../../core/bytes.ts';

/** RFC 8410: what stands before the 32 bytes of a private and of a public key in DER. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 of the platform under a name; the seed is copied into a native key object and stays the caller's to wipe. */
export function createSigner(name: string, seed: Uint8Array): NoteSigner {
  const der = Buffer.concat([PKCS8, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  wipe(der);
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const key = { name, publicKey: new Uint8Array(spki.subarray(SPKI.length)) };
  return { key, sign: (text) => new Uint8Array(sign(null, text, privateKey)) };
}

export const verifySignature: VerifySignature = (publicKey, text, signature) => {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, text, key, signature);
};
