/**
 * A process that dies at a named write point: the command line of the product, which kills itself by SIGKILL when the point
 * is reached for the n-th time. `annotate` has no command and uses the vault itself.
 */
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
  /** Null: nobody dies. */
  readonly point: string | null;
  /** At which time of the point's being reached, from 1. */
  readonly turn: number;
  /** Arguments of `vitrine`, or a vault and a study to annotate. */
  readonly run: { readonly command: readonly string[] } | { readonly annotate: string; readonly studyId: string };
}

async function annotate(dir: string, studyId: string): Promise<void> {
  const header = parseHeader(await readFile(join(dir, 'vault.json'), 'utf8'));
  const { masterKey } = await openWithPassphrase(header, passphraseBytes(PASSPHRASE), argon2idDirect);
  const { catalogueKey, wrappingKey } = deriveVaultKeys(masterKey);
  const { vault } = await FileVault.open({ dir, vaultId: header.vaultId, catalogueKey, wrappingKey });
  for (let number = 0; number < 3; number++) {
    const annotation = mark(number);
    await vault.append(studyId, [{ op: 'put', annotation }]);
  }
  await vault.dispose();
}

const task = JSON.parse(process.argv[2] ?? '') as MatrixTask;
let left = task.turn;
onReach((point) => {
  if (point !== task.point) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});
if ('annotate' in task.run) {
  await annotate(task.run.annotate, task.run.studyId);
  process.exit(0);
}
const { buildProgram } = await import('../../electron/cli/program.ts');
await buildProgram().parseAsync(['node', 'vitrine', ...task.run.command]);
