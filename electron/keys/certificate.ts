/** Certificates of shredded studies: signed with the key of the vault's audit log, and checked without the vault. */
import { keyFrom, keyText, type NoteSigner } from '../../core/audit/signed-note.ts';
import { utf8 } from '../../core/bytes.ts';
import { type CertificateVerdict, type ShredCertificate, shredCertificate } from '../../core/contract/shred.ts';
import { fromBase64, toBase64 } from '../../core/keys/base64.ts';
import { verifySignature } from '../audit/ed25519.ts';

const DOMAIN = 'vitrine/shred-certificate/v1\n';
const SIGNATURE_LENGTH = 64;
/** More than a certificate of any study has. */
const LIMIT = 64 * 1024 * 1024;

/** What stands in every certificate, so that nobody reads more into it than it says. */
export const STATEMENT =
  'The key of this study was overwritten and removed from this vault, and then its sealed objects and its entries in the catalogue. ' +
  'The key existed nowhere in this vault but in that one file; no key slot and no master key can make it again. ' +
  'Copies of the vault that were made before (backups, disk images, snapshots) may hold the key file: with a slot of their time ' +
  'they still open the study. Vitrine’s own backups drop it at their next run; other copies must be destroyed by whoever keeps them. ' +
  'Exported files of the study are not sealed and are not touched.';

/** Everything but the signature, in the schema’s order: what is signed. */
function signedBytes(certificate: ShredCertificate): Uint8Array {
  const { signature: _signature, ...rest } = shredCertificate.parse(certificate);
  return utf8(DOMAIN + JSON.stringify(rest));
}

/** A finished record becomes a certificate. */
export function signCertificate(certificate: ShredCertificate, signer: NoteSigner): ShredCertificate {
  const value = toBase64(signer.sign(signedBytes(certificate)));
  return { ...certificate, signature: { key: keyText(signer.key), value } };
}

function parsed(text: string): ShredCertificate | null {
  try {
    return text.length > LIMIT ? null : shredCertificate.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function signatureFrom(text: string): Uint8Array | null {
  try {
    const bytes = fromBase64(text);
    return bytes.length === SIGNATURE_LENGTH ? bytes : null;
  } catch {
    return null;
  }
}

/**
 * Checks a certificate by itself.
 * @param key the key that must have signed (`vitrine audit export` prints it); null: the one that it names, which says only
 *   that nobody altered it since
 */
export function checkCertificate(
  text: string,
  key: string | null,
): { verdict: CertificateVerdict; certificate: ShredCertificate | null } {
  const certificate = parsed(text);
  if (certificate === null) return { verdict: 'not-a-certificate', certificate };
  const { finishedAt, signature } = certificate;
  if (finishedAt === null) return { verdict: 'unfinished', certificate };
  if (signature === null) return { verdict: 'unsigned', certificate };
  if (key !== null && key !== signature.key) return { verdict: 'wrong-key', certificate };
  const named = keyFrom(signature.key);
  const bytes = signatureFrom(signature.value);
  if (named === null || bytes === null) return { verdict: 'altered', certificate };
  const isSigned = verifySignature(named.publicKey, signedBytes(certificate), bytes);
  // The key's name is the vault's, which the signature covers: a key of another vault certifies nothing here.
  const isOwn = named.name === `vitrine/${certificate.vaultId}/audit`;
  return { verdict: isSigned && isOwn ? 'valid' : 'altered', certificate };
}
