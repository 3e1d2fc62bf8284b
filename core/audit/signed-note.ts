/** Signed notes (c2sp.org/signed-note) with one Ed25519 key; lines of other keys are passed over, as the format wants. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, utf8 } from '../bytes.ts';
import { fromBase64, toBase64 } from '../keys/base64.ts';

/** The log's private key, wherever it is kept. */
export interface NoteSigner {
  readonly key: NoteKey;
  /** Ed25519 (RFC 8032) over `text`: 64 bytes. */
  sign(text: Uint8Array): Uint8Array;
}

/** A public key and the name under which it signs: neither spaces nor `+`. */
export interface NoteKey {
  readonly name: string;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
}

/** Ed25519 verification, given by the platform. */
export type VerifySignature = (publicKey: Uint8Array, text: Uint8Array, signature: Uint8Array) => boolean;

/** Signature type of Ed25519. */
const ED25519 = new Uint8Array([0x01]);
const KEY_ID_LENGTH = 4;
const SIGNATURE_LENGTH = 64;
/** A note beyond this is refused unread; sixteen signatures of any kind fit. */
const MAX_LENGTH = 128 * 1024;

function keyId({ name, publicKey }: NoteKey): Uint8Array {
  return sha256(concatBytes(utf8(`${name}\n`), ED25519, publicKey)).subarray(0, KEY_ID_LENGTH);
}

/** The key as Go's `note` package and its kin write it: `name+id+base64`. */
export function keyText(key: NoteKey): string {
  let id = '';
  for (const byte of keyId(key)) id += byte.toString(16).padStart(2, '0');
  return `${key.name}+${id}+${toBase64(concatBytes(ED25519, key.publicKey))}`;
}

/** Reads what `keyText` writes; null for anything else, a key of another type included. */
export function keyFrom(text: string): NoteKey | null {
  const [name, , ...key] = text.split('+');
  const bytes = decoded(key.join('+'));
  if (name === undefined || bytes === null || bytes.length !== 33) return null;
  const found = { name, publicKey: bytes.subarray(1) };
  return keyText(found) === text ? found : null;
}

/** @param text ends with a newline */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = concatBytes(keyId(signer.key), signer.sign(utf8(text)));
  return `${text}\n\u2014 ${signer.key.name} ${toBase64(signature)}\n`;
}

/** The text of a note that `key` signed, or null: no note, no line of this key, or a line that doesn't verify. */
export function openNote(note: string, key: NoteKey, verify: VerifySignature): string | null {
  const end = note.lastIndexOf('\n\n');
  if (note.length > MAX_LENGTH || end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  const id = keyId(key);
  let signed = false;
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const match = /^\u2014 (\S+) (\S+)$/.exec(line);
    if (match === null) return null;
    const bytes = decoded(match[2] ?? '');
    if (bytes === null) return null;
    if (match[1] !== key.name || !equalBytes(bytes.subarray(0, KEY_ID_LENGTH), id)) continue;
    const signature = bytes.subarray(KEY_ID_LENGTH);
    if (signature.length !== SIGNATURE_LENGTH || !verify(key.publicKey, utf8(text), signature)) return null;
    signed = true;
  }
  return signed ? text : null;
}

function decoded(text: string): Uint8Array | null {
  try {
    return fromBase64(text);
  } catch {
    return null;
  }
}
