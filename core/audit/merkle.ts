/**
 * The Merkle tree of RFC 6962, section 2.1 (the same as RFC 9162's): SHA-256, leaves and nodes hashed under different first
 * bytes. Sizes and positions are counted in leaves.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '../bytes.ts';

/** 32 bytes. */
export type Hash = Uint8Array;

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** Hash of an entry. */
export function leafHash(entry: Uint8Array): Hash {
  return sha256(concatBytes(LEAF, entry));
}

function nodeHash(left: Hash, right: Hash): Hash {
  return sha256(concatBytes(NODE, left, right));
}

/** A tree as far as it must be known to grow: the roots of its complete subtrees, the largest first. */
export interface Frontier {
  readonly size: number;
  readonly roots: readonly Hash[];
}

export const EMPTY: Frontier = { size: 0, roots: [] };

/** The tree with one more leaf. */
export function grow(frontier: Frontier, leaf: Hash): Frontier {
  const roots = [...frontier.roots];
  let root = leaf;
  for (let size = frontier.size; size % 2 === 1; size = (size - 1) / 2) {
    const left = roots.pop();
    if (left === undefined) throw new RangeError('a frontier of another size');
    root = nodeHash(left, root);
  }
  return { size: frontier.size + 1, roots: [...roots, root] };
}

/** True when there are as many roots as a tree of this size has complete subtrees. */
export function isFrontier({ size, roots }: Frontier): boolean {
  let subtrees = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) subtrees += rest % 2;
  return subtrees === roots.length;
}

/** MTH of the tree; of an empty one, the hash of nothing. */
export function frontierRoot({ roots }: Frontier): Hash {
  const last = roots[roots.length - 1];
  if (last === undefined) return sha256(new Uint8Array(0));
  let root = last;
  for (let at = roots.length - 2; at >= 0; at--) root = nodeHash(roots[at] as Hash, root);
  return root;
}

/** The largest power of two below `size`. */
function split(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

/** MTH of `leaves`. */
export function treeRoot(leaves: readonly Hash[]): Hash {
  let frontier = EMPTY;
  for (const leaf of leaves) frontier = grow(frontier, leaf);
  return frontierRoot(frontier);
}

/** PATH(m, D[n]): what proves that the leaf at `index` is in the tree of `leaves`. @throws RangeError */
export function inclusionProof(leaves: readonly Hash[], index: number): Hash[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError('no such leaf');
  if (leaves.length === 1) return [];
  const left = split(leaves.length);
  if (index < left) return [...inclusionProof(leaves.slice(0, left), index), treeRoot(leaves.slice(left))];
  return [...inclusionProof(leaves.slice(left), index - left), treeRoot(leaves.slice(0, left))];
}

/** PROOF(m, D[n]): what proves that the tree of the first `size` leaves is the beginning of the whole. @throws RangeError */
export function consistencyProof(leaves: readonly Hash[], size: number): Hash[] {
  if (!Number.isInteger(size) || size < 1 || size > leaves.length) throw new RangeError('no such tree');
  return subproof(leaves, size, true);
}

function subproof(leaves: readonly Hash[], size: number, whole: boolean): Hash[] {
  if (size === leaves.length) return whole ? [] : [treeRoot(leaves)];
  const left = split(leaves.length);
  if (size <= left) return [...subproof(leaves.slice(0, left), size, whole), treeRoot(leaves.slice(left))];
  return [...subproof(leaves.slice(left), size - left, false), treeRoot(leaves.slice(0, left))];
}

/** RFC 9162, 2.1.3.2. */
export function verifyInclusion(
  leaf: Hash,
  index: number,
  tree: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= tree.size) return false;
  let position = index;
  let last = tree.size - 1;
  let root = leaf;
  for (const hash of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      root = nodeHash(hash, root);
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, Math.floor(last / 2)];
    } else root = nodeHash(root, hash);
    [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(root, tree.root);
}

/** RFC 9162, 2.1.4.2: whether `older` is the beginning of `newer`. An empty tree is the beginning of every tree. */
export function verifyConsistency(
  older: { readonly size: number; readonly root: Hash },
  newer: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && equalBytes(older.root, newer.root);
  if (older.size === 0) return proof.length === 0;
  let [position, last] = [older.size - 1, newer.size - 1];
  while (position % 2 === 1) [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
  const path = position === 0 ? [older.root, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [oldRoot, newRoot] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      [oldRoot, newRoot] = [nodeHash(hash, oldRoot), nodeHash(hash, newRoot)];
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, Math.floor(last / 2)];
    } else newRoot = nodeHash(newRoot, hash);
    [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(oldRoot, older.root) && equalBytes(newRoot, newer.root);
}
