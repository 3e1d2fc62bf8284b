import type { PointG1, PointG2, Target } from './group.ts';

/** The authority's public key: h^{a1}, h^{a2}; e(g,h)^{d1 a1 + d3}, e(g,h)^{d2 a2 + d3}. */
export interface FamePublicKey {
  readonly H: readonly [PointG2, PointG2];
  readonly T: readonly [Target, Target];
}

/** The authority's secret: makes every user's key and so opens everything. */
export interface FameSecret {
  readonly a: readonly [bigint, bigint];
  readonly b: readonly [bigint, bigint];
  readonly d: readonly [bigint, bigint, bigint];
}

type Triple<P> = readonly [P, P, P];

/** A user's key: sk0, sk' and one triple for every copy of an attribute, by its label. */
export interface FameUserKey {
  readonly sk0: Triple<PointG2>;
  readonly common: Triple<PointG1>;
  readonly parts: ReadonlyMap<string, Triple<PointG1>>;
}

/** ct0, one triple for each row of the rule's matrix, and the masked secret (32 bytes). */
export interface FameCiphertext {
  readonly ct0: Triple<PointG2>;
  readonly rows: readonly Triple<PointG1>[];
  readonly masked: Uint8Array;
}
