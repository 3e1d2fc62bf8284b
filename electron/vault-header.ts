import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VitrineError } from '../core/errors.ts';
import { parseHeader, serialiseHeader } from '../core/keys/header.ts';
import type { VaultHeader } from '../core/keys/types.ts';
import { createFile, replaceFile } from './durable-file.ts';
import { HEADER_FILE } from './paths.ts';

/** Larger than any header: a file beyond it is not one, and is not read. */
const HEADER_LIMIT = 1024 * 1024;

/**
 * The header of the vault in `folder`; null when there is no vault there.
 * @throws keys/header-damaged (also when `vault.json` is gone but sealed studies are there: that is no place for a new
 *   vault), keys/newer-version.
 */
export async function readHeader(folder: string): Promise<VaultHeader | null> {
  let text: string;
  try {
    text = await readFile(join(folder, HEADER_FILE), 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (!missing || hasStudies(folder))
      throw new VitrineError('keys/header-damaged', 'the vault header cannot be read', { cause });
    return null;
  }
  if (text.length > HEADER_LIMIT) throw new VitrineError('keys/header-damaged', 'the vault header is too long');
  return parseHeader(text);
}

function hasStudies(folder: string): boolean {
  return existsSync(join(folder, 'catalogue.db')) || existsSync(join(folder, 'studies'));
}

/**
 * Writes the header of a new vault durably, where none is: of two that create a vault in one folder, one fails.
 * @throws vault/exists, vault/disk-full, or the file system's error.
 */
export async function createHeaderFile(folder: string, header: VaultHeader): Promise<void> {
  await createFile(join(folder, HEADER_FILE), serialiseHeader(header)).catch(refuse);
}

/** Replaces the header of a vault durably. @throws vault/disk-full, or the file system's error. */
export async function writeHeader(folder: string, header: VaultHeader): Promise<void> {
  await replaceFile(join(folder, HEADER_FILE), serialiseHeader(header)).catch(refuse);
}

function refuse(cause: unknown): never {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EEXIST') throw new VitrineError('vault/exists', 'there is a vault header already', { cause });
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  if (full) throw new VitrineError('vault/disk-full', 'the vault header could not be written', { cause });
  throw cause;
}

/** Takes the header of a vault back that could not be created. Never for a vault that holds anything. */
export async function removeHeader(folder: string): Promise<void> {
  await rm(join(folder, HEADER_FILE), { force: true });
}
