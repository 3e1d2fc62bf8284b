import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { bundle } from '../../build/bundle.ts';
import {
  createReport,
  exportReport,
  failureReport,
  listReport,
  showReport,
  verifyReport,
} from '../../core/contract/command-line.ts';
import { importReport, pixelsReport } from '../../core/contract/import.ts';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { sharedData } from '../../test/fixtures/shared-data.ts';

const shared = sharedData('dicom');

/** As it is shipped: bundled, under plain Node. */
const CLI = fileURLToPath(new URL('../../out/app/cli/cli.js', import.meta.url));
const PASSPHRASE = 'correct horse battery staple';
const SLOW = 120_000;

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

let folder = '';
let vault: string[] = [];

/** A path in the test's folder. */
const at = (...parts: string[]) => join(folder, ...parts);

/** Runs the command line. `interrupt` sends SIGINT when that text stands on stderr. */
function run(args: readonly string[], options: { interrupt?: RegExp } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: withoutVault() });
    let out = '';
    let err = '';
    let interrupted = false;
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
      if (options.interrupt?.test(err) && !interrupted) interrupted = child.kill('SIGINT');
    });
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, out, err }));
  });
}

function withoutVault(): NodeJS.ProcessEnv {
  const { VITRINE_VAULT: _vault, ...rest } = process.env;
  return rest;
}

/** Stdout must be one JSON document of this shape and nothing else. */
function document<T>(ended: Ended, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(ended.out));
}

beforeAll(async () => {
  await bundle(['cli'], () => undefined);
  folder = await mkdtemp(join(tmpdir(), 'vitrine-cli-'));
  vault = ['--vault', at('vault'), '--passphrase-file', at('passphrase'), '--json'];
  await writeFile(at('passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
  await mkdir(at('scans', 'deep'), { recursive: true });
  let count = 0;
  for (const slice of phantomStudy()) {
    if (count++ === 3) break;
    await writeFile(at('scans', 'deep', slice.name.replaceAll('/', '_')), slice.bytes);
  }
  await writeFile(at('scans', 'setup.exe'), 'MZ is no image');
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('vitrine', () => {
  it('creates a vault once', { timeout: SLOW }, async () => {
    const made = await run(['create', '--name', 'Clinic A', ...vault]);
    expect(made).toMatchObject({ exit: 0, err: '' });
    const report = document(made, createReport);
    expect(report).toMatchObject({ name: 'Clinic A', keychain: 'not-used' });
    expect(report.recoveryCode).toHaveLength(9);
    for (const name of ['catalogue.db', 'lock', 'vault.json'])
      expect((await stat(at('vault', name))).mode & 0o077, name).toBe(0);
    const again = await run(['create', ...vault]);
    expect(again.exit).toBe(2);
    expect(document(again, failureReport).error.code).toBe('vault/exists');
  });

  it('imports a folder, names what it refused, and knows the files again', { timeout: SLOW }, async () => {
    const first = await run(['import', at('scans'), ...vault]);
    expect(first.exit).toBe(1);
    const report = document(first, importReport);
    expect(report.imported).toHaveLength(3);
    expect(report.imported.every(({ path }) => path.startsWith(at('scans', 'deep')))).toBe(true);
    expect(report.refused).toEqual([
      { path: at('scans', 'setup.exe'), code: 'dicom/not-dicom', reason: expect.any(String) },
    ]);
    const second = await run(['import', at('scans', 'deep'), ...vault]);
    expect(second.exit).toBe(0);
    expect(document(second, importReport)).toMatchObject({ imported: [], refused: [], conflicts: [] });
    expect(document(second, importReport).known).toHaveLength(3);
  });

  it('lists, shows, verifies, exports, and hashes the same pixels everywhere', { timeout: SLOW }, async () => {
    const { studies } = document(await run(['list', '--search', 'phantom', ...vault]), listReport);
    const [study] = studies;
    if (study === undefined) throw new Error('no study');
    expect(study.instanceCount).toBe(3);
    expect(document(await run(['list', '--search', 'nobody', ...vault]), listReport)).toEqual({ all: 1, studies: [] });

    const shown = document(await run(['show', study.studyId.slice(0, 8), ...vault]), showReport);
    const [image] = shown.series[0]?.instances ?? [];
    if (image === undefined) throw new Error('no image');

    const verified = await run(['verify', ...vault]);
    expect(verified.exit).toBe(0);
    expect(document(verified, verifyReport).problems).toEqual([]);

    const exported = await run(['export', study.studyId, '--out', at('out'), ...vault]);
    expect(exported).toMatchObject({ exit: 0, err: expect.stringContaining('can be read by anyone') });
    const [written] = document(exported, exportReport).studies;
    const files = (await readdir(written?.folder ?? '', { recursive: true })).filter((name) => name.endsWith('.dcm'));
    expect(files).toHaveLength(3);

    const again = await run(['export', study.studyId, '--out', at('out'), ...vault]);
    expect(again.exit).toBe(1);
    expect(document(again, exportReport)).toMatchObject({
      studies: [],
      refused: [{ objectId: null, code: 'export/exists' }],
    });
    const nowhere = await run(['export', study.studyId, '--out', '/proc/vitrine', ...vault]);
    expect(nowhere.exit).toBe(2);
    expect(document(nowhere, failureReport).error.code).toBe('cli/no-folder');

    const sealed = document(await run(['pixels', image.sopInstanceUid, ...vault]), pixelsReport);
    const plain = document(await run(['pixels', at('out'), '--json']), pixelsReport);
    expect(sealed.images).toHaveLength(1);
    const same = plain.images.find(({ sopInstanceUid }) => sopInstanceUid === image.sopInstanceUid);
    expect(same?.sha256).toBe(sealed.images[0]?.sha256);
  });

  it('says in words and by its exit code what went wrong', { timeout: SLOW }, async () => {
    await writeFile(at('wrong'), 'not the passphrase', { mode: 0o644 });
    const wrong = await run(['list', '--vault', at('vault'), '--passphrase-file', at('wrong'), '--json']);
    expect(wrong).toMatchObject({ exit: 2, err: expect.stringContaining('can read the passphrase file') });
    expect(document(wrong, failureReport).error.code).toBe('keys/wrong-passphrase');
    const none = await run(['list', '--vault', at('elsewhere'), '--passphrase-file', at('passphrase'), '--json']);
    expect(document(none, failureReport).error.code).toBe('vault/not-a-vault');
    for (const date of ['20-20', '2026-02-30', '20260301']) {
      const undated = await run(['list', '--since', date, ...vault]);
      expect(undated.exit).toBe(2);
      expect(document(undated, failureReport).error.code).toBe('cli/bad-date');
    }
    const usage = await run(['list', '--nonsense', '--json']);
    expect(usage.exit).toBe(2);
    expect(document(usage, failureReport).error.code).toBe('cli/usage');
    const unknown = await run(['pixels', '1.2.3', at('absent.dcm'), ...vault]);
    expect(unknown.exit).toBe(1);
    expect(document(unknown, pixelsReport).refused.map(({ code }) => code)).toEqual([
      'vault/no-such-object',
      'source/missing',
    ]);
    const taken = await run(['audit', 'export', '--out', at('passphrase'), ...vault]);
    expect(taken.exit).toBe(2);
    expect(document(taken, failureReport).error.code).toBe('export/exists');
  });

  it('says what old copies still open when an account is removed', { timeout: SLOW }, async () => {
    await run(['create', ...vault, '--vault', at('people')]);
    const users = (...args: string[]) => run(['users', ...args, ...vault, '--vault', at('people')]);
    const account = ['--role', 'radiologist', '--new-passphrase-file', at('passphrase')];
    expect((await users('add', 'r.klein', ...account)).exit).toBe(0);
    expect((await users('add', 'm.gross', ...account)).exit).toBe(0);
    expect(await users('remove', 'r.klein')).toMatchObject({
      exit: 0,
      err: expect.stringContaining('still open with the passphrase of r.klein'),
    });
  });

  it.skipIf(shared === null)('hashes the sound one of two images with one UID', { timeout: SLOW }, async () => {
    const names = ['broken/made/stream-bitflips-jls.dcm', 'objects/MR_small.dcm'];
    const own = ['--vault', at('two'), '--passphrase-file', at('passphrase'), '--json'];
    expect((await run(['create', ...own])).exit).toBe(0);
    const taken = document(
      await run(['import', ...names.map((name) => join(shared ?? '', name)), ...own]),
      importReport,
    );
    expect([taken.imported.length, taken.conflicts.length]).toEqual([1, 1]);
    const both = await run(['pixels', taken.imported[0]?.sopInstanceUid ?? '', ...own]);
    expect(both.exit).toBe(1);
    const { images, refused } = document(both, pixelsReport);
    expect([images.length, refused.map(({ code }) => code)]).toEqual([1, ['dicom/decode']]);
  });

  it('finds an altered object and refuses only that', { timeout: SLOW }, async () => {
    const studies = at('vault', 'studies');
    const names = (await readdir(studies, { recursive: true })).filter((name) => name.endsWith('.instance'));
    const path = join(studies, names[0] ?? '');
    const bytes = await readFile(path);
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    await writeFile(path, bytes);
    const verified = await run(['verify', ...vault]);
    expect(verified.exit).toBe(1);
    expect(document(verified, verifyReport).problems).toEqual([expect.objectContaining({ kind: 'altered' })]);
    const exported = await run(['export', '--all', '--out', at('partly', 'new'), ...vault]);
    expect(exported.exit).toBe(1);
    const report = document(exported, exportReport);
    expect(report.studies).toEqual([expect.objectContaining({ files: 2 })]);
    expect(report.refused).toEqual([
      expect.objectContaining({
        studyId: report.studies[0]?.studyId,
        objectId: basename(path, '.instance'),
        code: 'seal/altered',
      }),
    ]);
    expect(await readdir(report.studies[0]?.folder ?? '')).toHaveLength(2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    await writeFile(path, bytes);
    expect((await run(['verify', ...vault])).exit).toBe(0);
  });

  it('keeps all or nothing of an import that was interrupted', { timeout: SLOW }, async () => {
    let interrupted = 0;
    await mkdir(at('many'));
    for (const { name, bytes } of phantomStudy({ slices: 1500, matrix: 64 })) await writeFile(at('many', name), bytes);
    // The signal may come too late on a quick machine: then everything must be there, and another try is made.
    for (let attempt = 0; attempt < 5 && interrupted === 0; attempt++) {
      const other = ['--vault', at(`other-${attempt}`), '--passphrase-file', at('passphrase'), '--json'];
      await run(['create', ...other]);
      const ended = await run(['import', at('many'), ...other], { interrupt: /files/ });
      const { all } = document(await run(['list', ...other]), listReport);
      expect((await run(['verify', ...other])).exit).toBe(0);
      if (ended.exit === 0) {
        expect(all).toBe(1);
        continue;
      }
      expect(ended.exit).toBe(2);
      expect(document(ended, failureReport).error.code).toBe('vault/cancelled');
      expect(all).toBe(0);
      interrupted += 1;
    }
    expect(interrupted).toBe(1);
  });

  it('prints tables for people, help and its version', { timeout: SLOW }, async () => {
    const human = vault.filter((arg) => arg !== '--json');
    const listed = await run(['list', ...human]);
    expect(listed.out).toMatch(/^STUDY +NAME +ID/);
    expect(listed.out).toContain('1 of 1 study, all sealed');
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await run(['import', '--help']);
    expect(help).toMatchObject({ exit: 0, out: expect.stringContaining('--passphrase-file') });
  });
});
