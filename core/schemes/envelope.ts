import { concatBytes, utf8 } from '../bytes.ts';
import type { ParameterValues } from '../published.ts';
import type { AeadEngine } from '../seal/engine.ts';
import { schemesError } from './errors.ts';
import { KEY_LENGTH, subkey } from './random.ts';
import type { Scheme, Shape } from './scheme.ts';

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** Bytes that the envelope adds to a payload. */
export const ENVELOPE_OVERHEAD = NONCE_LENGTH + TAG_LENGTH;

/** What the envelope binds a payload to: exchange any of it, and it doesn't open. */
export interface EnvelopeContext {
  readonly scheme: Pick<Scheme, 'id'>;
  readonly values: ParameterValues;
  readonly shape: Shape;
  /** Hash of study and series UID, or another name of where the object belongs; never a patient's data. */
  readonly place: string;
}

function associatedData({ scheme, values, shape, place }: EnvelopeContext): Uint8Array {
  const parameters = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  const { columns, rows, channels, bits } = shape;
  return utf8(JSON.stringify({ envelope: 1, scheme: scheme.id, parameters, columns, rows, channels, bits, place }));
}

/** A random key for one object. */
export function objectKey(engine: AeadEngine): Uint8Array {
  const key = new Uint8Array(KEY_LENGTH);
  engine.randomFill(key);
  return key;
}

/** AES-256-GCM under a key of the object's own, with a fresh nonce: `nonce || ciphertext || tag`. */
export function sealPayload(
  engine: AeadEngine,
  key: Uint8Array,
  context: EnvelopeContext,
  payload: Uint8Array,
): Uint8Array {
  const nonce = new Uint8Array(NONCE_LENGTH);
  engine.randomFill(nonce);
  const parts = engine.sealSegment(subkey(engine, key, 'envelope'), nonce, associatedData(context), payload);
  return concatBytes(nonce, ...parts);
}

/** Opens what `sealPayload` wrote. @throws VitrineError schemes/altered, before any code of a scheme runs. */
export function openPayload(
  engine: AeadEngine,
  key: Uint8Array,
  context: EnvelopeContext,
  sealed: Uint8Array,
): Uint8Array {
  const body = sealed.length - TAG_LENGTH;
  const payload =
    body < NONCE_LENGTH
      ? null
      : engine.openSegment(
          subkey(engine, key, 'envelope'),
          sealed.subarray(0, NONCE_LENGTH),
          associatedData(context),
          sealed.subarray(NONCE_LENGTH, body),
          sealed.subarray(body),
        );
  if (payload === null)
    throw schemesError('schemes/altered', 'the envelope does not open: another key, another place, or an altered byte');
  return payload;
}
