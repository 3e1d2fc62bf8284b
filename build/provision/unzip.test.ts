import { execFile } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unzip } from './unzip.ts';

/** A ZIP of one stored file; the name is written as it stands, which no archiver would do for a hostile one. */
function zipOf(name: string, text: string, mode: number): Buffer {
  const [path, body] = [Buffer.from(name), Buffer.from(text)];
  const crc = crc32(body);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc, 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(body.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, body]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE((mode << 16) >>> 0, 6);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, tail, path]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** CRC-32 of ISO 3309, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('unzip', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-unzip-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function unpack(name: string, text: string, mode: number, rename?: (path: string) => string | null) {
    const archive = join(folder, 'a.zip');
    const out = await mkdtemp(join(folder, 'out-'));
    await writeFile(archive, zipOf(name, text, mode));
    await unzip(archive, out, rename);
    return out;
  }

  it('keeps the permission to run', async () => {
    const out = await unpack('bin/electron', 'x', 0o100755);
    expect((await lstat(join(out, 'bin/electron'))).mode & 0o777).toBe(0o755);
    expect(await readFile(join(out, 'bin/electron'), 'utf8')).toBe('x');
  });

  it('keeps symbolic links, which the macOS runtime has', async () => {
    const out = await unpack('Current', 'A', 0o120755);
    expect(await readlink(join(out, 'Current'))).toBe('A');
  });

  it('leaves out and renames', async () => {
    expect(await readFile(join(await unpack('Cypress', 'x', 0o100644, () => 'electron'), 'electron'), 'utf8')).toBe(
      'x',
    );
    const none = await unpack('resources/app/a', 'x', 0o100644, () => null);
    await expect(lstat(join(none, 'resources'))).rejects.toThrow('ENOENT');
  });

  it('refuses a name that leaves the folder', async () => {
    await expect(unpack('../evil', 'x', 0o100644)).rejects.toThrow();
    await expect(unpack('fine', 'x', 0o100644, () => '../evil')).rejects.toThrow('outside its folder');
    await expect(lstat(join(folder, 'evil'))).rejects.toThrow('ENOENT');
  });

  it('does not write through a link that leads out of the folder', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const out = join(folder, 'linked');
    await mkdir(elsewhere);
    await mkdir(out);
    await symlink(elsewhere, join(out, 'bin'));
    await writeFile(join(folder, 'b.zip'), zipOf('bin/electron', 'x', 0o100755));
    await expect(unzip(join(folder, 'b.zip'), out)).rejects.toThrow('outside its folder');
    expect((await promisify(execFile)('ls', [elsewhere])).stdout).toBe('');
  });
});
