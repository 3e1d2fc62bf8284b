/**
 * Who opens which study: what one session can open study keys with, and for whom it wraps new ones. A session of the
 * vault's own slots has the vault's keys; an account's has what its roles entitle it to (users/ring.ts).
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8, wipe } from '../bytes.ts';
import type { AeadEngine } from '../seal/engine.ts';
import { sealError } from '../seal/errors.ts';
import { closeKey } from '../seal/held-key.ts';
import {
  holdWrappingKey,
  openUnder,
  ownerAad,
  type StudyKeyOwner,
  wrappingKeyFrom,
  wrapStudyKey,
  wrapUnder,
} from '../seal/study-key.ts';
import type { StudyKey } from '../seal/types.ts';
import { keysError } from './errors.ts';
import { decapsulateKey, ENCAPSULATED_LENGTH, encapsulateKey, type HybridUse } from './hybrid.ts';
import {
  parseStudyRecord,
  type ReadingRole,
  type Recipient,
  ruleOf,
  studyRecordBytes,
  type Wrap,
  wrapContext,
} from './study-record.ts';
import { usersError } from './users/errors.ts';

/** What the vault's wrapping key gives to open study keys with. Each field is 32 bytes. */
export interface VaultSecrets {
  readonly wrappingKey: Uint8Array;
  /** Private key of the wraps that accounts without the master key make for the vault. */
  readonly recipientSeed: Uint8Array;
  /** What shows that such a wrap comes from a member. */
  readonly senderKey: Uint8Array;
}

/** A role's private key of one epoch. */
export interface RoleSecret {
  readonly role: ReadingRole;
  readonly epoch: number;
  readonly seed: Uint8Array;
}

/** What shows that a wrap to a role comes from a member of that epoch. */
export interface SenderSecret {
  readonly epoch: number;
  readonly key: Uint8Array;
}

/** For whom new study keys are wrapped; null in a vault without accounts. */
export interface Recipients {
  readonly epoch: number;
  /** Rule that imported studies are put under, or null: every radiologist opens them. */
  readonly importRule: string | null;
  /** X-Wing public key of the vault's `recipientSeed`. */
  readonly vaultKey: Uint8Array;
  /** Shows the vault that the wrap comes from a member; `VaultSecrets.senderKey`. */
  readonly vaultSender: Uint8Array;
  readonly roles: readonly { readonly role: ReadingRole; readonly publicKey: Uint8Array }[];
}

/** Attribute-based encryption of study keys under rules; its keys are held inside. */
export interface PolicyCipher {
  /** A one-time key of 32 bytes that whoever satisfies the rule gets back from `encapsulated`. */
  encapsulate(rule: string, epoch: number, context: Uint8Array): { encapsulated: Uint8Array; key: Uint8Array };
  /** Null when this session has no key, its attributes don't satisfy the rule, or the bytes were altered. */
  decapsulate(rule: string, epoch: number, context: Uint8Array, encapsulated: Uint8Array): Uint8Array | null;
}

/** What accounts bring: private keys of roles, and for whom new study keys are wrapped. Plain bytes. */
export interface MemberAccess {
  readonly roles: readonly RoleSecret[];
  readonly senders: readonly SenderSecret[];
  readonly recipients: Recipients | null;
  /** Null where no rules were set up. */
  readonly policy: PolicyKeys | null;
}

/** All that a session opens and wraps study keys with. */
export interface StudyAccess extends MemberAccess {
  /** Null for an account without the master key. */
  readonly vault: VaultSecrets | null;
  /** While a change of the master key is under way: what the old one gave. */
  readonly earlierVault: VaultSecrets | null;
}

/** Keys of attribute-based encryption (abe/): the authority's public key, and this session's own, which may be none. */
export interface PolicyKeys {
  readonly publicKey: Uint8Array;
  readonly userKey: Uint8Array | null;
}

const NO_MEMBER: MemberAccess = { roles: [], senders: [], recipients: null, policy: null };

/** HKDF-SHA-384 of the wrapping key: it opens what accounts without it wrap for the vault. */
export function vaultSecretsOf(wrappingKey: Uint8Array): VaultSecrets {
  const key = (label: string) => hkdf(sha384, wrappingKey, utf8('vitrine/study-keys/v1'), utf8(label), 32);
  return { wrappingKey: wrappingKey.slice(), recipientSeed: key('recipient'), senderKey: key('sender') };
}

/**
 * The access of a session. The member's keys are those given, the vault's are copies.
 * @param wrappingKey null for an account without the master key
 * @param earlier the wrapping key before a change of the master key that isn't finished
 * @param member null in a vault without accounts
 */
export function studyAccess(
  wrappingKey: Uint8Array | null,
  earlier: Uint8Array | null = null,
  member: MemberAccess | null = null,
): StudyAccess {
  return {
    ...(member ?? NO_MEMBER),
    vault: wrappingKey && vaultSecretsOf(wrappingKey),
    earlierVault: earlier && vaultSecretsOf(earlier),
  };
}

/** Ends every secret of an access. */
export function wipeAccess({ vault, earlierVault, ...member }: StudyAccess): void {
  for (const secrets of [vault, earlierVault])
    if (secrets) wipe(secrets.wrappingKey, secrets.recipientSeed, secrets.senderKey);
  wipeMember(member);
}

/** Ends every secret of what accounts bring. */
export function wipeMember({ roles, senders, policy }: MemberAccess): void {
  wipe(...roles.map(({ seed }) => seed), ...senders.map(({ key }) => key));
  if (policy?.userKey) wipe(policy.userKey);
}

/** With what study keys are worked on. */
export interface StudyKeyTools {
  readonly engine: AeadEngine;
  readonly access: StudyAccess;
  /** Null where no rule was ever set up. */
  readonly policy: PolicyCipher | null;
}

function senderOf(access: StudyAccess, epoch: number): Uint8Array | null {
  return access.senders.find((sender) => sender.epoch === epoch)?.key ?? null;
}

/** Runs `use` with a wrapping key made of `bytes`, which are wiped. */
function withWrappingKey<T>(engine: AeadEngine, bytes: Uint8Array, use: (key: ReturnType<typeof hold>) => T): T {
  const held = hold(engine, bytes);
  try {
    return use(held);
  } finally {
    closeKey(held);
    wipe(bytes);
  }
}

function hold(engine: AeadEngine, bytes: Uint8Array) {
  return holdWrappingKey(engine, wrappingKeyFrom(bytes));
}

/** Opens a wrap whose one-time key stands before it. */
function openHybrid(engine: AeadEngine, seed: Uint8Array, use: HybridUse, body: Uint8Array): StudyKey | null {
  if (body.length < ENCAPSULATED_LENGTH) return null;
  const key = decapsulateKey(seed, use, body.subarray(0, ENCAPSULATED_LENGTH));
  return withWrappingKey(engine, key, (held) =>
    openUnder(engine, held, use.context, body.subarray(ENCAPSULATED_LENGTH)),
  );
}

function openByVault(
  engine: AeadEngine,
  secrets: VaultSecrets,
  owner: StudyKeyOwner,
  { recipient, body }: Wrap,
): StudyKey | null {
  if (recipient.kind === 'vault')
    return withWrappingKey(engine, secrets.wrappingKey.slice(), (held) =>
      openUnder(engine, held, ownerAad(owner), body),
    );
  const use = { context: wrapContext(owner, recipient), sender: secrets.senderKey };
  return openHybrid(engine, secrets.recipientSeed, use, body);
}

function openByRole(
  tools: StudyKeyTools,
  owner: StudyKeyOwner,
  recipient: Recipient & { kind: 'role' },
  body: Uint8Array,
) {
  const { engine, access } = tools;
  const sender = senderOf(access, recipient.epoch);
  const secret = access.roles.find(({ role, epoch }) => role === recipient.role && epoch === recipient.epoch);
  if (!sender || !secret) return null;
  return openHybrid(engine, secret.seed, { context: wrapContext(owner, recipient), sender }, body);
}

/**
 * The key of a policy wrap: of the rule's key and of one for the radiologists' role. Attribute-based encryption rests on a
 * pairing, which a quantum computer breaks; the role's key (X-Wing) it doesn't, so that whoever copies a disk today gains
 * nothing later. Ends both.
 */
function jointKey(byRule: Uint8Array, byRole: Uint8Array, context: Uint8Array): Uint8Array {
  const both = concatBytes(byRule, byRole);
  const key = hkdf(sha384, both, utf8('vitrine/policy-wrap/v1'), context, 32);
  wipe(byRule, byRole, both);
  return key;
}

/** A policy wrap: length of the rule's encapsulated key in four bytes, that key, the role's encapsulated key, the wrap. */
function openByPolicy(
  { engine, access, policy }: StudyKeyTools,
  owner: StudyKeyOwner,
  recipient: Recipient & { kind: 'policy' },
  body: Uint8Array,
): StudyKey | null {
  const sender = senderOf(access, recipient.epoch);
  const secret = access.roles.find(({ role, epoch }) => role === 'radiologist' && epoch === recipient.epoch);
  if (policy === null || !sender || !secret || body.length < 4) return null;
  const atRole = 4 + new DataView(body.buffer, body.byteOffset).getUint32(0);
  const atWrap = atRole + ENCAPSULATED_LENGTH;
  if (atWrap > body.length) return null;
  const context = wrapContext(owner, recipient);
  const byRule = policy.decapsulate(recipient.rule, recipient.epoch, context, body.subarray(4, atRole));
  if (byRule === null) return null;
  const byRole = decapsulateKey(secret.seed, { context, sender }, body.subarray(atRole, atWrap));
  return withWrappingKey(engine, jointKey(byRule, byRole, context), (held) =>
    openUnder(engine, held, context, body.subarray(atWrap)),
  );
}

function openWrap(tools: StudyKeyTools, owner: StudyKeyOwner, wrap: Wrap): StudyKey | null {
  const { recipient, body } = wrap;
  const { vault, earlierVault } = tools.access;
  if (recipient.kind === 'role') return openByRole(tools, owner, recipient, body);
  if (recipient.kind === 'policy') return openByPolicy(tools, owner, recipient, body);
  const byVault = vault && openByVault(tools.engine, vault, owner, wrap);
  return byVault ?? (earlierVault && openByVault(tools.engine, earlierVault, owner, wrap));
}

/** True when the session has a key for this kind of recipient: that its wrap doesn't open means damage, then. */
function isFor({ access }: StudyKeyTools, { kind, ...recipient }: Recipient): boolean {
  if (kind === 'vault' || kind === 'vault-sealed') return access.vault !== null;
  return access.roles.some(
    (secret) => 'role' in recipient && secret.role === recipient.role && secret.epoch === recipient.epoch,
  );
}

/** Cheap ways first: a vault's wrap takes microseconds, a role's milliseconds, a policy's tenths of a second. */
const ORDER = ['vault', 'vault-sealed', 'role', 'policy'] as const;

/**
 * Opens a `study.key` of either version by whatever way this session has.
 * @throws VitrineError `seal/wrong-key` when a wrap for this session doesn't open (altered, or of another vault or study);
 *   `policy/not-met` with `rule` when the study is under a rule that this session's attributes don't satisfy;
 *   `users/not-a-recipient` when it was wrapped for others; as `parseStudyRecord`
 */
export function openStudyKey(tools: StudyKeyTools, owner: StudyKeyOwner, bytes: Uint8Array): StudyKey {
  const wraps = parseStudyRecord(bytes);
  const ordered = ORDER.flatMap((kind) => wraps.filter(({ recipient }) => recipient.kind === kind));
  for (const wrap of ordered) {
    const key = openWrap(tools, owner, wrap);
    if (key !== null) return key;
  }
  if (wraps.some(({ recipient }) => isFor(tools, recipient)))
    throw sealError('seal/wrong-key', 'the study key does not open');
  const rule = ruleOf(wraps);
  if (rule !== null)
    throw usersError('policy/not-met', 'the attributes do not satisfy the study’s rule', { details: { rule } });
  throw usersError('users/not-a-recipient', 'the study key is wrapped for others');
}

function wrapHybrid(engine: AeadEngine, publicKey: Uint8Array, use: HybridUse, studyKey: StudyKey): Uint8Array {
  const { encapsulated, key } = encapsulateKey(publicKey, use, (out) => engine.randomFill(out));
  return withWrappingKey(engine, key, (held) =>
    concatBytes(encapsulated, wrapUnder(engine, held, use.context, studyKey)),
  );
}

function vaultWrap({ engine, access }: StudyKeyTools, owner: StudyKeyOwner, studyKey: StudyKey): Wrap {
  const { vault, recipients } = access;
  if (vault !== null) {
    const body = withWrappingKey(engine, vault.wrappingKey.slice(), (held) =>
      wrapUnder(engine, held, ownerAad(owner), studyKey),
    );
    return { recipient: { kind: 'vault' }, body };
  }
  if (recipients === null) throw keysError('keys/bad-argument', 'a session that can wrap for nobody');
  const recipient: Recipient = { kind: 'vault-sealed' };
  const use = { context: wrapContext(owner, recipient), sender: recipients.vaultSender };
  return { recipient, body: wrapHybrid(engine, recipients.vaultKey, use, studyKey) };
}

function roleWrap(tools: StudyKeyTools, owner: StudyKeyOwner, role: ReadingRole, studyKey: StudyKey): Wrap[] {
  const { engine, access } = tools;
  const { recipients } = access;
  const publicKey = recipients?.roles.find((other) => other.role === role)?.publicKey;
  if (!recipients || !publicKey) return [];
  const sender = senderOf(access, recipients.epoch);
  if (sender === null) throw keysError('keys/bad-argument', 'a session without the secret of its senders');
  const recipient: Recipient = { kind: 'role', role, epoch: recipients.epoch };
  const use = { context: wrapContext(owner, recipient), sender };
  return [{ recipient, body: wrapHybrid(engine, publicKey, use, studyKey) }];
}

function policyWrap(tools: StudyKeyTools, owner: StudyKeyOwner, rule: string, studyKey: StudyKey): Wrap {
  const { engine, access, policy } = tools;
  const { recipients } = access;
  const publicKey = recipients?.roles.find(({ role }) => role === 'radiologist')?.publicKey;
  const sender = recipients && senderOf(access, recipients.epoch);
  if (policy === null || !recipients || !publicKey || !sender)
    throw usersError('policy/no-rules', 'no rules were set up');
  const { epoch } = recipients;
  const recipient: Recipient = { kind: 'policy', epoch, rule };
  const context = wrapContext(owner, recipient);
  const byRule = policy.encapsulate(rule, epoch, context);
  const byRole = encapsulateKey(publicKey, { context, sender }, (out) => engine.randomFill(out));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, byRule.encapsulated.length);
  const body = withWrappingKey(engine, jointKey(byRule.key, byRole.key, context), (held) =>
    concatBytes(length, byRule.encapsulated, byRole.encapsulated, wrapUnder(engine, held, context, studyKey)),
  );
  return { recipient, body };
}

/**
 * The bytes of a `study.key`: for the vault alone (version 1) where there are no accounts; else for the vault and the
 * radiologists, or with a rule for the vault, whoever satisfies the rule, and break-glass.
 * @throws VitrineError `policy/no-rules` for a rule where none were set up; `policy/bad-rule` for one that can't be read
 */
export function wrapStudyKeyFor(
  tools: StudyKeyTools,
  owner: StudyKeyOwner,
  studyKey: StudyKey,
  rule: string | null,
): Uint8Array {
  const { engine, access } = tools;
  if (access.recipients === null && rule === null && access.vault !== null)
    return withWrappingKey(engine, access.vault.wrappingKey.slice(), (held) =>
      wrapStudyKey(engine, held, owner, studyKey),
    );
  const readers =
    rule === null
      ? roleWrap(tools, owner, 'radiologist', studyKey)
      : [policyWrap(tools, owner, rule, studyKey), ...roleWrap(tools, owner, 'break-glass', studyKey)];
  return studyRecordBytes([vaultWrap(tools, owner, studyKey), ...readers]);
}

/** Whether a record is for today's recipients: the vault by its wrapping key, and nobody of an older epoch. */
function isCurrent({ access }: StudyKeyTools, wraps: readonly Wrap[]): boolean {
  const { recipients } = access;
  const kinds = wraps.map(({ recipient }) => recipient);
  if (recipients === null) return kinds.every(({ kind }) => kind === 'vault');
  const readers = kinds.filter((recipient) => recipient.kind === 'role' || recipient.kind === 'policy');
  return readers.length > 0 && readers.every(({ epoch }) => epoch === recipients.epoch);
}

/**
 * Wraps a study's key anew, for today's recipients and under the same rule: after a new epoch, after the first account
 * was made, after a change of the master key.
 * @param from opens the record; `to` wraps: the same, but for a change of the master key, which passes `force`
 * @returns the new bytes, or null when the record is current
 * @throws VitrineError as `openStudyKey` and `wrapStudyKeyFor`
 */
export function rewrapStudyKey(
  from: StudyKeyTools,
  to: StudyKeyTools,
  owner: StudyKeyOwner,
  bytes: Uint8Array,
  force = false,
): Uint8Array | null {
  const wraps = parseStudyRecord(bytes);
  if (!force && isCurrent(to, wraps)) return null;
  const key = openStudyKey(from, owner, bytes);
  try {
    return wrapStudyKeyFor(to, owner, key, ruleOf(wraps));
  } finally {
    closeKey(key);
  }
}
