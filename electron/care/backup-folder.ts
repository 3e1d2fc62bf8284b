/**
 * A backup on disk. All of it is ciphertext or public (vault.json, audit checkpoints, certificates):
 *
 *     backup.json                 whose backup it is
 *     studies/<studyId>/<name>    sealed objects under their own names; key files as `<name>.<hash>`
 *     files/<sha256>              everything else of the vault's folder, by content: vault.json, audit log, accounts, …
 *     catalogue/<counter>.db      the encrypted catalogue, the newest copy only
 *     lists/<sha256>.list         the files of one study (or of the vault's folder) at a moment, by content
 *     snapshots/<n>.json, .note   the n-th snapshot and its signature; without the note it doesn't count
 *
 * Files are written once and get their names when they are whole, so that a run that is killed leaves the snapshots before
 * it as they were, and the next run goes on where it ended. What can change under one name (key files, vault.json) is kept
 * by content: a snapshot never sees half of a change.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { readSnapshotClaim, type SnapshotRecord } from '../../core/audit/vault-notes.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { createFile, makeFolder, replaceFile, syncFolder } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';
import { reach } from '../vault/write-points.ts';

/** Names inside a backup. */
export const BACKUP_NAMES = {
  about: 'backup.json',
  studies: 'studies',
  files: 'files',
  catalogue: 'catalogue',
  lists: 'lists',
  snapshots: 'snapshots',
  lock: 'lock',
} as const;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().regex(/^[0-9a-f]{32}$/);

const aboutSchema = z.strictObject({
  format: z.literal('vitrine-backup'),
  version: z.int().positive(),
  vaultId: id,
  createdAt: z.string(),
});

const VERSION = 1;

const snapshotSchema = z.strictObject({
  format: z.literal('vitrine-snapshot'),
  version: z.literal(1),
  vaultId: id,
  number: z.int().positive(),
  at: z.string(),
  counter: z.int().nonnegative(),
  /** Hash of the snapshot before; null: the first. */
  previous: hash.nullable(),
  /** List of the files of the vault's own folder. */
  files: hash,
  catalogue: z.strictObject({ name: z.string().regex(/^\d{1,15}\.db$/), sha256: hash, size: z.int() }).nullable(),
  /** Study id, its list, how many files, how many bytes. */
  studies: z.array(z.tuple([id, hash, z.int().nonnegative(), z.int().nonnegative()])),
  /** Studies of earlier snapshots that are shredded: no copy of them is given out again. */
  shredded: z.array(id),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** One file of a list. */
export interface ListedFile {
  /** Its name in the vault, below the study's folder or the vault's. */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** Its name in the backup. */
  readonly stored: string;
  /** When the vault's file was last changed (milliseconds): tells an unchanged one without reading it. */
  readonly mtimeMs: number;
}

export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A backup's folder. Reading needs no key. */
export class BackupFolder {
  readonly path: string;
  readonly vaultId: string;

  private constructor(path: string, vaultId: string) {
    this.path = path;
    this.vaultId = vaultId;
  }

  /** @throws backup/not-a-backup, backup/newer-version */
  static async open(path: string): Promise<BackupFolder> {
    const about = await readAbout(path);
    if (about === null) throw vaultError('backup/not-a-backup', 'no backup in this folder');
    return new BackupFolder(path, about.vaultId);
  }

  /**
   * The folder to back a vault up into, made where there is none.
   * @throws backup/inside-vault, backup/other-vault, backup/not-empty, backup/newer-version
   */
  static async prepare(path: string, vault: { readonly dir: string; readonly vaultId: string }): Promise<BackupFolder> {
    await refuseOverlap(path, vault.dir);
    await makeFolder(path);
    await refuseOverlap(path, vault.dir);
    const about = await readAbout(path);
    if (about !== null && about.vaultId !== vault.vaultId)
      throw vaultError('backup/other-vault', 'the folder holds the backup of another vault');
    if (about === null) {
      const found = (await readdir(path)).filter((name) => name !== 'lost+found' && !name.endsWith('.tmp'));
      if (found.length > 0) throw vaultError('backup/not-empty', 'the folder holds files and is no backup');
      const text = { format: 'vitrine-backup', version: VERSION, vaultId: vault.vaultId, createdAt: now() };
      await createFile(join(path, BACKUP_NAMES.about), `${JSON.stringify(text, null, 2)}\n`);
    }
    const { studies, files, catalogue, lists, snapshots } = BACKUP_NAMES;
    for (const name of [studies, files, catalogue, lists, snapshots])
      await mkdir(join(path, name), { recursive: true, mode: 0o700 });
    await syncFolder(path);
    return new BackupFolder(path, vault.vaultId);
  }

  in(...names: string[]): string {
    return join(this.path, ...names);
  }

  studyFolder(studyId: string): string {
    return this.in(BACKUP_NAMES.studies, studyId);
  }

  /** Numbers of the snapshots that count, ascending. */
  async numbers(): Promise<number[]> {
    const found = await namesIn(this.in(BACKUP_NAMES.snapshots));
    const numbers = found.flatMap((name) => {
      const number = /^([1-9]\d{0,8})\.note$/.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
    return numbers.sort((a, b) => a - b);
  }

  /** A snapshot that fits what its note says, or null. The note's signature is for who has the key. */
  async snapshot(number: number): Promise<{ snapshot: Snapshot; note: string; claim: SnapshotRecord } | null> {
    const note = await this.note(number);
    const claim = note === null ? null : readSnapshotClaim(this.vaultId, note);
    const text = await readFile(this.in(BACKUP_NAMES.snapshots, `${number}.json`)).catch(ignoreMissing);
    if (note === null || claim === null || text === null) return null;
    if (claim.number !== number || claim.sha256 !== sha256Of(text)) return null;
    const parsed = snapshotSchema.safeParse(parseJson(text.toString('utf8')));
    return parsed.success && parsed.data.vaultId === this.vaultId && parsed.data.number === number
      ? { snapshot: parsed.data, note, claim }
      : null;
  }

  async note(number: number): Promise<string | null> {
    return readFile(this.in(BACKUP_NAMES.snapshots, `${number}.note`), 'utf8').catch(ignoreMissing);
  }

  /** The newest snapshot that is whole. @throws backup/not-a-backup when there is none */
  async newest(): Promise<{ snapshot: Snapshot; note: string; claim: SnapshotRecord }> {
    for (const number of (await this.numbers()).reverse()) {
      const found = await this.snapshot(number);
      if (found !== null) return found;
    }
    throw vaultError('backup/not-a-backup', 'the folder holds no finished backup');
  }

  /** The files of a list. @throws backup/damaged */
  async list(sha256: string): Promise<ListedFile[]> {
    const bytes = await readFile(this.in(BACKUP_NAMES.lists, `${sha256}.list`)).catch(ignoreMissing);
    if (bytes === null || sha256Of(bytes) !== sha256) throw vaultError('backup/damaged', 'a list of files is damaged');
    return bytes.toString('utf8').split('\n').slice(0, -1).map(parseLine);
  }

  /** Writes a list under its hash. */
  async writeList(files: readonly ListedFile[]): Promise<string> {
    const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
    const text = sorted
      .map(({ name, size, sha256, stored, mtimeMs }) => `${name}\t${size}\t${sha256}\t${stored}\t${mtimeMs}\n`)
      .join('');
    const sha256 = sha256Of(text);
    const path = this.in(BACKUP_NAMES.lists, `${sha256}.list`);
    const there = await readFile(path).catch(ignoreMissing);
    if (there === null || sha256Of(there) !== sha256) await replaceFile(path, text);
    return sha256;
  }

  /** Writes a snapshot's text; it doesn't count before its note is there. */
  async writeSnapshot(snapshot: Snapshot): Promise<string> {
    const text = `${JSON.stringify(snapshotSchema.parse(snapshot))}\n`;
    await replaceFile(this.in(BACKUP_NAMES.snapshots, `${snapshot.number}.json`), text);
    return sha256Of(text);
  }

  /** Makes a snapshot count. */
  async writeNote(number: number, note: string): Promise<void> {
    await replaceFile(this.in(BACKUP_NAMES.snapshots, `${number}.note`), note);
    reach('backup.signed');
  }
}

function parseLine(line: string): ListedFile {
  const [name = '', size, sha256 = '', stored = '', mtimeMs] = line.split('\t');
  const safe = [name, stored].every(
    (path) => path !== '' && !path.split('/').some((part) => part === '..' || part === ''),
  );
  if (!safe || path(name) || path(stored) || !/^[0-9a-f]{64}$/.test(sha256))
    throw vaultError('backup/damaged', 'a list of files names what no vault holds');
  return { name, size: Number(size), sha256, stored, mtimeMs: Number(mtimeMs) };
}

/** Whether a name could lead elsewhere on some system. */
function path(name: string): boolean {
  return /[\\:\0]/.test(name) || name.startsWith('/');
}

async function readAbout(path: string): Promise<{ vaultId: string } | null> {
  const text = await readFile(join(path, BACKUP_NAMES.about), 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOTDIR') return null;
    return ignoreMissing(error);
  });
  if (text === null) return null;
  const parsed = aboutSchema.safeParse(parseJson(text));
  if (!parsed.success) throw vaultError('backup/not-a-backup', 'backup.json is none of ours');
  if (parsed.data.version > VERSION) throw vaultError('backup/newer-version', 'a newer Vitrine wrote this backup');
  return parsed.data;
}

/** @throws backup/inside-vault */
async function refuseOverlap(path: string, vault: string): Promise<void> {
  const [a, b] = [await realFolder(path), await realFolder(vault)];
  const within = (inner: string, outer: string) => inner === outer || inner.startsWith(outer + sep);
  if (within(a, b) || within(b, a)) throw vaultError('backup/inside-vault', 'vault and backup would lie in each other');
}

/** The real path of a folder, or of what of it exists. */
async function realFolder(path: string): Promise<string> {
  const whole = resolve(path);
  const real = await realpath(whole).catch(() => null);
  if (real !== null) return real;
  const above = dirname(whole);
  return above === whole ? whole : join(await realFolder(above), whole.slice(above.length));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function ignoreMissing(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null;
  throw error;
}

export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => ignoreMissing(error) ?? []);
}

/** Whether a file of this size is there. */
export async function isThere(path: string, size: number): Promise<boolean> {
  const found = await stat(path).catch(ignoreMissing);
  return found?.size === size;
}

export function now(): string {
  return new Date().toISOString();
}
