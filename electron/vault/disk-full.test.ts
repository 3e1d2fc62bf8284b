import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { importPaths, listAll, putMark, TempVault, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { FileVault } from './file-vault.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** Mounts a volume of `size` in memory; false where mounting is not allowed (containers without the right). */
function mount(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function phantom(folder: string, slices: number, matrix: number, seed: string): Promise<string> {
  await mkdir(folder);
  for (const { name, bytes } of phantomStudy({ slices, matrix, seed })) await writeFile(join(folder, name), bytes);
  return folder;
}

it.skipIf(!canMount)(
  'a full disk ends an import with its own code and leaves nothing; the vault goes on',
  async (test) => {
    const volume = await mkdtemp(join(tmpdir(), 'vitrine-full-'));
    if (!mount(volume, '6m')) return test.skip();
    const sources = await mkdtemp(join(tmpdir(), 'vitrine-source-'));
    try {
      const temp = await TempVault.make(volume);
      const vault = await FileVault.create(temp.open);
      const small = await phantom(join(sources, 'small'), 3, 64, 'small');
      const large = await phantom(join(sources, 'large'), 24, 512, 'large');
      expect((await importPaths(vault, [small])).outcome.outcome).toBe('done');
      const { outcome } = await importPaths(vault, [large]);
      expect(outcome).toMatchObject({ outcome: 'failed', code: 'vault/disk-full', studyIds: [] });
      const rows = await listAll(vault);
      expect(rows.map((row) => row.instanceCount)).toEqual([3]);
      expect(await readdir(join(temp.open.dir, 'studies'))).toEqual([rows[0]?.studyId]);
      await vault.append(rows[0]?.studyId ?? '', [putMark('room again')]);
      expect((await verifyAll(vault)).problems).toEqual([]);
      await vault.dispose();
      const { vault: again, recovered } = await FileVault.open(temp.open);
      expect(recovered).toMatchObject({ catalogueRebuilt: false });
      expect(await listAll(again)).toHaveLength(1);
      await again.dispose();
    } finally {
      execFileSync('umount', ['-l', volume]);
      await rm(volume, { recursive: true, force: true });
      await rm(sources, { recursive: true, force: true });
    }
  },
);
