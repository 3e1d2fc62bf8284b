/** Checkpoints of the log (c2sp.org/tlog-checkpoint) and proofs that an entry is in it (c2sp.org/tlog-proof). */
import { fromBase64, toBase64 } from '../keys/base64.ts';
import { auditError } from './errors.ts';
import { type Hash, verifyInclusion } from './merkle.ts';
import { type NoteKey, type NoteSigner, openNote, signNote, type VerifySignature } from './signed-note.ts';

/** A tree's head. */
export interface Checkpoint {
  /** Names the log: `vitrine/<vault id>/audit`. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

const HASH_LENGTH = 32;
const PROOF = 'c2sp.org/tlog-proof@v1';

/** The log of one vault. */
export function originOf(vaultId: string): string {
  return `vitrine/${vaultId}/audit`;
}

/** The signed text of a checkpoint. */
export function signCheckpoint({ origin, size, root }: Checkpoint, signer: NoteSigner): string {
  return signNote(`${origin}\n${size}\n${toBase64(root)}\n`, signer);
}

function hashFrom(text: string): Hash | null {
  try {
    const bytes = fromBase64(text);
    return bytes.length === HASH_LENGTH ? bytes : null;
  } catch {
    return null;
  }
}

/** A checkpoint that `key` signed for its own log. @throws audit/not-a-checkpoint */
export function openCheckpoint(note: string, key: NoteKey, verify: VerifySignature): Checkpoint {
  const text = openNote(note, key, verify);
  const [origin, size, root] = (text ?? '').split('\n');
  const hash = hashFrom(root ?? '');
  if (text === null || origin !== key.name || hash === null || !isCount(size))
    throw auditError('audit/not-a-checkpoint', 'no checkpoint that this log signed');
  return { origin, size: Number(size), root: hash };
}

function isCount(text: string | undefined): boolean {
  return /^(0|[1-9]\d{0,14})$/.test(text ?? '');
}

/** The text of a `.tlog-proof`. @param checkpoint the signed text */
export function proofText(index: number, proof: readonly Hash[], checkpoint: string): string {
  return [PROOF, `index ${index}`, ...proof.map(toBase64), '', checkpoint].join('\n');
}

/**
 * Whether the proof shows that the entry with this hash is in the log of `key`.
 * @returns its index @throws audit/not-a-proof, audit/not-a-checkpoint
 */
export function checkProof(text: string, leaf: Hash, key: NoteKey, verify: VerifySignature): number {
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(0, end)).split('\n');
  if (lines.shift() !== PROOF) throw auditError('audit/not-a-proof', 'the first line is another');
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = /^index (\d+)$/.exec(lines.shift() ?? '')?.[1];
  const hashes = lines.map(hashFrom);
  if (!isCount(index) || hashes.includes(null)) throw auditError('audit/not-a-proof', 'a line is no part of a proof');
  const tree = openCheckpoint(text.slice(end + 2), key, verify);
  if (!verifyInclusion(leaf, Number(index), tree, hashes as Hash[]))
    throw auditError('audit/not-a-proof', 'the entry is not in this log');
  return Number(index);
}
