import { VitrineError } from '../errors.ts';

/**
 * Why the vault did not do something. Closed list; the renderer owns the wording.
 *
 * - `vault/exists`: a vault was to be created where one is already.
 * - `export/exists`: a study was to be exported into a folder that holds files already.
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

/** Makes an error of this stage. */
export function vaultError(
  code: VaultCode | ImportCode,
  message: string,
  options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
): VitrineError<VaultCode | ImportCode> {
  return new VitrineError(code, message, options);
}
