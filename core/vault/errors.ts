import { VitrineError } from '../errors.ts';

/**
 * Why the vault did not do something. Closed list; the renderer owns the wording.
 *
 * - `vault/exists`: a vault was to be created where one is already.
 * - `export/exists`: a study was to be exported into a folder that holds files already.
 * - `export/not-written`: a file that a person asked for could not be written where they wanted it; nothing else changed.
 * - `vault/not-a-vault`: the folder holds no vault.
 * - `vault/in-use`: another process holds this vault open.
 * - `vault/locked`: the vault process is not running (any more); what was asked did not happen, or was not confirmed.
 * - `vault/newer-version`: the catalogue was written by a newer Vitrine.
 * - `vault/catalogue-damaged`: the catalogue can't be opened and could not be rebuilt from the sealed objects.
 * - `vault/wrong-key`: the catalogue is there and this key doesn't open it, nor any sealed study.
 * - `vault/disk-full`: the volume (or the quota) has no room; nothing of the operation stays.
 * - `vault/io`: the operating system failed to read or write; details: `system` (its code).
 * - `vault/no-such-study`, `vault/no-such-object`, `vault/no-such-handle`, `vault/no-such-frame`: an id that the vault
 *   doesn't know, or a handle that doesn't allow it.
 * - `vault/on-hold`: the study is on hold and is not shredded; details: `studyId`.
 * - `vault/object-missing`: the catalogue knows a sealed object whose file is gone.
 * - `vault/no-pixels`: a frame was asked of an object that has none.
 * - `vault/frame-too-large`: a frame, or the deflated dataset that it lies in, is beyond what is opened in one piece.
 * - `vault/cancelled`: the caller's signal ended it.
 * - `vault/bad-request`: a message that is none of the protocol's.
 * - `vault/unexpected`: a programming error; the cause is in the log.
 */
export type VaultCode =
  | 'vault/exists'
  | 'export/exists'
  | 'export/not-written'
  | 'vault/not-a-vault'
  | 'vault/in-use'
  | 'vault/locked'
  | 'vault/newer-version'
  | 'vault/catalogue-damaged'
  | 'vault/wrong-key'
  | 'vault/disk-full'
  | 'vault/io'
  | 'vault/no-such-study'
  | 'vault/no-such-object'
  | 'vault/no-such-handle'
  | 'vault/no-such-frame'
  | 'vault/object-missing'
  | 'vault/on-hold'
  | 'vault/no-pixels'
  | 'vault/frame-too-large'
  | 'vault/cancelled'
  | 'vault/bad-request'
  | 'vault/unexpected';

/**
 * Why one file of an import was refused by the vault itself (the other reasons are `dicom/…` and `source/…`).
 *
 * - `import/header-too-slow`: its header took longer than the limit to parse.
 * - `import/header-memory`: parsing its header took more memory than the limit.
 * - `import/header-failed`: the parser failed in a way that it has no code for.
 */
export type ImportCode = 'import/header-too-slow' | 'import/header-memory' | 'import/header-failed';

/**
 * What the vault itself finds odd about a file that it takes.
 *
 * - `vault/other-patient`: the study has files already, and they name another patient.
 */
export type VaultWarning = 'vault/other-patient';

/**
 * Why a vault was not backed up, restored or repaired.
 *
 * - `vault/rolled-back`: the vault is an older copy of itself and takes no changes until somebody accepts it.
 * - `backup/inside-vault`: the backup's folder lies in the vault, or the vault in it.
 * - `backup/other-vault`: the folder holds the backup of another vault.
 * - `backup/not-empty`: the folder holds files and is no backup; nothing is written among them.
 * - `backup/not-a-backup`: there is no backup in this folder, or none that was finished.
 * - `backup/newer-version`: the backup was written by a newer Vitrine.
 * - `backup/in-use`: another backup into this folder is running.
 * - `backup/damaged`: a list of the backup is missing or was altered; details: `snapshot`.
 * - `backup/no-target`: no folder was chosen yet.
 * - `backup/no-room`: the volume has too little room for what is to be written; details: `needed`, `free` (bytes).
 * - `restore/not-empty`: the folder to restore into holds something.
 * - `restore/no-such-study`: the backup has no such study; a shredded one is in no backup.
 */
export type CareCode =
  | 'vault/rolled-back'
  | 'backup/inside-vault'
  | 'backup/other-vault'
  | 'backup/not-empty'
  | 'backup/not-a-backup'
  | 'backup/newer-version'
  | 'backup/in-use'
  | 'backup/damaged'
  | 'backup/no-target'
  | 'backup/no-room'
  | 'restore/not-empty'
  | 'restore/no-such-study';

/** Makes an error of this stage. */
export function vaultError(
  code: VaultCode | ImportCode | CareCode,
  message: string,
  options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
): VitrineError<VaultCode | ImportCode | CareCode> {
  return new VitrineError(code, message, options);
}
