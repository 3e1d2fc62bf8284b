/** Which keys which roles get: what enforcement by mathematics rests on. */
import { wipe } from '../../bytes.ts';
import type { VaultId } from '../../ids.ts';
import type { RandomFill } from '../../seal/engine.ts';
import { issuePolicyKey } from '../abe/policy-cipher.ts';
import { fromBase64 } from '../base64.ts';
import type { MemberAccess, Recipients } from '../study-access.ts';
import { vaultSecretsOf } from '../study-access.ts';
import type { MasterKey } from '../types.ts';
import { sealGlass } from './glass.ts';
import { keyIn } from './keyring.ts';
import { byEpoch, type Ring } from './ring.ts';
import type { Account, UsersFile } from './types.ts';

/** The keys at the top of an open vault, as the session of its owner or an administrator has them. */
export interface VaultRoot {
  readonly vaultId: VaultId;
  readonly master: MasterKey;
  readonly catalogueKey: Uint8Array;
  readonly wrappingKey: Uint8Array;
  readonly auditSeed: Uint8Array;
}

/** What changes of accounts take beside the root. */
export interface ChangeTools {
  readonly root: VaultRoot;
  readonly randomFill: RandomFill;
  /** ISO 8601 in UTC. */
  readonly now: string;
  /** Lets other work through between long steps. */
  readonly pause: () => Promise<void>;
}

type Entitled = Pick<Account, 'roles' | 'attributes'>;

/** What a rule may ask of an account: its roles and its attributes. */
function attributesOf({ roles, attributes }: Entitled): string[] {
  return [...new Set<string>([...roles, ...attributes])];
}

function epochsOf({ oldestEpoch, epoch }: Pick<UsersFile, 'oldestEpoch' | 'epoch'>): number[] {
  return Array.from({ length: epoch - oldestEpoch + 1 }, (_, i) => oldestEpoch + i);
}

async function readerKeys(keyring: Ring, file: UsersFile, account: Entitled, tools: ChangeTools): Promise<Ring> {
  const { root, randomFill, pause } = tools;
  const keys = new Map<string, Uint8Array>();
  for (const { epoch, key } of byEpoch(keyring, 'role/radiologist/')) keys.set(`role/radiologist/${epoch}`, key);
  for (const { epoch, key } of byEpoch(keyring, 'role/break-glass/'))
    keys.set(`glass/${epoch}`, sealGlass(key, root.auditSeed, epoch, randomFill));
  const secret = keyIn(keyring, 'policy');
  keys.set('policy', await issuePolicyKey(secret, attributesOf(account), epochsOf(file), randomFill, pause));
  return keys;
}

/**
 * The ring of an account:
 * - everyone: `audit`, because everyone's acts are written down;
 * - administrator: `master`, and with it everything;
 * - radiologist: `catalogue`, the role's private keys, what shows membership, `vault-sender`, the break-glass keys under the
 *   audit log's key, and a key of its attributes;
 * - technologist: `catalogue`, `vault-sender` and what shows membership in this epoch: enough to import and to see the list,
 *   and nothing that opens a study.
 */
export async function ringFor(keyring: Ring, file: UsersFile, account: Entitled, tools: ChangeTools): Promise<Ring> {
  const { root } = tools;
  const { roles } = account;
  const ring = new Map<string, Uint8Array>([['audit', root.auditSeed]]);
  if (roles.includes('administrator')) return ring.set('master', root.master);
  const reads = roles.includes('radiologist');
  if (!reads && !roles.includes('technologist')) return ring;
  ring.set('catalogue', root.catalogueKey);
  ring.set('vault-sender', vaultSecretsOf(root.wrappingKey).senderKey);
  for (const { epoch, key } of byEpoch(keyring, 'sender/'))
    if (reads || epoch === file.epoch) ring.set(`sender/${epoch}`, key);
  if (reads) for (const [name, key] of await readerKeys(keyring, file, account, tools)) ring.set(name, key);
  return ring;
}

function recipientsOf(file: UsersFile, vaultSender: Uint8Array): Recipients {
  return {
    epoch: file.epoch,
    importRule: file.importRule,
    vaultKey: fromBase64(file.vaultKey),
    vaultSender,
    roles: file.recipients.map(({ role, publicKey }) => ({ role, publicKey: fromBase64(publicKey) })),
  };
}

/** What an account without the master key opens and wraps with. Null for one that has nothing to do with studies. */
export function memberOf(file: UsersFile, ring: Ring): MemberAccess | null {
  const vaultSender = ring.get('vault-sender');
  if (!vaultSender) return null;
  return {
    roles: byEpoch(ring, 'role/radiologist/').map(({ epoch, key }) => ({ role: 'radiologist', epoch, seed: key })),
    senders: byEpoch(ring, 'sender/'),
    recipients: recipientsOf(file, vaultSender),
    policy: { publicKey: fromBase64(file.policyKey), userKey: ring.get('policy') ?? null },
  };
}

/** What the owner's or an administrator's session wraps with; it opens by the master key's own wraps. */
export function masterMember(file: UsersFile, keyring: Ring, wrappingKey: Uint8Array): MemberAccess {
  const secrets = vaultSecretsOf(wrappingKey);
  wipe(secrets.wrappingKey, secrets.recipientSeed);
  return {
    roles: [],
    senders: byEpoch(keyring, 'sender/'),
    recipients: recipientsOf(file, secrets.senderKey),
    policy: { publicKey: fromBase64(file.policyKey), userKey: null },
  };
}
