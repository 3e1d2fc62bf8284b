/**
 * Signed notes (c2sp.org/signed-note) about the vault as a whole, by the key of its audit log. Their first lines differ
 * from a checkpoint's and from each other's, so that none can be taken for another.
 */
import { type NoteKey, type NoteSigner, openNote, signNote, type VerifySignature } from './signed-note.ts';

/** What the vault held at a moment: the signed, counted manifest of the whole vault. */
export interface VaultStateRecord {
  readonly counter: number;
  /** SHA-256 over every study's imports and notes, hexadecimal. */
  readonly root: string;
  readonly studies: number;
  readonly images: number;
  readonly notes: number;
  /** SHA-256 of vault.json, hexadecimal. */
  readonly header: string;
  /** Entries of the audit log. */
  readonly auditSize: number;
  /** Hash of the log's tree at that size, hexadecimal. */
  readonly auditRoot: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A backup's snapshot: its number and the hash of its text. */
export interface SnapshotRecord {
  readonly number: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  /** The vault's counter when it was taken. */
  readonly counter: number;
  readonly at: string;
}

const HASH = /^[0-9a-f]{64}$/;
const COUNT = /^(0|[1-9]\d{0,14})$/;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const stateOrigin = (vaultId: string) => `vitrine/${vaultId}/state`;
const backupOrigin = (vaultId: string) => `vitrine/${vaultId}/backup`;

/** The signed text of a state. */
export function signState(vaultId: string, state: VaultStateRecord, signer: NoteSigner): string {
  const { counter, root, studies, images, notes, header, auditSize, auditRoot, at } = state;
  const lines = [stateOrigin(vaultId), counter, root, studies, images, notes, header, auditSize, auditRoot, at];
  return signNote(`${lines.join('\n')}\n`, signer);
}

/** Null for anything but a state of this vault that `key` signed. */
export function openState(
  vaultId: string,
  note: string,
  key: NoteKey,
  verify: VerifySignature,
): VaultStateRecord | null {
  const lines = signedLines(note, stateOrigin(vaultId), key, verify);
  const [counter, root, studies, images, notes, header, auditSize, auditRoot, at] = lines ?? [];
  const hashes = [root, header, auditRoot];
  const counts = [counter, studies, images, notes, auditSize];
  if (lines?.length !== 9 || !hashes.every(matches(HASH)) || !counts.every(matches(COUNT)) || !matches(TIME)(at))
    return null;
  return {
    counter: Number(counter),
    root: root as string,
    studies: Number(studies),
    images: Number(images),
    notes: Number(notes),
    header: header as string,
    auditSize: Number(auditSize),
    auditRoot: auditRoot as string,
    at: at as string,
  };
}

/** The signed text of a snapshot: what makes it count. */
export function signSnapshot(vaultId: string, snapshot: SnapshotRecord, signer: NoteSigner): string {
  const { number, sha256, counter, at } = snapshot;
  return signNote(`${[backupOrigin(vaultId), number, sha256, counter, at].join('\n')}\n`, signer);
}

/** Null for anything but a snapshot of this vault's backup that `key` signed. */
export function openSnapshot(
  vaultId: string,
  note: string,
  key: NoteKey,
  verify: VerifySignature,
): SnapshotRecord | null {
  const lines = signedLines(note, backupOrigin(vaultId), key, verify);
  return lines === null ? null : snapshotOf(lines);
}

/** What a snapshot's note claims, for who has no key yet: a restore checks the signature when the vault is opened. */
export function readSnapshotClaim(vaultId: string, note: string): SnapshotRecord | null {
  const end = note.lastIndexOf('\n\n');
  const [origin, ...lines] = note.slice(0, Math.max(0, end)).split('\n');
  return origin === backupOrigin(vaultId) ? snapshotOf(lines) : null;
}

function snapshotOf(lines: readonly string[]): SnapshotRecord | null {
  const [number, sha256, counter, at] = lines;
  const whole =
    lines.length === 4 &&
    matches(COUNT)(number) &&
    matches(HASH)(sha256) &&
    matches(COUNT)(counter) &&
    matches(TIME)(at);
  if (!whole) return null;
  return { number: Number(number), sha256: sha256 as string, counter: Number(counter), at: at as string };
}

function signedLines(note: string, origin: string, key: NoteKey, verify: VerifySignature): string[] | null {
  const text = openNote(note, key, verify);
  const [first, ...lines] = (text ?? '').slice(0, -1).split('\n');
  return text === null || first !== origin ? null : lines;
}

function matches(pattern: RegExp): (text: string | undefined) => boolean {
  return (text) => text !== undefined && pattern.test(text);
}
