import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseHeader } from '../../core/keys/header.ts';
import { createFakeSecretStore, type FakeSecretStore } from '../../test/fixtures/fake-secret-store.ts';
import { sharesOf } from '../../test/fixtures/pdf-text.ts';
import { plainArgon2 } from '../../test/fixtures/plain-argon2.ts';
import { type Stage, stageSession } from '../../test/fixtures/session-stage.ts';
import { writeOwnFile } from './key-file.ts';
import { holderOf, KeySlots } from './key-slots.ts';
import { shareSheets } from './share-sheets.ts';

const PASSPHRASE = 'correct horse battery';
const code = (text: string) => expect.objectContaining({ code: text });

let folder = '';
let secrets: FakeSecretStore;
let stage: Stage;
let slots: KeySlots;
let recovery = '';

const slotsOf = (one: Stage): KeySlots => new KeySlots(holderOf(one.session), { argon2id: plainArgon2, secrets });
const staged = (): Stage => stageSession(join(folder, 'vault'), secrets, { argon2id: plainArgon2 });
const header = async () => parseHeader(await readFile(join(folder, 'vault', 'vault.json'), 'utf8'));
const idOf = (kind: string): string => slots.list().slots.find((slot) => slot.kind === kind)?.slotId ?? '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-slots-'));
  secrets = createFakeSecretStore();
  stage = staged();
  const made = await stage.session.create({ name: 'Clinic A', passphrase: PASSPHRASE, useKeychain: true });
  recovery = made.recoveryCode.join('-');
  slots = slotsOf(stage);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a drill', () => {
  it('proves a slot, notes when, and changes nothing else', async () => {
    const before = await header();
    for (const method of [
      { with: 'passphrase', passphrase: PASSPHRASE } as const,
      { with: 'recovery', recoveryCode: recovery } as const,
      { with: 'keychain' } as const,
    ])
      await slots.drill(method);
    const after = await header();
    expect(after.slots.map(({ testedAt }) => testedAt !== null)).toEqual([true, true, true]);
    expect(after.slots.map((slot) => ({ ...slot, testedAt: null }))).toEqual(before.slots);
    expect(stage.session.isUnlocked).toBe(true);
  });

  it('that fails leaves no date, and wrong passphrases slow the next one', async () => {
    for (let tries = 0; tries < 3; tries++)
      await expect(slots.drill({ with: 'passphrase', passphrase: 'guess' })).rejects.toThrow(
        code('keys/wrong-passphrase'),
      );
    await expect(slots.drill({ with: 'passphrase', passphrase: PASSPHRASE })).rejects.toThrow(code('keys/too-soon'));
    expect((await header()).slots.every(({ testedAt }) => testedAt === null)).toBe(true);
  });
});

describe('whoever changes a way in', () => {
  it('shows to be the owner, by the passphrase or by the way that they came in', async () => {
    await expect(slots.changePassphrase(null, 'another good one')).rejects.toThrow(code('keys/passphrase-needed'));
    await expect(slots.renewRecovery('guess')).rejects.toThrow(code('keys/wrong-passphrase'));
    await expect(slots.remove(null, idOf('recovery'))).rejects.toThrow(code('keys/passphrase-needed'));
    await stage.session.close();
    const again = staged();
    await again.session.unlock({ with: 'recovery', recoveryCode: recovery });
    slots = slotsOf(again);
    expect(slots.list().ownerShown).toBe(true);
    await expect(slots.changePassphrase(null, 'short')).rejects.toThrow(code('keys/weak-passphrase'));
    await slots.changePassphrase(null, 'another good one');
    await again.session.close();
    const last = staged();
    await expect(last.session.unlock({ with: 'passphrase', passphrase: PASSPHRASE })).rejects.toThrow(
      code('keys/wrong-passphrase'),
    );
    expect(await last.session.unlock({ with: 'passphrase', passphrase: 'another good one' })).toMatchObject({
      state: 'unlocked',
    });
  });

  it('removes the keychain with its entry, and never the last way that a person holds', async () => {
    await slots.remove(PASSPHRASE, idOf('keychain'));
    expect(secrets.accounts).toEqual([]);
    expect(await stage.session.state()).toMatchObject({ keychain: 'not-used' });
    await slots.remove(PASSPHRASE, idOf('recovery'));
    expect(slots.list().slots.map(({ removable }) => removable)).toEqual([false]);
    await expect(slots.remove(PASSPHRASE, idOf('passphrase'))).rejects.toThrow(code('keys/last-slot'));
  });
});

describe('key shares', () => {
  const path = () => join(folder, 'sheets.pdf');
  const make = () =>
    slots.makeShares(PASSPHRASE, { threshold: 2, count: 3 }, async (set) =>
      writeOwnFile(path(), await shareSheets(set, 'de'), false),
    );

  it('are on their sheets, and unlock the vault from there', async () => {
    const setId = await make();
    const shares = await sharesOf(await readFile(path()));
    expect(slots.list().slots.at(-1)?.set).toEqual({ name: setId, count: 3, threshold: 2 });
    await stage.session.lock();
    expect(await staged().session.unlock({ with: 'shares', shares: shares.slice(0, 2) })).toMatchObject({
      state: 'unlocked',
      lockedAt: null,
    });
  });

  it('whose sheets can not be written change nothing, and sheets of a set that is not in force do not stay', async () => {
    const before = await header();
    const refuse = async (): Promise<never> => {
      throw Object.assign(new Error('no'), { code: 'ENOSPC' });
    };
    await expect(slots.makeShares(PASSPHRASE, { threshold: 2, count: 3 }, refuse)).rejects.toThrow('no');
    expect(await header()).toEqual(before);
    const failing = new KeySlots(
      {
        ...holderOf(stage.session),
        changeHeader: (change) =>
          stage.session.changeHeader(async (...given) => {
            await change(...given);
            throw new Error('the disk is full');
          }),
      },
      { argon2id: plainArgon2, secrets },
    );
    const kept = failing.makeShares(PASSPHRASE, { threshold: 2, count: 3 }, async (set) =>
      writeOwnFile(path(), await shareSheets(set, 'en'), false),
    );
    await expect(kept).rejects.toThrow('the disk is full');
    await expect(readFile(path())).rejects.toThrow(/ENOENT/);
    expect(await header()).toEqual(before);
  });
});

describe('a change of the master key', () => {
  it('takes effect at once: new code, new keychain entry, other keys for the vault, the old ones beside', async () => {
    const { recoveryCode, retiredSets } = await slots.rotate(PASSPHRASE);
    expect(retiredSets).toEqual([]);
    expect(slots.list().rotatingSince).not.toBeNull();
    await expect(slots.drill({ with: 'recovery', recoveryCode: recovery })).rejects.toThrow(
      code('keys/wrong-recovery-code'),
    );
    await slots.drill({ with: 'recovery', recoveryCode: recoveryCode ?? '' });
    await slots.drill({ with: 'keychain' });
    const [first] = stage.opened;
    await stage.session.withKeys(async (_vault, keys) => {
      expect(keys.catalogueKey).not.toEqual(first?.catalogueKey);
      expect(keys.previous).toEqual({ catalogueKey: first?.catalogueKey, wrappingKey: first?.wrappingKey });
    });
    await expect(slots.rotate(PASSPHRASE)).rejects.toThrow(code('keys/rotation-running'));
    // The process dies here: the next open gets both keys, and ends what was begun.
    await stage.session.close();
    const again = staged();
    await again.session.unlock({ with: 'passphrase', passphrase: PASSPHRASE });
    expect(again.opened[0]?.previous).not.toBeNull();
    slots = slotsOf(again);
    await slots.endRotation();
    expect(slots.list().rotatingSince).toBeNull();
    await again.session.close();
    const last = staged();
    await last.session.unlock({ with: 'keychain' });
    expect(last.opened[0]?.previous).toBeNull();
  });

  it('with a keychain that fails leaves a vault that its passphrase opens, and says what is to repair', async () => {
    secrets.failWith('keychain/locked');
    await slots.rotate(PASSPHRASE);
    secrets.failWith(null);
    expect(slots.list().keychain).toBe('locked');
    await stage.session.close();
    const again = staged();
    expect(await again.session.state()).toMatchObject({ keychain: 'changed' });
    await again.session.unlock({ with: 'passphrase', passphrase: PASSPHRASE });
    expect(await again.session.repairKeychain()).toMatchObject({ keychain: 'ok' });
  });

  it('wants the right passphrase', async () => {
    const before = await header();
    await expect(slots.rotate('guess')).rejects.toThrow(code('keys/wrong-passphrase'));
    expect(await header()).toEqual(before);
  });
});
