/**
 * A process in which something happens at a named write point: the command line of the product, which kills itself by SIGKILL
 * when the point is reached for the n-th time, or gets an error of the disk there. `annotate` has no command and uses the vault
 * itself.
 */
import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveVaultKeys } from '../../core/keys/derive.ts';
import { openWithPassphrase, parseHeader } from '../../core/keys/header.ts';
import { passphraseBytes } from '../../core/keys/passphrase.ts';
import { argon2idDirect } from '../../electron/crypto/argon2.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';
import { onReach } from '../../electron/vault/write-points.ts';
import { PASSPHRASE } from '../vault.ts';
import { mark } from './mark.ts';

/** What the process is told. */
export interface MatrixTask {
  /** Null: nothing happens. */
  readonly point: string | null;
  /** At which time of the point's being reached, from 1. */
  readonly turn: number;
  /** What happens there: the process dies, or the disk fails once. */
  readonly fault?: 'kill' | 'EIO';
  /** Arguments of `vitrine`, or a vault and a study to annotate. */
  readonly run: { readonly command: readonly string[] } | { readonly annotate: string; readonly studyId: string };
}

/** Opens a vault without the command line. */
export async function openVault(dir: string): Promise<FileVault> {
  const header = parseHeader(await readFile(join(dir, 'vault.json'), 'utf8'));
  const { masterKey } = await openWithPassphrase(header, passphraseBytes(PASSPHRASE), argon2idDirect);
  const { catalogueKey, wrappingKey } = deriveVaultKeys(masterKey);
  return (await FileVault.open({ dir, vaultId: header.vaultId, catalogueKey, wrappingKey })).vault;
}

/** Draws three marks, and says of each that it is saved. */
export async function annotate(dir: string, studyId: string): Promise<void> {
  const vault = await openVault(dir);
  try {
    for (let number = 0; number < 3; number++) {
      const annotation = mark(number);
      await vault.append(studyId, [{ op: 'put', annotation }]);
      writeSync(1, `saved ${annotation.uid}\n`);
    }
  } finally {
    await vault.dispose();
  }
}

/** Lets the fault happen at its point. */
function waitFor(task: MatrixTask): void {
  let left = task.turn;
  onReach((point) => {
    if (point !== task.point) return;
    left -= 1;
    if (left !== 0) return;
    if (task.fault !== 'EIO') process.kill(process.pid, 'SIGKILL');
    writeSync(2, `${REACHED}\n`);
    throw Object.assign(new Error('input/output error'), { code: 'EIO' });
  });
}

/** What the process says on stderr when the disk fails at its point. */
export const REACHED = 'the disk fails here';

if (process.argv[1]?.endsWith('matrix-worker.ts') === true) {
  const task = JSON.parse(process.argv[2] ?? '') as MatrixTask;
  waitFor(task);
  if ('annotate' in task.run) {
    await annotate(task.run.annotate, task.run.studyId);
    process.exit(0);
  }
  const { buildProgram } = await import('../../electron/cli/program.ts');
  await buildProgram().parseAsync(['node', 'vitrine', ...task.run.command]);
}
