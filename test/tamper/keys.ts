/** Whatever keys are wrapped in: the header by each of its slots, study keys by each recipient, accounts, shares, escrow. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, utf8 } from '../../core/bytes.ts';
import { createPolicyCipher } from '../../core/keys/abe/policy-cipher.ts';
import { normalise } from '../../core/keys/code-text.ts';
import { openEscrowSecret } from '../../core/keys/escrow.ts';
import {
  openWithKeychainSecret,
  openWithPassphrase,
  openWithRecoveryCode,
  parseHeader,
  serialiseHeader,
} from '../../core/keys/header.ts';
import { openWithEscrowKey, openWithShares } from '../../core/keys/more-slots.ts';
import { parseShare } from '../../core/keys/shares.ts';
import {
  type MemberAccess,
  openStudyKey,
  type PolicyCipher,
  type StudyAccess,
  studyAccess,
  wrapStudyKeyFor,
} from '../../core/keys/study-access.ts';
import type { UnlockedHeader, VaultHeader } from '../../core/keys/types.ts';
import { addAccount, createUsers, openAccount } from '../../core/keys/users/accounts.ts';
import { masterMember, memberOf } from '../../core/keys/users/entitlements.ts';
import { keyIn, openKeyring } from '../../core/keys/users/keyring.ts';
import type { UsersFile } from '../../core/keys/users/types.ts';
import { parseUsers, serialiseUsers } from '../../core/keys/users/users-file.ts';
import { createStudyKey } from '../../core/seal/study-key.ts';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';
import { randomFill } from '../../electron/random.ts';
import { withChangeTools } from '../../electron/users/users-store.ts';
import { type Container, jsonMeaning, type Way } from './container.ts';
import type { Stage } from './stage.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** An edited header that opens and says so to the person counts as refused: it is told, and made whole. */
function headerRead(header: VaultHeader, unlocked: UnlockedHeader): string | null {
  return unlocked.headerIntact ? `${toHex(unlocked.masterKey)} ${serialiseHeader(header)}` : null;
}

type Unlock = (header: VaultHeader) => UnlockedHeader | Promise<UnlockedHeader>;

/** `vault.json`, by each kind of slot. */
async function headers({ dir, secrets, argon2id }: Stage): Promise<Container[]> {
  const bytes = await readFile(join(dir, 'vault.json'));
  const unlocks: Record<string, Unlock> = {
    keychain: (header) => openWithKeychainSecret(header, secrets.keychain),
    passphrase: (header) => openWithPassphrase(header, secrets.passphrase, argon2id),
    'recovery code': (header) => openWithRecoveryCode(header, secrets.recoveryCode),
    shares: (header) => openWithShares(header, secrets.shares),
    escrow: (header) => openWithEscrowKey(header, secrets.escrow),
  };
  return Object.entries(unlocks).map(([way, unlock]) => ({
    kind: 'vault.json',
    way,
    bytes,
    ways: [
      {
        read: async (changed) => {
          const header = parseHeader(text(changed));
          return headerRead(header, await unlock(header));
        },
      },
    ],
    bits: way === 'keychain' ? 'all' : 'one',
    meaning: jsonMeaning,
  }));
}

/** Every printed sheet: each character as each other one too. */
function shares({ secrets }: Stage): Container[] {
  return secrets.shares.slice(0, 1).map((share) => {
    const letters = [...new Set(share.replaceAll('-', ''))];
    const others = [...share].flatMap((was, at) =>
      was === '-'
        ? []
        : letters.filter((one) => one !== was).map((one) => `${share.slice(0, at)}${one}${share.slice(at + 1)}`),
    );
    const read = (bytes: Uint8Array): string => {
      const { setId, index, threshold, count, share: part } = parseShare(text(bytes));
      return `${setId} ${index} ${threshold} ${count} ${toHex(part)}`;
    };
    const meaning = (bytes: Uint8Array): string => normalise(text(bytes));
    const rest = { others: others.map((one) => utf8(one)), bits: 'all' as const, meaning };
    return { kind: 'key share', way: 'as typed', bytes: utf8(share), ways: [{ read }], ...rest };
  });
}

function escrow({ secrets, argon2id }: Stage): Container {
  const read = async (bytes: Uint8Array): Promise<string> => {
    const { publicKey, secretKey } = await openEscrowSecret(text(bytes), secrets.passphrase, argon2id);
    return `${toHex(publicKey)} ${toHex(secretKey)}`;
  };
  const bytes = utf8(secrets.escrowText);
  return { kind: 'escrow key', way: 'passphrase', bytes, ways: [{ read }], bits: 'one', meaning: jsonMeaning };
}

/** A vault with one radiologist of cardiology. */
async function accounts({ header, master, argon2id, secrets }: Stage): Promise<UsersFile> {
  return withChangeTools(header, master, async (tools) => {
    const wish = { id: 'rita', displayName: 'Rita', roles: ['radiologist'] as const, attributes: ['cardiology'] };
    return addAccount(createUsers(tools), wish, { passphrase: secrets.passphrase, argon2id }, tools);
  });
}

/** `users.json`, as the owner's session and the account's read it. The account's slot is authenticated by itself. */
function users(stage: Stage, file: UsersFile): Container {
  const { master, argon2id, secrets, vaultId } = stage;
  const owner = (bytes: Uint8Array): string => {
    const read = parseUsers(text(bytes), vaultId);
    openKeyring(read, master);
    return serialiseUsers({ ...read, accounts: read.accounts.map(({ slot: _slot, ...one }) => one as never) });
  };
  const account = async (bytes: Uint8Array): Promise<string> => {
    const read = parseUsers(text(bytes), vaultId);
    await openAccount(read, 'rita', secrets.passphrase, argon2id);
    return serialiseUsers(read);
  };
  const ways = [{ read: owner }, { read: account }];
  const bytes = utf8(serialiseUsers(file));
  return { kind: 'users.json', way: 'owner and account', bytes, ways, bits: 'one', meaning: jsonMeaning };
}

/** The pairings of a rule run once for each ciphertext: most changes lie elsewhere. */
function remembered(cipher: PolicyCipher): PolicyCipher {
  const known = new Map<string, Uint8Array | null>();
  return {
    ...cipher,
    decapsulate: (rule, epoch, context, encapsulated) => {
      const question = `${rule}\n${epoch} ${toHex(context)} ${toHex(encapsulated)}`;
      const found = known.get(question);
      const answer = found === undefined ? cipher.decapsulate(rule, epoch, context, encapsulated) : found;
      known.set(question, answer?.slice() ?? null);
      return answer?.slice() ?? null;
    },
  };
}

/** `study.key` version 2: for roles, and under a rule; each recipient reads it by its own wrap. */
async function sharedKeys(stage: Stage, file: UsersFile): Promise<Container[]> {
  const { master, open, argon2id, secrets } = stage;
  const engine = createPlatformEngine();
  const owner = { vaultId: stage.vaultId, studyId: stage.studyId };
  const keyring = openKeyring(file, master);
  const { ring } = await openAccount(file, 'rita', secrets.passphrase, argon2id);
  const reader = memberOf(file, ring) as MemberAccess;
  const policy = reader.policy && remembered(createPolicyCipher(reader.policy, randomFill));
  const way = (access: StudyAccess, cipher: PolicyCipher | null = null): Way => ({
    read: (bytes) => toHex(openStudyKey({ engine, access, policy: cipher }, owner, bytes) as Uint8Array),
  });
  const vault = way(studyAccess(open.wrappingKey));
  const glass = { role: 'break-glass', epoch: 1, seed: keyIn(keyring, 'role/break-glass/1') } as const;
  const maker = studyAccess(open.wrappingKey, null, masterMember(file, keyring, open.wrappingKey));
  const record = (rule: string | null): Uint8Array =>
    wrapStudyKeyFor({ engine, access: maker, policy }, owner, createStudyKey(engine), rule);
  const radiologist = way(studyAccess(null, null, reader));
  const byRule = way(studyAccess(null, null, reader), policy);
  const byGlass = way(studyAccess(null, null, { ...reader, roles: [glass] }));
  const kind = 'study.key v2';
  return [
    { kind, way: 'vault and radiologists', bytes: record(null), ways: [vault, radiologist], bits: 'one' },
    {
      ...{ kind, way: 'vault, a rule and break-glass', bytes: record('cardiology'), bits: 'one' },
      ways: [vault, byGlass, byRule],
    },
  ];
}

/** Everything that keys are wrapped in. */
export async function keyContainers(stage: Stage): Promise<Container[]> {
  const file = await accounts(stage);
  return [
    ...(await headers(stage)),
    ...shares(stage),
    escrow(stage),
    ...(await sharedKeys(stage, file)),
    users(stage, file),
  ];
}
