import { z } from 'zod';
import { id } from './catalogue.ts';
import { failure } from './failure.ts';

/**
 * The port between the vault process and a window, brokered by main. Requests are checked on arrival in the vault
 * process; several may be in flight. Answers carry bytes as they are stored (encoded frames): one hop, one copy.
 */
export const portRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('frame'),
    request: z.int().nonnegative(),
    handle: z.string().max(64),
    objectId: id,
    /** Counted from 1. */
    frame: z.int().positive(),
  }),
  z.strictObject({
    kind: z.literal('headers'),
    request: z.int().nonnegative(),
    handle: z.string().max(64),
    /** DICOM JSON headers are answered in this order. */
    objectIds: z.array(id).min(1).max(4096),
  }),
]);
export type PortRequest = z.infer<typeof portRequest>;

export const portAnswer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('frame'),
    request: z.int(),
    transferSyntaxUid: z.string(),
    bytes: z.instanceof(Uint8Array),
  }),
  z.strictObject({
    kind: z.literal('headers'),
    request: z.int(),
    /** JSON text of the DICOM JSON model (PS3.18 F) per object; null when that object can't be opened. */
    headers: z.array(z.string().nullable()),
  }),
  z.strictObject({ kind: z.literal('failure'), request: z.int(), error: failure }),
]);
export type PortAnswer = z.infer<typeof portAnswer>;

/** Message by which main hands the port to the page: `window.postMessage(PORT_MESSAGE, origin, [port])`. */
export const PORT_MESSAGE = 'vitrine:vault-port';
