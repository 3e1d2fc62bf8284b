import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProperty } from '../../test/fixtures/property.ts';
import { fromHex, toHex } from '../bytes.ts';
import {
  consistencyProof,
  EMPTY,
  frontierRoot,
  grow,
  inclusionProof,
  isFrontier,
  leafHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

/** The leaves and roots with which the first logs of Certificate Transparency were tested. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = LEAVES.map((hex) => leafHash(fromHex(hex)));
const many = Array.from({ length: 70 }, (_, i) => leafHash(new Uint8Array([i])));

describe('the Merkle tree of RFC 6962', () => {
  it('has the published roots', () => {
    expect(toHex(frontierRoot(EMPTY))).toBe(toHex(sha256(new Uint8Array(0))));
    expect(ROOTS.map((_, i) => toHex(treeRoot(leaves.slice(0, i + 1))))).toEqual(ROOTS);
  });

  it('grows by its frontier to the same roots', () => {
    let tree = EMPTY;
    for (const [i, leaf] of many.entries()) {
      tree = grow(tree, leaf);
      expect(isFrontier(tree)).toBe(true);
      expect(isFrontier({ ...tree, roots: [...tree.roots, leaf] })).toBe(false);
      expect(frontierRoot(tree)).toEqual(treeRoot(many.slice(0, i + 1)));
    }
  });

  it('proves every leaf in every tree, and no other leaf, index, size or root', () => {
    for (let size = 1; size <= 20; size++) {
      const tree = { size, root: treeRoot(many.slice(0, size)) };
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(many.slice(0, size), index);
        const leaf = many[index] as Uint8Array;
        expect(verifyInclusion(leaf, index, tree, proof)).toBe(true);
        expect(verifyInclusion(many[index + 1] as Uint8Array, index, tree, proof)).toBe(false);
        expect(verifyInclusion(leaf, index + 1, tree, proof)).toBe(false);
        expect(verifyInclusion(leaf, index, { ...tree, root: leafHash(leaf) }, proof)).toBe(false);
        expect(verifyInclusion(leaf, index, tree, [...proof, leaf])).toBe(false);
        expect(proof.length > 0 && verifyInclusion(leaf, index, tree, proof.slice(1))).toBe(false);
      }
    }
    expect(() => inclusionProof(many, 70)).toThrow(RangeError);
  });

  it('proves that every beginning is one, and refuses every other tree', () => {
    for (let size = 1; size <= 20; size++)
      for (let old = 1; old <= size; old++) {
        const newer = { size, root: treeRoot(many.slice(0, size)) };
        const older = { size: old, root: treeRoot(many.slice(0, old)) };
        const proof = consistencyProof(many.slice(0, size), old);
        expect(verifyConsistency(older, newer, proof)).toBe(true);
        expect(verifyConsistency({ ...older, root: leafHash(older.root) }, newer, proof)).toBe(false);
        expect(verifyConsistency(older, { ...newer, root: leafHash(newer.root) }, proof)).toBe(false);
        expect(verifyConsistency(older, newer, [...proof, older.root])).toBe(false);
        expect(verifyConsistency(newer, older, proof)).toBe(old === size);
      }
    expect(() => consistencyProof(many, 0)).toThrow(RangeError);
  });

  it('refuses any changed byte of a proof', async () => {
    await assertProperty(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), (size, at, bit) => {
        const index = at % size;
        const proof = inclusionProof(many.slice(0, size), index);
        const bad = proof.map((hash) => hash.slice());
        const hash = bad[bit % bad.length] as Uint8Array;
        hash[bit % 32] = (hash[bit % 32] as number) ^ (1 << (bit % 8));
        const tree = { size, root: treeRoot(many.slice(0, size)) };
        expect(verifyInclusion(many[index] as Uint8Array, index, tree, bad)).toBe(false);
      }),
      { seed: 6962 },
    );
  });
});
