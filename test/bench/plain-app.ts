import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../command.ts';
import { bundleNode } from '../victims.ts';

/**
 * A copy of the built application whose vault keeps its objects in the clear: the same window, the same ports, the same
 * catalogue, and plain files in place of sealed ones. @returns its folder
 */
export async function buildPlainApp(): Promise<string> {
  const folder = join(ROOT, 'out', 'test', 'plain-app');
  await rm(folder, { recursive: true, force: true });
  await cp(join(ROOT, 'out', 'app'), folder, { recursive: true });
  const plain = join(ROOT, 'test', 'bench', 'plain-seal.ts');
  const files = join(ROOT, 'test', 'bench', 'plain-files.ts');
  await bundleNode({
    entries: { 'vault-process': 'electron/vault/process.ts', 'header-worker': 'electron/vault/header-worker.ts' },
    outDir: join(folder, 'main'),
    resolveId: (id, from) => {
      if (id.endsWith('/crypto/bulk-files.ts')) return files;
      return id.endsWith('/seal/seal.ts') && from !== plain ? plain : null;
    },
  });
  return folder;
}
