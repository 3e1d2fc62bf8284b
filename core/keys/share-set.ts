/** What a set of key shares is called and may be, apart from the arithmetic of sharing (shares.ts). */
import { fromHex } from '../bytes.ts';
import { encode, groups } from './code-text.ts';
import { keysError } from './errors.ts';
import type { RetiredSet, SharesSlot, VaultHeader } from './types.ts';

/** Sheets of one set; more than anybody hands out, and few enough to keep count of. */
export const MAX_SHARES = 16;
/** One share alone would be a key on a sheet of paper; that is what the recovery code is. */
export const MIN_THRESHOLD = 2;
/** Bytes of a slot's id that name its set. */
export const SET_LENGTH = 5;
/** Sets that are remembered as retired; older ones become unknown. */
const RETIRED_KEPT = 32;

/** How a set is named on its sheets: eight characters in two groups. */
export function shareSetId(slot: Pick<SharesSlot, 'id'>): string {
  return groups(encode(fromHex(slot.id).subarray(0, SET_LENGTH)));
}

/** @throws VitrineError `keys/share-counts` */
export function checkShareCounts(threshold: number, count: number): void {
  const whole = Number.isInteger(threshold) && Number.isInteger(count);
  if (whole && threshold >= MIN_THRESHOLD && threshold <= count && count <= MAX_SHARES) return;
  throw keysError('keys/share-counts', 'no such set of shares', { details: { threshold, count } });
}

/** The header's retired sets with the sets of `slots` before them. */
export function retire(header: VaultHeader, slots: readonly SharesSlot[], retiredAt: string): readonly RetiredSet[] {
  const retired = slots.map((slot) => ({ setId: shareSetId(slot), retiredAt }));
  return [...retired, ...header.retiredSets].slice(0, RETIRED_KEPT);
}
