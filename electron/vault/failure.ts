import type { Failure } from '../../core/contract/operations.ts';
import { VitrineError } from '../../core/errors.ts';
import { vaultError } from '../../core/vault/errors.ts';

/** System codes that mean "no room": the volume is full, or the quota, or the file may not grow. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The system's code of a Node error (`ENOENT`), or null when it has none. One of our own codes is none. */
export function systemCode(error: unknown): string | null {
  if (error instanceof VitrineError) return null;
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** True for SQLite's own words when a file is no database, another key's, or damaged. */
export function isCatalogueDamage(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return /not a database|malformed|corrupt|SQLITE_NOTADB|SQLITE_CORRUPT|hmac check failed/i.test(text);
}

/** SQLite takes a transaction back by itself when the disk is full; that it can't be taken back twice is no news. */
function isFailedRollback(error: unknown): error is Error & { cause: unknown } {
  return error instanceof Error && error.cause !== undefined && /cannot rollback/.test(error.message);
}

/** Any thrown thing as a VitrineError: its own code is kept, system errors become `vault/disk-full` or `vault/io`. */
export function asVitrineError(error: unknown): VitrineError {
  if (error instanceof VitrineError) return error;
  if (isFailedRollback(error)) return asVitrineError(error.cause);
  const code = systemCode(error);
  const text = error instanceof Error ? error.message : '';
  if ((code !== null && FULL.has(code)) || /database or disk is full|SQLITE_FULL/.test(text)) {
    return vaultError('vault/disk-full', 'no room on the volume', { cause: error });
  }
  if (isCatalogueDamage(error)) {
    return vaultError('vault/catalogue-damaged', 'the catalogue can not be read', { cause: error });
  }
  if (code !== null && /^E[A-Z0-9]+$/.test(code)) {
    return vaultError('vault/io', 'the operating system failed', { cause: error, details: { system: code } });
  }
  return vaultError('vault/unexpected', 'unexpected failure', { cause: error });
}

/** What goes over the wire: code and details, never message or stack. */
export function toFailure(error: unknown): Failure {
  const known = asVitrineError(error);
  return { code: known.code, details: { ...known.details } };
}

/** The receiving side's error. */
export function fromFailure(failure: Failure, message = 'answered by the vault process'): VitrineError {
  return new VitrineError(failure.code, message, { details: { ...failure.details } });
}
