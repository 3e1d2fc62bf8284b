import type { Argon2id } from '../../core/keys/types.ts';
import type { AeadEngine, BulkEngine, FloeParameters, HeldKey, RandomFill } from '../../core/seal/engine.ts';
import { HEADER_LENGTH, SEGMENT_OVERHEAD } from '../../core/seal/v1/format.ts';
import type { NativeEngine, NativeKey } from '../../native/engine/index.ts';

const TAG_LENGTH = 16;
const IV_LENGTH = 12;
const FLOE_IV_LENGTH = 32;
const WRAPPED_LENGTH = 48;
const NONE = new Uint8Array(0);

/** Handles that came from this add-on; one of another engine is a programming error that the add-on itself refuses. */
const nativeKey = (key: HeldKey): NativeKey => key as NativeKey;

/** Segments of a run, for whose IVs a test's source of random bytes is asked. */
function segmentsOf(length: number, isFinal: boolean, { segmentLength }: FloeParameters): number {
  return Math.max(isFinal ? 1 : 0, Math.ceil(length / (segmentLength - SEGMENT_OVERHEAD)));
}

function bulkOf(native: NativeEngine, random: RandomFill | null): BulkEngine {
  /** Undefined: the add-on draws by itself. */
  const draw = (length: number): Uint8Array | undefined => {
    if (random === null) return undefined;
    const bytes = new Uint8Array(length);
    random(bytes);
    return bytes;
  };
  return {
    holdKey: (bytes) => native.NativeKey.fromBytes(bytes),
    generateKey() {
      const given = draw(32);
      return given === undefined ? native.NativeKey.generate() : native.NativeKey.fromBytes(given);
    },
    deriveKey: (key, info) => nativeKey(key).derive(info),
    wrapKey(wrapping, nonce, aad, key) {
      const out = new Uint8Array(WRAPPED_LENGTH);
      nativeKey(wrapping).wrap(nativeKey(key), nonce, aad, out);
      return out;
    },
    unwrapKey: (wrapping, nonce, aad, wrapped) => nativeKey(wrapping).unwrap(nonce, aad, wrapped),
    createSealer(key, aad, parameters) {
      const { segmentLength, rotationMask } = parameters;
      const given = draw(FLOE_IV_LENGTH);
      const sealer = native.NativeSealer.create(nativeKey(key), aad, segmentLength, rotationMask, given);
      const header = new Uint8Array(HEADER_LENGTH);
      sealer.header(header);
      return {
        header,
        seal(plaintext, isFinal, out) {
          sealer.seal(plaintext, isFinal, out, draw(IV_LENGTH * segmentsOf(plaintext.length, isFinal, parameters)));
        },
        close: () => sealer.close(),
      };
    },
    createOpener(key, aad, header, { segmentLength, rotationMask }) {
      const opener = native.NativeOpener.create(nativeKey(key), aad, header, segmentLength, rotationMask);
      if (opener === null) return null;
      return {
        open({ position, isFinal, skip }, sealed, out) {
          const altered = opener.open(position, isFinal, sealed, skip, out);
          return altered < 0 ? null : altered;
        },
        close: () => opener.close(),
      };
    },
  };
}

/**
 * The engine over the add-on (AWS-LC, with the vector instructions of the processor).
 * @param random only tests give one, to repeat published IVs
 */
export function createNativeEngine(native: NativeEngine, random: RandomFill | null = null): AeadEngine {
  return {
    id: 'native',
    bulk: bulkOf(native, random),
    randomFill: random ?? ((out) => native.randomFill(out)),
    sealSegment(key, iv, aad, plaintext) {
      const out = new Uint8Array(plaintext.length + TAG_LENGTH);
      native.aesSeal(key, iv, aad, plaintext, out);
      return [out];
    },
    openSegment(key, iv, aad, ciphertext, tag) {
      const plaintext = new Uint8Array(ciphertext.length);
      return native.aesOpen(key, iv, aad, ciphertext, tag, plaintext) ? plaintext : null;
    },
    hkdfExpandSha384(prk, info, length) {
      const out = new Uint8Array(length);
      native.hkdfExpand(prk, info, out);
      return out;
    },
  };
}

/** Argon2id by the add-on, on a thread of the pool. */
export function createNativeArgon2(native: NativeEngine): Argon2id {
  return async (password, salt, { memoryKiB, iterations, parallelism }, length) =>
    new Uint8Array(await native.argon2id(password, salt, memoryKiB, iterations, parallelism, length, NONE, NONE));
}
