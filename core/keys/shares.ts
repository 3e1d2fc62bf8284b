/**
 * Printed key shares. A fresh 32-byte secret, which wraps the master key in a slot of its own, is shared out by Shamir's
 * scheme over GF(2^8) (`shamir-secret-sharing`, audited): any `threshold` of `count` sheets give it back, fewer say nothing
 * of it. A share is text because people carry it: 18 groups of four characters,
 *
 *     version (1) | set (5) | index (1) | threshold (1) | count (1) | share (33) | check (3)
 *
 * so that a slip of the pen, a sheet of another set, and a sheet too few are told apart before anything is tried.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { combine, split } from 'shamir-secret-sharing';
import { concatBytes, equalBytes, utf8, wipe } from '../bytes.ts';
import { decode, encode, foreignGroup, groups, normalise } from './code-text.ts';
import { keysError } from './errors.ts';
import { checkShareCounts, MIN_THRESHOLD, SET_LENGTH, shareSetId } from './share-set.ts';
import type { SharesSlot } from './types.ts';

const VERSION = 1;
const SECRET_LENGTH = 32;
/** The library puts the point's place behind its 32 values. */
const SHARE_LENGTH = SECRET_LENGTH + 1;
const CHECK_LENGTH = 3;
const HEAD_LENGTH = 1 + SET_LENGTH + 3;
const LENGTH = HEAD_LENGTH + SHARE_LENGTH + CHECK_LENGTH;
const CHARACTERS = (LENGTH * 8) / 5;
const CHECK_DOMAIN = utf8('vitrine/share-check/v1');

/** What a sheet says. */
export interface KeyShare {
  /** Eight characters in two groups, the same on every sheet of a set. */
  readonly setId: string;
  /** From 1 to `count`. */
  readonly index: number;
  readonly threshold: number;
  readonly count: number;
  /** The secret part: wipe it. */
  readonly share: Uint8Array;
}

function checkOf(body: Uint8Array): Uint8Array {
  return sha256(concatBytes(CHECK_DOMAIN, body)).subarray(0, CHECK_LENGTH);
}

function format({ setId, index, threshold, count, share }: KeyShare): string {
  const set = decode(normalise(setId)) ?? new Uint8Array(SET_LENGTH);
  const body = concatBytes(new Uint8Array([VERSION]), set, new Uint8Array([index, threshold, count]), share);
  const text = groups(encode(concatBytes(body, checkOf(body))));
  wipe(body);
  return text;
}

/** Shares the secret of a slot out: the texts of its sheets, in order. @throws VitrineError `keys/share-counts` */
export async function splitIntoShares(
  slot: Pick<SharesSlot, 'id' | 'threshold' | 'count'>,
  secret: Uint8Array,
): Promise<string[]> {
  const { threshold, count } = slot;
  checkShareCounts(threshold, count);
  const setId = shareSetId(slot);
  const shares = await split(secret, count, threshold);
  const texts = shares.map((share, at) => format({ setId, index: at + 1, threshold, count, share }));
  wipe(...shares);
  return texts;
}

/**
 * Reads one sheet. Case, spaces and hyphens don't matter.
 * @param place which of the shares given it is, from 1, for the error's details
 * @throws VitrineError `keys/share-mistyped`
 */
export function parseShare(typed: string, place = 1): KeyShare {
  const text = normalise(typed);
  const group = foreignGroup(text);
  const mistyped = () => keysError('keys/share-mistyped', 'not a key share', { details: { share: place, group } });
  if (group > 0 || text.length !== CHARACTERS) throw mistyped();
  const bytes = decode(text) ?? new Uint8Array(LENGTH);
  const body = bytes.subarray(0, LENGTH - CHECK_LENGTH);
  const [version, index = 0, threshold = 0, count = 0] = [body[0], ...body.subarray(1 + SET_LENGTH, HEAD_LENGTH)];
  const fits = equalBytes(checkOf(body), bytes.subarray(LENGTH - CHECK_LENGTH));
  if (!fits || version !== VERSION || index < 1 || index > count) {
    wipe(bytes);
    throw mistyped();
  }
  const setId = groups(encode(body.subarray(1, 1 + SET_LENGTH)));
  return { setId, index, threshold, count, share: body.subarray(HEAD_LENGTH) };
}

function sameSet(a: KeyShare, b: KeyShare): boolean {
  return a.setId === b.setId && a.threshold === b.threshold && a.count === b.count;
}

/** Every share once: a sheet that was given twice counts once. @throws VitrineError `keys/mixed-shares` */
function distinct(shares: readonly KeyShare[]): KeyShare[] {
  const byIndex = new Map<number, KeyShare>();
  for (const share of shares) {
    const known = byIndex.get(share.index);
    const first = byIndex.values().next().value ?? share;
    if (!sameSet(first, share) || (known !== undefined && !equalBytes(known.share, share.share)))
      throw keysError('keys/mixed-shares', 'shares of more than one set');
    byIndex.set(share.index, share);
  }
  return [...byIndex.values()];
}

/**
 * Puts the secret together again; the caller wipes it. That it is the right one only the slot can tell.
 * @throws VitrineError `keys/share-mistyped`, `keys/too-few-shares`, `keys/mixed-shares`
 */
export async function combineShares(typed: readonly string[]): Promise<{ setId: string; secret: Uint8Array }> {
  const parsed = typed.map((text, at) => parseShare(text, at + 1));
  try {
    const shares = distinct(parsed);
    const [first] = shares;
    const need = first?.threshold ?? MIN_THRESHOLD;
    if (first === undefined || shares.length < need)
      throw keysError('keys/too-few-shares', 'not enough shares', { details: { have: shares.length, need } });
    return { setId: first.setId, secret: await combine(shares.slice(0, need).map(({ share }) => share.slice())) };
  } finally {
    wipe(...parsed.map(({ share }) => share));
  }
}
