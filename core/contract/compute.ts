/**
 * What the engine process and the compute window say to each other, over a port that main hands to both: networks as data,
 * prepared pictures, logits. Each call is answered once, under its number. No key, no path and no name ever crosses here.
 */
import { z } from 'zod';
import type { Architecture, Weights } from '../infer/architecture.ts';

/** Name of the message with which the page of the compute window gets its port. */
export const COMPUTE_MESSAGE = 'vitrine:compute-port';

const call = z.int().nonnegative();
const numbers = z.custom<Float32Array>((value) => value instanceof Float32Array);

/**
 * From the engine. Networks are known by the number of the call that opened them. The window, which has nothing to guard, takes
 * these as they come: what it can't compute has failed.
 */
export type ToCompute =
  | { readonly type: 'open'; readonly call: number; readonly architecture: Architecture; readonly weights: Weights }
  | { readonly type: 'run'; readonly call: number; readonly network: number; readonly inputs: Float32Array }
  | { readonly type: 'close'; readonly call: number; readonly network: number };

/** From the compute window; the engine checks it. */
export const fromCompute = z.discriminatedUnion('type', [
  /** The first word: whether there is an adapter for WebGPU. */
  z.strictObject({ type: z.literal('ready'), adapter: z.boolean() }),
  z.strictObject({ type: z.literal('opened'), call }),
  z.strictObject({ type: z.literal('ran'), call, logits: numbers }),
  /** `tensors`: how many the window still holds. */
  z.strictObject({ type: z.literal('closed'), call, tensors: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('failed'), call }),
  /** The graphics processor is gone, and everything that lay in it. */
  z.strictObject({ type: z.literal('lost') }),
]);
export type FromCompute = z.infer<typeof fromCompute>;
