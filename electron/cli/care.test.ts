import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../test/command.ts';
import { writeStudy } from '../../test/study.ts';
import { createTestVault, writePassphrase } from '../../test/vault.ts';
import { FileVault } from '../vault/file-vault.ts';
import type { OpenVault } from '../vault/protocol.ts';

let folder = '';
let open: OpenVault;
const at = (...names: string[]) => join(folder, ...names);

/** Runs the command line in a process of its own. */
async function vitrine(
  ...args: string[]
): Promise<{ exit: number | null; report: Record<string, unknown>; said: string }> {
  const command = ['--import', 'tsx', join(ROOT, 'electron', 'cli.ts'), ...args, '--json'];
  const env = { ...process.env, VITRINE_VAULT: at('vault'), VITRINE_USER_DATA: at('profile') };
  const child = spawn(process.execPath, command, { cwd: ROOT, env });
  let out = '';
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, report: JSON.parse(out === '' ? '{}' : out) as Record<string, unknown>, said };
}

const opened = (...args: string[]) => vitrine(...args, '--passphrase-file', at('passphrase'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-care-cli-'));
  await mkdir(at('profile'));
  await writePassphrase(at('passphrase'));
  open = await createTestVault(at('vault'));
  await writeStudy(at('one'), { seed: 'one', slices: 3, matrix: 64 });
  await writeStudy(at('two'), { seed: 'two', slices: 3, matrix: 64 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command line', { timeout: 120_000 }, () => {
  it('is refused while another process has the vault open', async () => {
    const { catalogueKey, wrappingKey } = open;
    const keys = { catalogueKey: Uint8Array.from(catalogueKey), wrappingKey: Uint8Array.from(wrappingKey) };
    const { vault } = await FileVault.open({ ...open, ...keys });
    expect(await opened('list')).toMatchObject({ exit: 2, report: { error: { code: 'vault/in-use' } } });
    await vault.dispose();
    expect((await opened('list')).exit).toBe(0);
  });

  it('backs up, checks, tries and restores; a restored vault verifies', async () => {
    await opened('import', at('one'));
    expect(await opened('backup', at('backup'), '--check')).toMatchObject({
      exit: 0,
      report: { number: 1, studies: 1, problems: [], damaged: [] },
    });
    expect(await vitrine('backup', 'check', at('backup'))).toMatchObject({ exit: 0, report: { damaged: [] } });
    const drill = await opened('backup', 'drill', at('backup'), '--scratch', folder);
    expect(drill).toMatchObject({ exit: 0, report: { objects: 3, problems: [], sameHeader: true } });
    expect((await vitrine('restore', at('backup'), at('restored'))).exit).toBe(0);
    expect(await opened('verify', '--full', '--vault', at('restored'))).toMatchObject({
      exit: 0,
      report: { objects: 3 },
    });
    expect((await vitrine('restore', at('backup'), at('restored'))).report).toMatchObject({
      error: { code: 'restore/not-empty' },
    });
  });

  it('says that a vault is an older copy, changes nothing of it, and goes on when that is accepted', async () => {
    await cp(at('vault'), at('kept'), { recursive: true });
    await opened('import', at('two'));
    await rm(at('vault'), { recursive: true });
    await cp(at('kept'), at('vault'), { recursive: true });
    const state = await opened('state');
    expect(state).toMatchObject({ exit: 1, report: { studies: 1, older: { by: 'computer', studies: 1, images: 3 } } });
    expect(state.said).toContain('older copy');
    expect(await opened('import', at('two'))).toMatchObject({ report: { error: { code: 'vault/rolled-back' } } });
    expect(await opened('state', 'accept')).toMatchObject({ exit: 0, report: { older: null } });
    expect((await opened('import', at('two'))).exit).toBe(0);
    expect((await opened('state')).report).toMatchObject({ studies: 2, older: null });
  });

  it('finds that the audit log’s end was cut off, by what is remembered of the vault', async () => {
    const kinds = async (): Promise<Set<string>> => {
      const { exit, report } = await opened('audit', 'verify');
      const { problems } = report as { problems: { kind: string }[] };
      expect(exit).toBe(problems.length === 0 ? 0 : 1);
      return new Set(problems.map(({ kind }) => kind));
    };
    // The older copy was accepted; that its log was written anew from there on stays on record.
    expect(await kinds()).toEqual(new Set(['forked']));
    const folder = at('vault', 'audit');
    const batches = (await readdir(folder))
      .filter((name) => name.endsWith('.audit'))
      .map((name) => Number.parseInt(name, 10));
    const last = join(folder, `${Math.max(...batches)}.audit`);
    await rename(last, at('cut'));
    expect(await kinds()).toContain('cut');
    await rename(at('cut'), last);
  });

  it('reads through the vault, repairs what is damaged, and makes the catalogue anew', async () => {
    const { studies } = (await opened('list')).report as { studies: { studyId: string }[] };
    const broken = at('vault', 'studies', studies[0]?.studyId ?? '', '1.manifest');
    await writeFile(broken, (await readFile(broken)).subarray(1));
    expect(await opened('scrub')).toMatchObject({ exit: 1, report: { problems: [{ kind: 'manifest' }] } });
    // A list of objects is in no original file.
    expect(await opened('repair', at('one'))).toMatchObject({ exit: 1, report: { lost: [{ kind: 'manifest' }] } });
    expect((await opened('rebuild')).report).toMatchObject({ images: 6 });
  });
});
