import { createHash } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { originOf } from '../../core/audit/checkpoint.ts';
import type { SecretStore } from '../../core/keys/types.ts';
import { CareVault, quiet } from '../../test/fixtures/care-vault.ts';
import { importPaths, listAll, putMark, verifyAll } from '../../test/fixtures/temp-vault.ts';
import { createSigner } from '../audit/ed25519.ts';
import { onReach } from '../vault/write-points.ts';
import { restore } from './restore.ts';
import { RollbackGuard, type Verdict } from './rollback.ts';

let care: CareVault;
let secrets: SecretStore | null;
let outside: string | null;
let auditSize: number;

const entries = new Map<string, Uint8Array>();
const keychain: SecretStore = {
  get: async (account) => entries.get(account) ?? null,
  set: async (account, secret) => void entries.set(account, Uint8Array.from(secret)),
  delete: async (account) => entries.delete(account),
};

beforeEach(async () => {
  entries.clear();
  secrets = null;
  auditSize = 5;
  care = await CareVault.make(2);
  outside = care.path('profile');
  await guard().publish();
});
afterEach(() => care.remove());

function guard(dir = care.dir): RollbackGuard {
  const place = { vault: dir, vaultId: care.temp.open.vaultId, outside, secrets: async () => secrets };
  const log = { signer: care.signer, head: async () => ({ size: auditSize, root: '0'.repeat(64) }) };
  return new RollbackGuard(place, log, care.vault);
}

/** Keeps the vault's folder, or some names of it, as it is now. */
async function keep(name: string): Promise<void> {
  await care.vault.dispose();
  await cp(care.dir, care.path(name), { recursive: true });
  await care.reopen();
}

/** Takes the vault's folder, or some names in it, back to what was kept. */
async function takeBack(name: string, parts: readonly string[] | null = null): Promise<void> {
  await care.vault.dispose();
  for (const part of parts ?? ['.']) {
    await rm(join(care.dir, part), { recursive: true, force: true });
    await cp(join(care.path(name), part), join(care.dir, part), { recursive: true });
  }
  await care.reopen();
}

/** As the workstation does it: a catalogue that is older than the objects is made anew first. */
async function opened(): Promise<Verdict & { rebuilt: boolean; guard: RollbackGuard }> {
  const first = guard();
  const verdict = await first.check(false);
  if (!verdict.rebuild) return { ...verdict, rebuilt: false, guard: first };
  await care.care('distrust', {});
  await care.reopen();
  const second = guard();
  return { ...(await second.check(true)), rebuilt: true, guard: second };
}

const older = (verdict: Verdict) => (verdict.rebuild ? 'rebuild' : verdict.older);

describe('a vault that nobody took back', () => {
  it('is fine after changes, after a crash before they were published, and after its catalogue was made anew', async () => {
    expect(older(await guard().check(false))).toBeNull();
    await care.add('later');
    expect(older(await guard().check(false))).toBeNull();
    await guard().publish();
    await care.care('distrust', {});
    await care.reopen();
    expect(older(await guard().check(true))).toBeNull();
    // Counted on behind what is remembered: the next check has nothing to cure.
    expect(older(await guard().check(false))).toBeNull();
    // A catalogue that was lost together with a change that was not published yet.
    const before = await care.care('state', {});
    await care.add('unpublished');
    await care.vault.dispose();
    await rm(join(care.dir, 'catalogue.db'));
    await care.reopen();
    expect(older(await guard().check(true))).toBeNull();
    expect((await care.care('state', {})).counter).toBeGreaterThan(before.counter);
  });

  it('counts imports, marks and studies that go, and the root is a function of what is there', async () => {
    const first = await care.care('state', {});
    expect(first).toMatchObject({ studies: 2, images: 6, notes: 2 });
    const [row] = await listAll(care.vault);
    await care.vault.append(row?.studyId ?? '', [putMark('more')]);
    const second = await care.care('state', {});
    expect(second).toMatchObject({ counter: first.counter + 1, notes: 3 });
    expect(second.root).not.toBe(first.root);
    await care.care('distrust', {});
    await care.reopen();
    expect(await care.care('state', {})).toMatchObject({ root: second.root, studies: 2, images: 6, notes: 3 });
  });
});

describe('a roll-back', () => {
  it('of the whole vault is explained; it is read and takes no changes until a person accepts it', async () => {
    await keep('monday');
    const before = await care.care('state', {});
    await care.add('tuesday');
    await guard().publish();
    const after = await care.care('state', {});
    await takeBack('monday');
    const found = await opened();
    expect(older(found)).toMatchObject({
      by: 'computer',
      remembered: { studies: 3, images: 9, notes: 3, counter: after.counter },
      now: { studies: 2, images: 6, counter: before.counter },
    });
    const [row] = await listAll(care.vault);
    await expect(care.vault.append(row?.studyId ?? '', [putMark('no')])).rejects.toMatchObject({
      code: 'vault/rolled-back',
    });
    await expect(importPaths(care.vault, [await care.source('no')])).rejects.toMatchObject({
      code: 'vault/rolled-back',
    });
    // Neither a second look nor a publication makes it forget.
    await found.guard.publish();
    expect(older(await opened())).toMatchObject({ by: 'computer' });
    const accepted = await found.guard.accept();
    expect(accepted?.remembered.counter).toBe(after.counter);
    expect((await care.care('state', {})).counter).toBe(after.counter + 1);
    await care.vault.append(row?.studyId ?? '', [putMark('yes')]);
    await found.guard.publish();
    expect(older(await opened())).toBeNull();
    // The copy that was left behind is now the older one.
    await takeBack('monday');
    expect(older(await opened())).toMatchObject({ by: 'computer' });
  });

  it('of everything that this computer remembers is found by the keychain', async () => {
    secrets = keychain;
    await keep('monday');
    await care.add('tuesday');
    await guard().close();
    await takeBack('monday');
    await rm(care.path('profile'), { recursive: true });
    const found = await opened();
    expect(older(found)).toBeNull();
    expect(await found.guard.checkKeychain()).toMatchObject({ by: 'keychain', remembered: { studies: 3 } });
    await expect(care.vault.append('0'.repeat(32), [putMark('no')])).rejects.toMatchObject({
      code: 'vault/rolled-back',
    });
  });

  it('of the catalogue alone is cured by the objects', async () => {
    await keep('monday');
    const studyId = await care.add('tuesday');
    await guard().publish();
    await takeBack('monday', ['catalogue.db']);
    expect((await listAll(care.vault)).length).toBe(2);
    const found = await opened();
    expect(found.rebuilt).toBe(true);
    expect(older(found)).toBeNull();
    expect((await listAll(care.vault)).map((row) => row.studyId)).toContain(studyId);
    expect((await verifyAll(care.vault)).problems).toEqual([]);
    expect(older(await opened())).toBeNull();
  });

  it('of a catalogue and the state beside it is cured as well', async () => {
    await keep('monday');
    await care.add('tuesday');
    await guard().publish();
    await takeBack('monday', ['catalogue.db', 'state']);
    const found = await opened();
    expect(found.rebuilt).toBe(true);
    expect(older(found)).toBeNull();
  });

  it('of the studies under a catalogue that was thrown away is no cure', async () => {
    await keep('monday');
    await care.add('tuesday');
    await guard().publish();
    await takeBack('monday', ['studies']);
    await care.vault.dispose();
    await rm(join(care.dir, 'catalogue.db'));
    await care.reopen();
    expect(older(await guard().check(true))).toMatchObject({ remembered: { studies: 3 }, now: { studies: 2 } });
  });

  it('of one study, of one object and of one manifest is named by verify', async () => {
    await keep('monday');
    const [row] = await listAll(care.vault);
    const studyId = row?.studyId ?? '';
    await care.vault.append(studyId, [putMark('tuesday')]);
    await takeBack('monday', [join('studies', studyId)]);
    expect((await verifyAll(care.vault, false)).problems).toMatchObject([{ kind: 'missing', studyId }]);
  });

  it('of a manifest to one of the same number that was never committed is named by verify', async () => {
    const [row] = await listAll(care.vault);
    const manifest = join(care.dir, 'studies', row?.studyId ?? '', '2.manifest');
    const more = await care.source('study-0', 4);
    // An import that ends after it wrote its manifest takes it back; somebody kept it.
    onReach((point) => {
      if (point !== 'import.before-commit') return;
      copyFileSync(manifest, care.path('kept'));
      throw new Error('ended');
    });
    await importPaths(care.vault, [more]);
    onReach(null);
    expect((await importPaths(care.vault, [more])).outcome.outcome).toBe('done');
    expect((await verifyAll(care.vault, false)).problems).toEqual([]);
    await cp(care.path('kept'), manifest);
    expect((await verifyAll(care.vault, false)).problems.map(({ kind }) => kind)).toContain('manifest');
  });

  it('of the header is noticed: slots that were removed may open the vault again', async () => {
    const header = join(care.dir, 'vault.json');
    await writeFile(header, '{"header":2}');
    await guard().publish();
    expect(await guard().check(false)).toMatchObject({ headerOlder: false });
    // Changed, and not published yet when the computer lost its power.
    await writeFile(header, '{"header":3}');
    expect(await guard().check(false)).toMatchObject({ headerOlder: false });
    await writeFile(header, '{"header":1}');
    expect(await guard().check(false)).toMatchObject({ headerOlder: true, older: null });
  });

  it('of the accounts is noticed: who was removed may come in again', async () => {
    const accounts = join(care.dir, 'users.json');
    for (const text of ['{"accounts":1}', '{"accounts":2}']) {
      await writeFile(accounts, text);
      await guard().publish();
    }
    expect(await guard().check(false)).toMatchObject({ accountsOlder: false });
    await writeFile(accounts, '{"accounts":1}');
    expect(await guard().check(false)).toMatchObject({ accountsOlder: true, headerOlder: false, older: null });
    await rm(accounts);
    expect(await guard().check(false)).toMatchObject({ accountsOlder: true });
  });

  it('of the audit log is noticed', async () => {
    auditSize = 4;
    expect(await guard().check(false)).toMatchObject({ logOlder: true, older: null });
  });

  it('is not to be had by a forged or foreign state', async () => {
    await care.add('more');
    const note = await readFile(join(care.dir, 'state'), 'utf8');
    await writeFile(join(care.dir, 'state'), note.replace(/\n(\d+)\n/, '\n999\n'));
    expect(older(await guard().check(false))).toBeNull();
    const { vaultId } = care.temp.open;
    const forger = createSigner(originOf(vaultId), createHash('sha256').update('other').digest());
    const forged = new RollbackGuard(
      { vault: care.dir, vaultId, outside, secrets: async () => null },
      { signer: forger, head: async () => ({ size: 1, root: '0'.repeat(64) }) },
      { care: async () => ({ ...(await care.care('state', {})), counter: 999 }) as never },
    );
    await forged.publish();
    expect(older(await guard().check(false))).toBeNull();
  });
});

describe('a restored backup', () => {
  it('is an older copy where the newer one is remembered, and says on which day it was made', async () => {
    const target = care.path('backup');
    await care.backUp(target);
    await care.add('tuesday');
    await guard().publish();
    await care.vault.dispose();
    await rm(care.dir, { recursive: true });
    const report = await restore(target, care.dir, { study: null, snapshot: null }, quiet);
    await care.reopen();
    const found = await opened();
    expect(found).toMatchObject({ rebuild: false, restored: { at: report.at, signed: true, damaged: 0 } });
    expect(older(found)).toMatchObject({ remembered: { studies: 3 }, now: { studies: 2 } });
    await found.guard.accept();
    expect(await opened()).toMatchObject({ rebuild: false, older: null, restored: null });
  });

  it('opens on a new computer without a question', async () => {
    const target = care.path('backup');
    await care.backUp(target);
    await care.vault.dispose();
    await rename(care.dir, care.path('old'));
    await restore(target, care.dir, { study: null, snapshot: null }, quiet);
    await care.reopen();
    outside = care.path('new-profile');
    const found = await opened();
    expect(found).toMatchObject({ rebuilt: false, older: null, restored: { signed: true } });
    await found.guard.publish();
    expect(await opened()).toMatchObject({ older: null, restored: null });
  });

  it('whose snapshot somebody else signed is told', async () => {
    const target = care.path('backup');
    const report = await care.care('backup', { target });
    const forger = createSigner(originOf(care.temp.open.vaultId), new Uint8Array(32).fill(9));
    Object.assign(care, { signer: forger });
    await care.sign(target, report);
    Object.assign(care, { signer: createSigner(originOf(care.temp.open.vaultId), new Uint8Array(32).fill(8)) });
    await mkdir(care.path('x'));
    await restore(target, care.path('x', 'vault'), { study: null, snapshot: null }, quiet);
    expect(await guard(care.path('x', 'vault')).check(false)).toMatchObject({ restored: { signed: false } });
  });
});
