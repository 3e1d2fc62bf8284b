/**
 * `study.key`: one study's key, wrapped for each of those who may open the study. Version 1 has one wrap, under the
 * vault's wrapping key, and is what a vault without accounts writes. Version 2 is a list of wraps; each is authenticated
 * by itself and bound to vault, study and recipient, so that none can be moved or renamed. Adding, removing and copying
 * wraps takes no more than write access to the disk, and gives nobody a key that he hasn't.
 */
import { utf8 } from '../bytes.ts';
import { sealError } from '../seal/errors.ts';
import type { StudyKeyOwner } from '../seal/study-key.ts';
import { decodeFields, encodeFields } from '../seal/v1/context.ts';

/** Roles whose members open studies by a key pair of the role. */
export type ReadingRole = 'radiologist' | 'break-glass';

/**
 * For whom one wrap is.
 * - `vault`: under the vault's wrapping key; whoever has the master key opens it.
 * - `vault-sealed`: to the public key that belongs to the master key; made by an account that hasn't the master key.
 * - `role`: to the role's public key of an epoch.
 * - `policy`: by attribute-based encryption under a rule, over the attributes of an epoch, and to the radiologists' role.
 */
export type Recipient =
  | { readonly kind: 'vault' }
  | { readonly kind: 'vault-sealed' }
  | { readonly kind: 'role'; readonly role: ReadingRole; readonly epoch: number }
  | { readonly kind: 'policy'; readonly epoch: number; readonly rule: string };

/** One wrap: for whom, and the bytes. */
export interface Wrap {
  readonly recipient: Recipient;
  readonly body: Uint8Array;
}

const VERSION_1 = 1;
const VERSION_2 = 2;
const V1_LENGTH = 73;
/** No honest record is longer: a few roles, one rule of at most some hundred attributes. */
const MAX_LENGTH = 1024 * 1024;

/** The recipient as the record's two fields: kind and name. */
function fieldsOf(recipient: Recipient): [kind: string, name: string] {
  switch (recipient.kind) {
    case 'vault':
    case 'vault-sealed':
      return [recipient.kind, ''];
    case 'role':
      return ['role', `${recipient.role}@${recipient.epoch}`];
    case 'policy':
      return ['policy', `${recipient.epoch}:${recipient.rule}`];
  }
}

function recipientOf(kind: string, name: string): Recipient | null {
  if ((kind === 'vault' || kind === 'vault-sealed') && name === '') return { kind };
  const role = /^(radiologist|break-glass)@([1-9]\d{0,8})$/.exec(name);
  if (kind === 'role' && role !== null) return { kind, role: role[1] as ReadingRole, epoch: Number(role[2]) };
  const policy = /^([1-9]\d{0,8}):(.{1,2000})$/u.exec(name);
  if (kind === 'policy' && policy !== null) return { kind, epoch: Number(policy[1]), rule: policy[2] ?? '' };
  return null;
}

/** One line that names a recipient. */
export function recipientText(recipient: Recipient): string {
  return fieldsOf(recipient).join(' ');
}

/** The recipient that a line of `recipientText` names; null when it names none. */
export function recipientFrom(line: string): Recipient | null {
  const [kind = '', ...name] = line.split(' ');
  return recipientOf(kind, name.join(' '));
}

/** What a wrap of version 2 is bound to. */
export function wrapContext(owner: StudyKeyOwner, recipient: Recipient): Uint8Array {
  const fields = [owner.vaultId, owner.studyId, ...fieldsOf(recipient)];
  return encodeFields(utf8('vitrine/study-key/v2'), ...fields.map(utf8));
}

/**
 * The wraps of a `study.key` of either version, in their order.
 * @throws VitrineError `seal/truncated`, `seal/unknown-version`, `seal/altered` when it is no record
 */
export function parseStudyRecord(bytes: Uint8Array): Wrap[] {
  const version = bytes[0];
  if (version === undefined) throw sealError('seal/truncated', 'an empty study key');
  if (version === VERSION_1) {
    if (bytes.length !== V1_LENGTH) throw sealError('seal/truncated', 'a wrapped study key has 73 bytes');
    return [{ recipient: { kind: 'vault' }, body: bytes.subarray(1) }];
  }
  if (version !== VERSION_2)
    throw sealError('seal/unknown-version', 'study key of another version', { details: { version } });
  const parts = bytes.length > MAX_LENGTH ? null : decodeFields(bytes.subarray(1));
  const wraps = parts?.map(parseWrap);
  if (!wraps || wraps.length === 0) throw sealError('seal/altered', 'the study key is no record');
  return wraps;
}

function parseWrap(bytes: Uint8Array): Wrap {
  const [kind, name, body, ...more] = decodeFields(bytes) ?? [];
  const text = (field: Uint8Array) => new TextDecoder().decode(field);
  const recipient = kind && name && body && more.length === 0 ? recipientOf(text(kind), text(name)) : null;
  if (recipient === null || body === undefined) throw sealError('seal/altered', 'a wrap of the study key is none');
  return { recipient, body };
}

/** A record of version 2. */
export function studyRecordBytes(wraps: readonly Wrap[]): Uint8Array {
  const parts = wraps.map(({ recipient, body }) => encodeFields(...fieldsOf(recipient).map(utf8), body));
  const joined = encodeFields(...parts);
  const bytes = new Uint8Array(1 + joined.length);
  bytes[0] = VERSION_2;
  bytes.set(joined, 1);
  return bytes;
}

/** The rule that a policy-sealed study is under, or null for one that roles open. It isn't secret. */
export function ruleOf(wraps: readonly Wrap[]): string | null {
  for (const { recipient } of wraps) if (recipient.kind === 'policy') return recipient.rule;
  return null;
}
