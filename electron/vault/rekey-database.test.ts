import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { rekeyDatabase } from './rekey-database.ts';

const OLD = new Uint8Array(32).fill(1);
const NEW = new Uint8Array(32).fill(2);

/** False where mounting is not allowed (containers without the right). */
function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('a database on a full volume keeps its key, says why, and takes the new one when there is room', async (test) => {
  const volume = await mkdtemp(join(tmpdir(), 'vitrine-rekey-'));
  if (!mount(volume)) return test.skip();
  try {
    const database = openDatabase(join(volume, 'catalogue'), OLD, false);
    database.exec('CREATE TABLE word (text TEXT)');
    for (let row = 0; row < 400; row++) database.prepare('INSERT INTO word VALUES (?)').run(['x'.repeat(500)]);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const rows = () => database.prepare('SELECT count(*) FROM word', { pluck: true }).get([]);
    const { bavail, bsize } = await statfs(volume);
    await writeFile(join(volume, 'filler'), Buffer.alloc(bavail * bsize - 64 * 1024));
    expect(() => rekeyDatabase(database, NEW)).toThrow(expect.objectContaining({ code: 'vault/disk-full' }));
    expect(rows()).toBe(400);
    await rm(join(volume, 'filler'));
    rekeyDatabase(database, NEW);
    expect(rows()).toBe(400);
    database.close();
    openDatabase(join(volume, 'catalogue'), NEW, true).close();
  } finally {
    execFileSync('umount', ['-l', volume]);
    await rm(volume, { recursive: true, force: true });
  }
});
