import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../build/bundle.ts';

/** As it is shipped: bundled, under plain Node, with the real Argon2id and a profile of its own. */
const CLI = fileURLToPath(new URL('../../out/app/cli/cli.js', import.meta.url));
const SLOW = 240_000;
const REASON = 'Polytrauma at night, cardiologist not reached';

let folder = '';
let studyId = '';
const at = (...names: string[]): string => join(folder, ...names);

async function run(...args: readonly string[]): Promise<{ exit: number | null; out: string; err: string }> {
  const { VITRINE_VAULT: _vault, ...env } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...env, VITRINE_USER_DATA: at('profile') },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, out, err };
}

/** Runs a command on the vault as an account, or as its owner; each has its passphrase in a file of its name. */
async function as(user: string, ...args: readonly string[]) {
  const who = user === 'owner' ? [] : ['--user', user];
  const ended = await run(...args, ...who, '--vault', at('vault'), '--passphrase-file', at(user), '--json');
  return { ...ended, report: JSON.parse(ended.out) };
}

const kinds = async (user = 'aud'): Promise<string[]> =>
  (await as(user, 'audit', 'verify')).report.problems.map(({ kind }: { kind: string }) => kind);

beforeAll(async () => {
  await bundle(['cli'], () => undefined);
  folder = await mkdtemp(join(tmpdir(), 'vitrine-cli-access-'));
  await mkdir(at('profile'));
  for (const user of ['owner', 'rolf', 'tom', 'aud'])
    await writeFile(at(user), `${user} has a long passphrase`, { mode: 0o600 });
  await as('owner', 'create');
  await as('owner', 'import', '--sample');
  const add = (user: string, role: string) =>
    as('owner', 'users', 'add', user, '--role', role, '--new-passphrase-file', at(user));
  await add('rolf', 'radiologist');
  await add('tom', 'technologist');
  await add('aud', 'auditor');
  studyId = (await as('owner', 'list')).report.studies[0].studyId;
  await as('owner', 'policy', 'set', studyId, 'radiologist AND cardiology');
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a study under a rule, on the command line', () => {
  it('tells whose it is to nobody whose keys don’t open it', { timeout: SLOW }, async () => {
    const owner = (await as('owner', 'list')).report.studies[0];
    expect(owner).toMatchObject({ studyId, restricted: false });
    expect(owner.patientName).not.toBe('');
    for (const user of ['rolf', 'tom']) {
      const { studies } = (await as(user, 'list')).report;
      expect(studies).toMatchObject([
        { studyId, restricted: true, patientName: '', patientId: '', patientBirthDate: '', studyDescription: '' },
      ]);
      expect((await as(user, 'list', '--search', owner.patientId)).report.studies).toEqual([]);
    }
    const shown = (await as('rolf', 'show', studyId)).report;
    expect(shown).toMatchObject({ study: { restricted: true }, series: [], rule: 'radiologist AND cardiology' });
    expect(JSON.stringify(shown)).not.toContain(owner.patientId);
  });

  it('opens by breaking the glass, which is written down first', { timeout: SLOW }, async () => {
    const kept = await as('rolf', 'export', studyId, '--out', at('kept'));
    expect(kept).toMatchObject({ exit: 1, report: { studies: [], refused: [{ code: 'policy/not-met' }] } });
    expect((await as('rolf', 'show', studyId, '--break-glass', 'why')).report.error.code).toBe('policy/no-reason');
    expect((await as('tom', 'show', studyId, '--break-glass', REASON)).report.error.code).toBe('policy/no-break-glass');
    const shown = (await as('rolf', 'show', studyId, '--break-glass', REASON)).report;
    expect(shown).toMatchObject({ study: { restricted: false } });
    expect(shown.series.length).toBeGreaterThan(0);
    const out = await as('rolf', 'export', studyId, '--out', at('out'), '--break-glass', REASON);
    expect(out.exit).toBe(0);
    const { entries } = (await as('aud', 'users', 'glass-log')).report;
    expect(entries).toMatchObject([
      { user: 'rolf', studyId, reason: REASON },
      { user: 'rolf', studyId, reason: REASON },
    ]);
    expect((await as('rolf', 'show', studyId)).report.study.restricted).toBe(true);
  });
});

describe('the audit log, as the command line remembers it', () => {
  it('an auditor finds a cut end, an edit, an exchange and a roll-back', { timeout: SLOW }, async () => {
    const older = at('older');
    await cp(at('vault'), older, { recursive: true });
    await as('rolf', 'list');
    expect(await readdir(at('profile', 'audit-checkpoints'))).toHaveLength(1);
    expect(await kinds()).toEqual([]);
    const log = at('vault', 'audit');
    const number = (name: string): number => Number.parseInt(name, 10);
    const batches = (await readdir(log)).filter((name) => number(name) > 0).sort((a, b) => number(a) - number(b));
    const [first = '', second = ''] = batches;
    const last = batches.at(-1) ?? '';
    const sound = at('sound');
    await cp(log, sound, { recursive: true });
    const again = async (): Promise<void> => {
      await rm(log, { recursive: true });
      await cp(sound, log, { recursive: true });
    };

    await rm(join(log, last));
    expect(await kinds()).toContain('cut');
    await again();

    const bytes = await readFile(join(log, first));
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await writeFile(join(log, first), bytes);
    expect(await kinds()).toContain('altered');
    await again();

    await rename(join(log, first), at('swap'));
    await rename(join(log, second), join(log, first));
    await rename(at('swap'), join(log, second));
    expect((await kinds()).length).toBeGreaterThan(0);
    await again();
    expect(await kinds()).toEqual([]);

    // The whole vault as it was: the owner and the auditor are told.
    await rename(at('vault'), at('newer'));
    await rename(older, at('vault'));
    expect(await kinds()).toContain('cut');
    expect((await as('aud', 'audit', 'verify')).err).toContain('shorter than it was');
    expect(await kinds('owner')).toContain('cut');
  });
});
