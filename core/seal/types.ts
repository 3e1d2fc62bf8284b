import type { ObjectId, StudyId, VaultId } from '../ids.ts';
import type { HeldKey } from './engine.ts';

declare const brand: unique symbol;

/** 32 bytes of key: in JavaScript's memory, or kept by an engine that can (`AeadEngine.bulk`). */
export type KeyMaterial = Uint8Array | HeldKey;

/** Random 32 bytes, one per study. Destroying every wrapped copy shreds the study. */
export type StudyKey = KeyMaterial & { readonly [brand]: 'StudyKey' };
/** 32 bytes derived from a study key; seals exactly one object. */
export type ObjectKey = KeyMaterial & { readonly [brand]: 'ObjectKey' };
/** 32 bytes derived from the vault's master key; wraps study keys and nothing else. */
export type WrappingKey = KeyMaterial & { readonly [brand]: 'WrappingKey' };

/** Which object of which vault some sealed bytes are. All of it is authenticated, none of it is stored in the object. */
export interface ObjectContext {
  readonly vaultId: VaultId;
  readonly studyId: StudyId;
  readonly objectId: ObjectId;
  /** What the plaintext is: `instance`, `note`, `manifest`, … Lower-case letters, digits, hyphens; at most 32. */
  readonly kind: string;
  /** Version of the plaintext's own format, so that an object can't be read as an older or newer kind of itself. */
  readonly version: number;
}

/** Bytes that can be read at any place: an open file, a buffer, a range request. */
export interface RandomAccessSource {
  /** Length in bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`; fewer mean that the source was cut meanwhile. Rejects on an I/O failure. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Takes back what `read` gave, when nobody looks at it any more: a source that keeps it for its next read saves the
   * machine the memory's first touch, which takes longer than opening what lies in it.
   */
  release?(bytes: Uint8Array): void;
}
