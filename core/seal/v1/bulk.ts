/**
 * FLOE by an engine that knows it: whole runs of segments in one call, keys kept by the engine. What it makes and refuses,
 * and by which code, is the same as in `floe.ts`.
 */
import { wipe } from '../../bytes.ts';
import type { BulkEngine, FloeParameters } from '../engine.ts';
import { sealError } from '../errors.ts';
import { withHeld } from '../held-key.ts';
import type { KeyMaterial } from '../types.ts';
import {
  type FloeOpener,
  type FloeSealer,
  MAX_SEGMENTS,
  pieceLengths,
  SEGMENT_OVERHEAD,
  segmentsOf,
} from './format.ts';

export function createBulkSealer(
  bulk: BulkEngine,
  key: KeyMaterial,
  aad: Uint8Array,
  parameters: FloeParameters,
): FloeSealer {
  const fullLength = parameters.segmentLength - SEGMENT_OVERHEAD;
  const sealer = withHeld(bulk, key, (held) => bulk.createSealer(held, aad, parameters));
  let position = 0;
  let closed = false;
  const close = () => {
    closed = true;
    sealer.close();
  };
  const sealInto = (plaintext: Uint8Array, isFinal: boolean, out: Uint8Array): number => {
    if (closed) throw sealError('seal/closed', 'the sealer is closed');
    const segments = pieceLengths(plaintext.length, isFinal, parameters).length;
    const length = plaintext.length + segments * SEGMENT_OVERHEAD;
    if (out.length < length) throw sealError('seal/bad-argument', 'no room for the sealed run');
    if (position + segments > MAX_SEGMENTS - (isFinal ? 0 : 1)) throw sealError('seal/too-long', 'too many segments');
    sealer.seal(plaintext, isFinal, out.subarray(0, length));
    position += segments;
    if (isFinal) close();
    return length;
  };
  const sealRun = (plaintext: Uint8Array, isFinal: boolean): Uint8Array[] => {
    if (closed) throw sealError('seal/closed', 'the sealer is closed');
    const segments = pieceLengths(plaintext.length, isFinal, parameters).length;
    const out = new Uint8Array(plaintext.length + segments * SEGMENT_OVERHEAD);
    sealInto(plaintext, isFinal, out);
    return [out];
  };
  return {
    header: sealer.header,
    close,
    sealInto,
    sealRun,
    sealSegment(plaintext, isFinal) {
      if (isFinal ? plaintext.length > fullLength : plaintext.length !== fullLength)
        throw closed
          ? sealError('seal/closed', 'the sealer is closed')
          : sealError('seal/bad-argument', 'plaintext of a wrong length for a segment');
      return sealRun(plaintext, isFinal);
    },
  };
}

/** @throws VitrineError `seal/wrong-key` */
export function createBulkOpener(
  bulk: BulkEngine,
  key: KeyMaterial,
  aad: Uint8Array,
  header: Uint8Array,
  parameters: FloeParameters,
): FloeOpener {
  const { segmentLength } = parameters;
  const opener = withHeld(bulk, key, (held) => bulk.createOpener(held, aad, header, parameters));
  if (opener === null) throw sealError('seal/wrong-key', 'the header tag does not fit key and context');
  let closed = false;
  const openInto: FloeOpener['openInto'] = (run, sealed, out) => {
    if (closed) throw sealError('seal/closed', 'the opener is closed');
    try {
      let length = 0;
      // The length fields tell a cut object from an altered one; the engine checks them once more, with everything else.
      for (const { segment } of segmentsOf(run, sealed, segmentLength)) length += segment.length - SEGMENT_OVERHEAD;
      if (run.skip + out.length > length) throw sealError('seal/bad-argument', 'more is wanted than the run holds');
      const altered = opener.open(run, sealed, out);
      if (altered !== null) throw sealError('seal/altered', 'segment altered', { details: { segment: altered } });
    } catch (error) {
      wipe(out);
      throw error;
    }
  };
  return {
    isBulk: true,
    openInto,
    openSegment(position, isFinal, segment) {
      const plaintext = new Uint8Array(Math.max(0, segment.length - SEGMENT_OVERHEAD));
      openInto({ position, isFinal, skip: 0 }, segment, plaintext);
      return plaintext;
    },
    close() {
      closed = true;
      opener.close();
    },
  };
}
