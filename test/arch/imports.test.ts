import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** A house in which some imports are right and some are planted: path → text. */
const HOUSE: Readonly<Record<string, string>> = {
  'core/errors.ts': 'export const code = 1;',
  'core/dicom/types.ts': "import { code } from '../errors.ts'; export type Dicom = typeof code;",
  'core/dicom/errors.ts': "export const CODES = ['a'] as const;",
  'core/dicom/behaviour.ts': 'export const parse = 1;',
  'core/seal/seal.ts': "import type { Dicom } from '../dicom/types.ts'; export const seal = (d: Dicom) => d;",
  'core/vault/vault.ts': "import { seal } from '../seal/seal.ts'; export type Vault = typeof seal;",
  'core/contract/fine.ts':
    "import type { Vault } from '../vault/vault.ts'; import { CODES } from '../dicom/errors.ts'; export const v = CODES as unknown as Vault;",
  'core/contract/behaviour.ts': "import { parse } from '../dicom/behaviour.ts'; export const w = parse;",
  'core/seal/later-stage.ts': "import type { Vault } from '../vault/vault.ts'; export type X = Vault;",
  'core/seal/node.ts': "import { readFileSync } from 'node:fs'; export const x = readFileSync;",
  'core/seal/package.ts': "import type { Logger } from 'pino'; export type L = Logger;",
  'native/keychain/store.ts': "import type { Vault } from '../../core/vault/vault.ts'; export type S = Vault;",
  'electron/main.ts':
    "import { app } from 'electron'; import { seal } from '../core/seal/seal.ts'; export const m = [app, seal];",
  'electron/handlers/open.ts': "import type { App } from 'electron'; export type A = App;",
  'electron/handlers/page.ts': "import { start } from '../../renderer/app.tsx'; export const p = start;",
  'electron/handlers/fixture.ts': "import { fixture } from '../../test/fixture.ts'; export const f = fixture;",
  'renderer/app.tsx': "import { list } from './features/list/list.ts'; export const start = list;",
  'renderer/keys.ts': "import type { X } from '../core/seal/later-stage.ts'; export type K = X;",
  'renderer/features/list/list.ts': "import { v } from '../../../core/contract/fine.ts'; export const list = v;",
  'renderer/features/viewer/viewer.ts': "import type { list } from '../list/list.ts'; export type V = typeof list;",
  'renderer/features/viewer/volume.ts':
    "import type { Types } from '@cornerstonejs/core'; export type T = Types.Point3;",
  'renderer/cornerstone/volume.ts': "import type { Types } from '@cornerstonejs/core'; export type T = Types.Point3;",
  'renderer/circle-a.ts': "import { b } from './circle-b.ts'; export const a = () => b;",
  'renderer/circle-b.ts': "import { a } from './circle-a.ts'; export const b = () => a;",
  'renderer/misspelt.ts': "import { nothing } from './not-there.ts'; export const n = nothing;",
  'test/fixture.ts': "import { seal } from '../core/seal/seal.ts'; export const fixture = seal;",
};

/** Every planted violation: the file that must be named, and what it may not import. */
const PLANTED: readonly (readonly [file: string, target: string, what: string])[] = [
  ['core/seal/later-stage.ts', 'core/vault/vault.ts', 'a type of a later stage'],
  ['core/seal/node.ts', 'fs', "Node's modules in core/"],
  ['core/seal/package.ts', 'node_modules/pino/', "a package that is not the stage's"],
  ['core/contract/behaviour.ts', 'core/dicom/behaviour.ts', 'behaviour in the contract'],
  ['native/keychain/store.ts', 'core/vault/vault.ts', 'a stage in native/'],
  ['electron/handlers/open.ts', 'node_modules/electron/', 'the package electron outside its few files, type-only'],
  ['electron/handlers/page.ts', 'renderer/app.tsx', 'the page in a privileged process'],
  ['electron/handlers/fixture.ts', 'test/fixture.ts', 'test code in the product'],
  ['renderer/keys.ts', 'core/seal/later-stage.ts', 'sealing in the page, type-only'],
  ['renderer/features/viewer/viewer.ts', 'renderer/features/list/list.ts', 'a feature in a feature, type-only'],
  ['renderer/features/viewer/volume.ts', 'node_modules/@cornerstonejs/', 'Cornerstone outside its room'],
  ['renderer/circle-a.ts', 'renderer/circle-b.ts', 'a circle'],
  ['renderer/misspelt.ts', './not-there.ts', 'a file that is not there'],
];

interface Violation {
  readonly from: string;
  readonly to: string;
}

/** Runs the very command of `npm run imports` over a folder. */
function violations(folder: string): Promise<Violation[]> {
  const command = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [command, '--config', join(ROOT, 'build', 'imports.cjs'), '--output-type', 'json', '.'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }, (error, stdout) => {
      if (stdout === '') reject(error);
      else resolve(JSON.parse(stdout).summary.violations);
    });
  });
}

describe('the import table', () => {
  let folder: string;
  let found: Violation[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-arch-'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), await readFile(join(ROOT, 'package.json')));
    for (const [path, text] of Object.entries(HOUSE)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    found = await violations(folder);
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(PLANTED)('%s: catches %s (%s)', (file, target) => {
    expect(found.filter(({ from, to }) => from === file && to.includes(target))).not.toHaveLength(0);
  });

  it('lets every right import pass', () => {
    const planted = new Set(PLANTED.map(([file]) => file));
    expect(found.filter(({ from }) => !planted.has(from))).toEqual([]);
  });
});
