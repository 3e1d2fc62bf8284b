import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { bundle } from '../../build/bundle.ts';
import { createReport, listReport, verifyReport } from '../../core/contract/command-line.ts';
import {
  certificateReport,
  escrowKeysReport,
  keyChangeReport,
  keyDrillReport,
  keyRecoverReport,
  keyRecoveryReport,
  keySharesReport,
  keysReport,
  resealReport,
  retentionReport,
  rotateReport,
  shredReport,
} from '../../core/contract/key-reports.ts';
import { retentionPlan } from '../../core/contract/retention.ts';
import { sharesOf } from '../../test/fixtures/pdf-text.ts';

/** As it is shipped: bundled, under plain Node, with the real Argon2id. */
const CLI = fileURLToPath(new URL('../../out/app/cli/cli.js', import.meta.url));
const SLOW = 240_000;

let folder = '';
const at = (name: string): string => join(folder, name);
const put = (name: string, text: string) => writeFile(at(name), text, { mode: 0o600 });

async function run(args: readonly string[]): Promise<{ exit: number | null; out: string; err: string }> {
  const { VITRINE_VAULT: _vault, ...env } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env });
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

/** Runs a command on the vault; stdout is one document of this shape, and the command ends well. */
async function vitrine<T>(schema: z.ZodType<T>, ...args: readonly string[]): Promise<T> {
  const { exit, out, err } = await run([...args, '--vault', at('vault'), '--passphrase-file', at('pass'), '--json']);
  expect(err.includes('[cli/') || exit === 2 ? `${out}${err}` : '').toBe('');
  return schema.parse(JSON.parse(out));
}

async function fails(code: string, ...args: readonly string[]): Promise<void> {
  const ended = await run([...args, '--vault', at('vault'), '--passphrase-file', at('pass'), '--json']);
  expect(ended.exit).toBe(2);
  expect(JSON.parse(ended.out)).toMatchObject({ error: { code } });
}

const sharesIn = async (file: string): Promise<string[]> => sharesOf(await readFile(at(file)));

beforeAll(async () => {
  await bundle(['cli'], () => undefined);
  folder = await mkdtemp(join(tmpdir(), 'vitrine-keys-'));
  await put('pass', 'correct horse battery staple\n');
  await put('new', 'another passphrase altogether\n');
  await put('admin', 'the administrator’s own words\n');
  const { recoveryCode } = await vitrine(createReport, 'create', '--name', 'Clinic');
  await put('code', recoveryCode.join('-'));
  await run(['import', '--sample', '--vault', at('vault'), '--passphrase-file', at('pass')]);
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('vitrine keys', () => {
  it('lists and tests the ways in, and remembers when', { timeout: SLOW }, async () => {
    const before = await vitrine(keysReport, 'keys', 'list');
    expect(before.slots.map(({ kind }) => kind)).toEqual(['passphrase', 'recovery']);
    expect(before.slots.every(({ testedAt, removable }) => testedAt === null && removable)).toBe(true);
    expect(
      await vitrine(keyDrillReport, 'keys', 'drill', 'recovery', '--recovery-code-file', at('code')),
    ).toMatchObject({
      kind: 'recovery',
    });
    const { slots } = await vitrine(keysReport, 'keys', 'list');
    expect(slots.map(({ testedAt }) => testedAt === null)).toEqual([true, false]);
    await put(
      'wrong',
      (await readFile(at('code'), 'utf8')).replace(/^./, (one) => (one === 'A' ? 'B' : 'A')),
    );
    await fails('keys/recovery-code-mistyped', 'keys', 'drill', 'recovery', '--recovery-code-file', at('wrong'));
  });

  it('prints shares that open the vault, k of them', { timeout: SLOW }, async () => {
    const args = ['--threshold', '2', '--count', '3', '--out', at('sheets.pdf')];
    const { setId } = await vitrine(keySharesReport, 'keys', 'shares', ...args);
    const shares = await sharesIn('sheets.pdf');
    expect(shares).toHaveLength(3);
    await put('two', `${shares[2]}\n${shares[0]}\n`);
    await put('one', `${shares[1]}\n`);
    expect((await vitrine(keyDrillReport, 'keys', 'drill', 'shares', '--shares-file', at('two'))).kind).toBe('shares');
    await fails('keys/too-few-shares', 'keys', 'drill', 'shares', '--shares-file', at('one'));
    const { slots } = await vitrine(keysReport, 'keys', 'list');
    expect(slots.find(({ kind }) => kind === 'shares')?.set).toEqual({ name: setId, count: 3, threshold: 2 });
    await fails('export/exists', 'keys', 'shares', ...args);
  });

  it('escrows to an administrator, who opens the vault and sets a new passphrase', { timeout: SLOW }, async () => {
    const made = await run([
      ...['keys', 'escrow-keygen', '--label', 'Clinic IT', '--out', at('it')],
      ...['--passphrase-file', at('admin'), '--json'],
    ]);
    const { fingerprint, publicFile, secretFile } = escrowKeysReport.parse(JSON.parse(made.out));
    const { slots } = await vitrine(keyChangeReport, 'keys', 'add-escrow', publicFile);
    expect(slots.find(({ kind }) => kind === 'escrow')?.holder).toEqual({ label: 'Clinic IT', fingerprint });
    const how = ['--key', secretFile, '--key-passphrase-file', at('admin')];
    expect((await vitrine(keyDrillReport, 'keys', 'drill', 'escrow', ...how)).kind).toBe('escrow');
    const recovered = await vitrine(
      keyRecoverReport,
      ...['keys', 'escrow-recover', ...how, '--new-passphrase-file', at('new')],
    );
    expect(recovered).toEqual({ opened: 'escrow', passphraseSet: true });
    await fails('keys/wrong-passphrase', 'keys', 'list');
    await put('pass', await readFile(at('new'), 'utf8'));
    await vitrine(keysReport, 'keys', 'list');
  });

  it('keeps the last way in, and removes others', { timeout: SLOW }, async () => {
    const { slots } = await vitrine(keysReport, 'keys', 'list');
    const escrow = slots.find(({ kind }) => kind === 'escrow')?.slotId ?? '';
    const { slots: left } = await vitrine(keyChangeReport, 'keys', 'remove', escrow.slice(0, 8));
    expect(left.map(({ kind }) => kind)).toEqual(['passphrase', 'recovery', 'shares']);
    await fails('keys/no-such-slot', 'keys', 'remove', escrow);
  });
});

describe('vitrine rotate', () => {
  it('gives the vault a new master key and its studies new keys; what opened it before is dead', {
    timeout: SLOW,
  }, async () => {
    const { recoveryCode, retiredSets, studies } = await vitrine(rotateReport, 'rotate', 'master');
    expect(studies).toBe(1);
    expect(retiredSets).toHaveLength(1);
    await fails('keys/retired-shares', 'keys', 'drill', 'shares', '--shares-file', at('two'));
    await fails('keys/wrong-recovery-code', 'keys', 'drill', 'recovery', '--recovery-code-file', at('code'));
    await put('code', (recoveryCode ?? []).join('-'));
    await vitrine(keyDrillReport, 'keys', 'drill', 'recovery', '--recovery-code-file', at('code'));
    expect((await vitrine(resealReport, 'rotate', 'studies')).studies).toBe(1);
    expect((await vitrine(verifyReport, 'verify')).problems).toEqual([]);
    expect((await vitrine(keysReport, 'keys', 'list')).rotatingSince).toBeNull();
    const renewed = await vitrine(keyRecoveryReport, 'keys', 'recovery');
    expect(renewed.recoveryCode).toHaveLength(9);
  });
});

describe('vitrine retention and shred', () => {
  it('plans by rules, respects a hold, shreds only with --yes, and certifies it', { timeout: SLOW }, async () => {
    const { studies } = await vitrine(listReport, 'list');
    const studyId = studies[0]?.studyId ?? '';
    await vitrine(retentionReport, 'retention', 'rules', '--add', 'CT', '--months', '1', '--minors-until', 'off');
    const since = (await vitrine(retentionPlan, 'retention', 'dry-run')).due;
    expect(since.map((study) => study.studyId)).toEqual([studyId]);
    await vitrine(retentionReport, 'retention', 'hold', studyId);
    expect((await vitrine(retentionPlan, 'retention', 'dry-run')).kept).toEqual([{ studyId, reason: 'hold' }]);
    await fails('vault/on-hold', 'shred', 'studies', studyId, '--yes');
    await vitrine(retentionReport, 'retention', 'hold', studyId, '--lift');
    await fails('cli/not-confirmed', 'shred', 'studies', studyId);
    await fails('cli/not-confirmed', 'retention', 'run');
    const { studies: gone } = await vitrine(shredReport, 'retention', 'run', '--yes');
    expect(gone.map((study) => study.studyId)).toEqual([studyId]);
    expect((await vitrine(listReport, 'list')).all).toBe(0);
    const exported = await run(['audit', 'export', '--vault', at('vault'), '--passphrase-file', at('pass'), '--json']);
    const { key } = JSON.parse(exported.out) as { key: string };
    const certificate = gone[0]?.certificate ?? '';
    const checked = await run(['shred', 'verify', certificate, '--key', key, '--json']);
    expect(certificateReport.parse(JSON.parse(checked.out)).certificates[0]).toMatchObject({
      studyId,
      verdict: 'valid',
    });
    await put('edited.json', (await readFile(certificate, 'utf8')).replace('"bytes": ', '"bytes": 1'));
    expect((await run(['shred', 'verify', at('edited.json'), '--key', key, '--json'])).exit).toBe(1);
    expect(await readdir(at('vault/studies'))).toEqual([]);
  });
});
