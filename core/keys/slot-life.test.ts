import { randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainArgon2 } from '../../test/fixtures/plain-argon2.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { hasCode } from '../errors.ts';
import { idFrom, type VaultId } from '../ids.ts';
import { createEscrowFiles, openEscrowSecret, parseEscrowPublic } from './escrow.ts';
import {
  createHeader,
  openWithKeychainSecret,
  openWithPassphrase,
  openWithRecoveryCode,
  parseHeader,
  removeSlot,
  replaceKeychainSlot,
  replacePassphrase,
  replaceRecovery,
  serialiseHeader,
} from './header.ts';
import { addEscrow, openWithEscrowKey, openWithShares, replaceShares } from './more-slots.ts';
import { changeMaster, endRotation } from './rotation.ts';
import { createKeychainSecret } from './slots.ts';
import type { MasterKey, SlotKind, VaultHeader } from './types.ts';

const randomFill = (out: Uint8Array) => void randomFillSync(out);
const createdAt = '2026-01-02T03:04:05.678Z';
const change = { randomFill, createdAt };
const administrator = randomFillSync(new Uint8Array(16));
const escrow = createEscrowFiles({ label: 'IT', passphrase: administrator, argon2id: plainArgon2, ...change });

/** A vault and everything that its people hold. */
interface Life {
  header: VaultHeader;
  masterKey: MasterKey;
  passphrase: Uint8Array;
  recoveryCode: string;
  keychain: Uint8Array;
  shares: readonly string[];
}

async function opensBy(kind: SlotKind, life: Life): Promise<MasterKey> {
  const header = parseHeader(serialiseHeader(life.header));
  if (kind === 'passphrase') return (await openWithPassphrase(header, life.passphrase, plainArgon2)).masterKey;
  if (kind === 'recovery') return openWithRecoveryCode(header, life.recoveryCode).masterKey;
  if (kind === 'keychain') return openWithKeychainSecret(header, life.keychain).masterKey;
  if (kind === 'shares') return (await openWithShares(header, life.shares.slice(-2))).masterKey;
  const key = await openEscrowSecret((await escrow).secretText, administrator, plainArgon2);
  return openWithEscrowKey(header, key).masterKey;
}

type Step = 'passphrase' | 'recovery' | 'keychain' | 'shares' | 'escrow' | 'rotate' | { readonly remove: number };

async function removed(life: Life, at: number): Promise<void> {
  const slot = life.header.slots[at % life.header.slots.length];
  try {
    life.header = removeSlot(life.header, life.masterKey, slot?.id ?? '', createdAt);
  } catch (error) {
    if (!hasCode(error, 'keys/last-slot')) throw error;
  }
}

async function take(life: Life, step: Step): Promise<void> {
  const { header, masterKey } = life;
  if (typeof step === 'object') return removed(life, step.remove);
  switch (step) {
    case 'passphrase':
      life.passphrase = randomFillSync(new Uint8Array(8));
      life.header = await replacePassphrase(header, masterKey, {
        ...change,
        passphrase: life.passphrase,
        argon2id: plainArgon2,
      });
      return;
    case 'recovery':
      ({ header: life.header, recoveryCode: life.recoveryCode } = replaceRecovery(header, masterKey, change));
      return;
    case 'keychain':
      life.keychain = createKeychainSecret(randomFill);
      life.header = replaceKeychainSlot(header, masterKey, { ...change, secret: life.keychain });
      return;
    case 'shares':
      ({ header: life.header, shares: life.shares } = await replaceShares(header, masterKey, {
        ...change,
        threshold: 2,
        count: 3,
      }));
      return;
    case 'escrow':
      life.header = addEscrow(header, masterKey, { ...change, to: parseEscrowPublic((await escrow).publicText) });
      return;
    case 'rotate': {
      const keychainSecret = createKeychainSecret(randomFill);
      const wanted = { ...change, passphrase: life.passphrase, argon2id: plainArgon2, keychainSecret };
      const changed = await changeMaster(header, masterKey, wanted);
      life.header = endRotation(changed.header, changed.masterKey);
      life.masterKey = changed.masterKey;
      life.keychain = keychainSecret;
      life.recoveryCode = changed.recoveryCode ?? life.recoveryCode;
    }
  }
}

describe('whatever is done to the slots', () => {
  it('every slot opens the vault, and some slot that a person holds is always there', {
    timeout: 120_000,
  }, async () => {
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.constantFrom<Step>('passphrase', 'recovery', 'keychain', 'shares', 'escrow', 'rotate'),
      fc.nat({ max: 15 }).map((remove) => ({ remove })),
    );
    await assertProperty(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const passphrase = randomFillSync(new Uint8Array(8));
        const vaultId = idFrom<VaultId>(randomFillSync(new Uint8Array(16)));
        const made = await createHeader({ vaultId, name: 'A', passphrase, argon2id: plainArgon2, ...change });
        const life: Life = { ...made, passphrase, keychain: new Uint8Array(32), shares: [] };
        for (const one of steps) await take(life, one);
        const kinds = life.header.slots.map(({ kind }) => kind);
        expect(kinds.some((kind) => kind !== 'keychain')).toBe(true);
        // Losing any one slot loses nothing: each opens by itself.
        for (const kind of kinds) expect(await opensBy(kind, life), kind).toEqual(life.masterKey);
      }),
      { numRuns: 40 },
    );
  });
});
