/**
 * What is done with accounts. Every change gives a new, signed file; rings are made anew for whom it concerns. Only somebody
 * with the master key can do any of it, but for an account's own passphrase.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8, wipe } from '../../bytes.ts';
import { encodeFields } from '../../seal/v1/context.ts';
import { createAuthority } from '../abe/policy-cipher.ts';
import { isAttribute, parseRule, ruleText } from '../abe/rule.ts';
import { fromBase64, toBase64 } from '../base64.ts';
import { keysError } from '../errors.ts';
import { createHybridSeed, hybridPublicKey, openSealedToKey, sealToPublicKey } from '../hybrid.ts';
import { vaultSecretsOf } from '../study-access.ts';
import type { Argon2id, MasterKey } from '../types.ts';
import { createAccountSlot, openAccountSlot } from './account-slot.ts';
import { type ChangeTools, ringFor } from './entitlements.ts';
import { usersError } from './errors.ts';
import { keyIn, openKeyring, sealKeyring, withEpoch, withoutEpochs } from './keyring.ts';
import { parseRing, type Ring, ringBytes, wipeRing } from './ring.ts';
import type { Account, Role, UsersFile } from './types.ts';
import { isAccountId, isSigned, MAX_ACCOUNTS, MAX_ATTRIBUTES, signUsers } from './users-file.ts';

/** What an administrator says of an account. */
export interface AccountWish {
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly attributes: readonly string[];
}

function ringContext(file: UsersFile, id: string): Uint8Array {
  return encodeFields(utf8('vitrine/ring/v1'), utf8(file.vaultId), utf8(id), utf8(file.authority));
}

/** @throws VitrineError `users/bad-name`, `users/no-role`, `users/too-many`, `policy/bad-rule` for an attribute that is none */
function checked({ displayName, roles, attributes }: AccountWish): AccountWish {
  const name = displayName.trim();
  if (name.length < 1 || name.length > 80) throw usersError('users/bad-name', 'a display name has 1 to 80 characters');
  if (roles.length === 0) throw usersError('users/no-role', 'an account needs a role');
  const own = [...new Set(attributes)];
  if (own.length > MAX_ATTRIBUTES) throw usersError('users/too-many', 'too many attributes');
  const bad = own.find((attribute) => !isAttribute(attribute));
  if (bad !== undefined)
    throw usersError('policy/bad-rule', 'not an attribute', { details: { at: 0, expected: 'attribute' } });
  return { displayName: name, roles: [...new Set(roles)], attributes: own };
}

/** A vault's first accounts' file, without an account. */
export function createUsers(tools: ChangeTools): UsersFile {
  const { root, randomFill } = tools;
  const authority = createHybridSeed(randomFill);
  const policy = createAuthority(randomFill);
  const secrets = vaultSecretsOf(root.wrappingKey);
  const base: Ring = new Map([
    ['authority', authority],
    ['policy', policy.secret],
  ]);
  const { keyring, recipients } = withEpoch(base, 1, randomFill);
  const file = {
    format: 'vitrine-users' as const,
    version: 1 as const,
    vaultId: root.vaultId,
    revision: 1,
    epoch: 1,
    oldestEpoch: 1,
    authority: toBase64(ed25519.getPublicKey(authority)),
    vaultKey: toBase64(hybridPublicKey(secrets.recipientSeed)),
    recipients,
    policyKey: toBase64(policy.publicKey),
    importRule: null,
    keyring: sealKeyring(keyring, root.vaultId, root.master, randomFill),
    accounts: [],
  };
  const signed = signUsers(file, authority);
  wipeRing(keyring);
  return signed;
}

async function sealedRing(file: UsersFile, keyring: Ring, account: Account, tools: ChangeTools): Promise<string> {
  await tools.pause();
  const bytes = ringBytes(await ringFor(keyring, file, account, tools));
  const use = { context: ringContext(file, account.id) };
  const sealed = sealToPublicKey(fromBase64(account.publicKey), use, bytes, tools.randomFill);
  wipe(bytes);
  return toBase64(sealed);
}

/** Whose rings a change concerns: everybody's, or these accounts'. */
type Concerned = 'all' | readonly string[];

/** Makes the rings anew, counts the change and signs. */
async function renewed(file: UsersFile, keyring: Ring, concerned: Concerned, tools: ChangeTools): Promise<UsersFile> {
  const accounts: Account[] = [];
  for (const account of file.accounts) {
    const isConcerned = concerned === 'all' || concerned.includes(account.id);
    accounts.push(isConcerned ? { ...account, ring: await sealedRing(file, keyring, account, tools) } : account);
  }
  return signUsers({ ...file, accounts, revision: file.revision + 1 }, keyIn(keyring, 'authority'));
}

/** Runs a change with the keyring open, and wipes it. */
async function withKeyring<T>(file: UsersFile, master: MasterKey, use: (keyring: Ring) => Promise<T>): Promise<T> {
  const keyring = openKeyring(file, master);
  try {
    return await use(keyring);
  } finally {
    wipeRing(keyring);
  }
}

/** The account of this name. @throws VitrineError `users/no-such-user` with `user` */
export function accountOf(file: UsersFile, id: string): Account {
  const account = file.accounts.find((other) => other.id === id);
  if (!account)
    throw usersError('users/no-such-user', 'no account of this name', { details: { user: id.slice(0, 32) } });
  return account;
}

/** A person's first passphrase. */
export interface NewPassphrase {
  /** From `passphraseBytes`; the caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly argon2id: Argon2id;
}

/**
 * @throws VitrineError `users/exists`, `users/bad-name`, `users/no-role`, `users/too-many`, `policy/bad-rule`,
 *   `users/file-damaged`, `keys/empty-passphrase`, `keys/derivation-failed`
 */
export async function addAccount(
  file: UsersFile,
  wish: AccountWish & { readonly id: string },
  secret: NewPassphrase,
  tools: ChangeTools,
): Promise<UsersFile> {
  const { id } = wish;
  if (!isAccountId(id)) throw usersError('users/bad-name', 'not a name of an account');
  if (file.accounts.some((account) => account.id === id)) throw usersError('users/exists', 'the name is taken');
  if (file.accounts.length >= MAX_ACCOUNTS) throw usersError('users/too-many', 'too many accounts');
  const fields = { ...checked(wish), id, createdAt: tools.now, ring: '' };
  return withKeyring(file, tools.root.master, async (keyring) => {
    const account = { ...fields, ...(await newSecret(file, id, secret, tools)) };
    return renewed({ ...file, accounts: [...file.accounts, account] }, keyring, [id], tools);
  });
}

async function newSecret(file: UsersFile, id: string, { passphrase, argon2id }: NewPassphrase, tools: ChangeTools) {
  const seed = createHybridSeed(tools.randomFill);
  try {
    const owner = { vaultId: file.vaultId, id, authority: file.authority };
    const slot = await createAccountSlot(owner, seed, passphrase, argon2id, tools.randomFill);
    return { slot, publicKey: toBase64(hybridPublicKey(seed)) };
  } finally {
    wipe(seed);
  }
}

/** Whether somebody keeps keys that he shall have no more: that begins an epoch. */
function loses(before: AccountWish, after: AccountWish | null): boolean {
  const holds = (wish: AccountWish) => wish.roles.some((role) => role !== 'auditor');
  if (!holds(before)) return false;
  if (after === null) return true;
  const kept = new Set<string>([...after.roles, ...after.attributes]);
  return [...before.roles, ...before.attributes].some((name) => name !== 'auditor' && !kept.has(name));
}

/** The file in its next epoch, with the keyring that goes with it. */
function nextEpoch(file: UsersFile, keyring: Ring, tools: ChangeTools): { file: UsersFile; keyring: Ring } {
  const epoch = file.epoch + 1;
  const { root, randomFill } = tools;
  const made = withEpoch(keyring, epoch, randomFill);
  const sealed = sealKeyring(made.keyring, root.vaultId, root.master, randomFill);
  return { file: { ...file, epoch, recipients: made.recipients, keyring: sealed }, keyring: made.keyring };
}

/** A change of accounts, and whether it began an epoch: then studies are to be wrapped anew. */
export interface AccountsChange {
  readonly file: UsersFile;
  readonly newEpoch: boolean;
}

async function changed(
  file: UsersFile,
  id: string,
  wish: AccountWish | null,
  tools: ChangeTools,
): Promise<AccountsChange> {
  const before = accountOf(file, id);
  return withKeyring(file, tools.root.master, async (keyring) => {
    const others = file.accounts.filter((account) => account.id !== id);
    const accounts = wish === null ? others : file.accounts.map((a) => (a.id === id ? { ...a, ...wish } : a));
    const next = { ...file, accounts };
    if (!loses(before, wish)) return { file: await renewed(next, keyring, [id], tools), newEpoch: false };
    const begun = nextEpoch(next, keyring, tools);
    try {
      return { file: await renewed(begun.file, begun.keyring, 'all', tools), newEpoch: true };
    } finally {
      wipeRing(begun.keyring);
    }
  });
}

/** Removes an account. @throws VitrineError `users/no-such-user`, `users/file-damaged` */
export function removeAccount(file: UsersFile, id: string, tools: ChangeTools): Promise<AccountsChange> {
  return changed(file, id, null, tools);
}

/** Gives an account other roles, attributes or another display name. @throws as `addAccount` */
export function changeAccount(
  file: UsersFile,
  id: string,
  wish: AccountWish,
  tools: ChangeTools,
): Promise<AccountsChange> {
  return changed(file, id, checked(wish), tools);
}

/** Gives an account a new passphrase in place of a forgotten one: new keys, and the ring sealed to them. */
export function resetPassphrase(
  file: UsersFile,
  id: string,
  secret: NewPassphrase,
  tools: ChangeTools,
): Promise<UsersFile> {
  accountOf(file, id);
  return withKeyring(file, tools.root.master, async (keyring) => {
    const made = await newSecret(file, id, secret, tools);
    const accounts = file.accounts.map((account) => (account.id === id ? { ...account, ...made } : account));
    return renewed({ ...file, accounts }, keyring, [id], tools);
  });
}

/** Rule for imported studies from now on; null: none. @throws VitrineError `policy/bad-rule`, `users/file-damaged` */
export function setImportRule(file: UsersFile, rule: string | null, tools: ChangeTools): Promise<UsersFile> {
  const importRule = rule === null ? null : ruleText(parseRule(rule));
  return withKeyring(file, tools.root.master, (keyring) => renewed({ ...file, importRule }, keyring, [], tools));
}

/** Every study is wrapped to the newest epoch: the keys of those before go. */
export function settleEpochs(file: UsersFile, tools: ChangeTools): Promise<UsersFile> {
  const { root, randomFill } = tools;
  return withKeyring(file, root.master, (keyring) => {
    const kept = withoutEpochs(keyring, file.epoch);
    const sealed = sealKeyring(kept, root.vaultId, root.master, randomFill);
    return renewed({ ...file, oldestEpoch: file.epoch, keyring: sealed }, kept, 'all', tools);
  });
}

/** The accounts under a new master key: `tools.root` has the new keys. @throws VitrineError `users/file-damaged` */
export function rekeyUsers(file: UsersFile, oldMaster: MasterKey, tools: ChangeTools): Promise<UsersFile> {
  const { root, randomFill } = tools;
  return withKeyring(file, oldMaster, (keyring) => {
    const vaultKey = toBase64(hybridPublicKey(vaultSecretsOf(root.wrappingKey).recipientSeed));
    const sealed = sealKeyring(keyring, root.vaultId, root.master, randomFill);
    return renewed({ ...file, vaultKey, keyring: sealed }, keyring, 'all', tools);
  });
}

/** Who came in, and the keys that he is entitled to. The caller wipes seed and ring. */
export interface OpenedAccount {
  readonly account: Account;
  /** The account's private key: opens its ring again after a change. */
  readonly seed: Uint8Array;
  readonly ring: Ring;
}

/**
 * Opens an account by its passphrase.
 * @param passphrase from `passphraseBytes`; the caller wipes it
 * @throws VitrineError `users/no-such-user`, `keys/wrong-passphrase`, `users/file-damaged`, `keys/derivation-failed`
 */
export async function openAccount(
  file: UsersFile,
  id: string,
  passphrase: Uint8Array,
  argon2id: Argon2id,
): Promise<OpenedAccount> {
  const account = accountOf(file, id);
  const owner = { vaultId: file.vaultId, id, authority: file.authority };
  const seed = await openAccountSlot(owner, account.slot, passphrase, argon2id);
  if (seed === null) throw keysError('keys/wrong-passphrase', 'the account’s passphrase does not open');
  try {
    return { account, seed, ring: openRing(file, id, seed) };
  } catch (error) {
    wipe(seed);
    throw error;
  }
}

/** The ring of an account whose private key is at hand. @throws VitrineError `users/no-such-user`, `users/file-damaged` */
export function openRing(file: UsersFile, id: string, seed: Uint8Array): Ring {
  const account = accountOf(file, id);
  const bytes = isSigned(file)
    ? openSealedToKey(seed, { context: ringContext(file, id) }, fromBase64(account.ring))
    : null;
  const ring = bytes && parseRing(bytes);
  if (!ring) throw usersError('users/file-damaged', 'the accounts’ file was not written by this vault');
  return ring;
}

/** The account's own change of its passphrase: nothing but its slot is another. @throws as `createAccountSlot` */
export async function changeOwnPassphrase(
  file: UsersFile,
  id: string,
  seed: Uint8Array,
  { passphrase, argon2id }: NewPassphrase,
  { randomFill }: Pick<ChangeTools, 'randomFill'>,
): Promise<UsersFile> {
  accountOf(file, id);
  const owner = { vaultId: file.vaultId, id, authority: file.authority };
  const slot = await createAccountSlot(owner, seed, passphrase, argon2id, randomFill);
  return { ...file, accounts: file.accounts.map((account) => (account.id === id ? { ...account, slot } : account)) };
}
