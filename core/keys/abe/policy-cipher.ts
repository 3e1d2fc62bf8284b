/**
 * Study keys under rules: FAME (fame.ts) over attributes of an epoch. An attribute in a key or a ciphertext is
 * `cardiology@3`: after somebody left, the next epoch's ciphertexts ask for attributes that he was never given.
 */
import type { RandomFill } from '../../seal/engine.ts';
import { keysError } from '../errors.ts';
import type { PolicyCipher, PolicyKeys } from '../study-access.ts';
import { usersError } from '../users/errors.ts';
import { fameDecapsulate, fameEncapsulate, fameKey, fameSetup } from './fame.ts';
import { inEpoch, ruleInEpoch } from './key-attributes.ts';
import { parseRule } from './rule.ts';
import {
  publicKeyBytes,
  readCiphertext,
  readPublicKey,
  readSecret,
  readUserKey,
  secretBytes,
  userKeyBytes,
} from './wire.ts';

/** A new authority's keys as bytes. The caller wipes the secret. */
export function createAuthority(randomFill: RandomFill): { publicKey: Uint8Array; secret: Uint8Array } {
  const { publicKey, secret } = fameSetup(randomFill);
  return { publicKey: publicKeyBytes(publicKey), secret: secretBytes(secret) };
}

/**
 * A user's key for attributes in each of the epochs. The caller wipes it.
 * @throws VitrineError `keys/bad-argument` when `secret` is no authority's
 */
export async function issuePolicyKey(
  secret: Uint8Array,
  attributes: readonly string[],
  epochs: readonly number[],
  randomFill: RandomFill,
  pause?: () => Promise<void>,
): Promise<Uint8Array> {
  const authority = readSecret(secret);
  if (authority === null) throw keysError('keys/bad-argument', 'not the secret of an authority');
  const all = epochs.flatMap((epoch) => attributes.map((attribute) => inEpoch(attribute, epoch)));
  return userKeyBytes(await fameKey(authority, all, randomFill, pause));
}

/** What a session wraps and opens policy-sealed study keys with. Keys are read, and checked, at first use. */
export function createPolicyCipher(keys: PolicyKeys, randomFill: RandomFill): PolicyCipher {
  let publicKey: ReturnType<typeof readPublicKey> = null;
  let userKey: ReturnType<typeof readUserKey> = null;
  const authority = () => {
    publicKey ??= readPublicKey(keys.publicKey);
    if (publicKey === null) throw usersError('policy/no-rules', 'the authority’s public key is damaged');
    return publicKey;
  };
  return {
    encapsulate: (rule, epoch, context) =>
      fameEncapsulate(authority(), ruleInEpoch(parseRule(rule), epoch), context, randomFill),
    decapsulate: (rule, epoch, context, encapsulated) => {
      userKey ??= keys.userKey && readUserKey(keys.userKey);
      const ciphertext = readCiphertext(encapsulated);
      if (userKey === null || ciphertext === null) return null;
      return fameDecapsulate(authority(), userKey, ruleInEpoch(parseRule(rule), epoch), context, ciphertext);
    },
  };
}
