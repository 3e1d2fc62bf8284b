import { randomFillSync } from 'node:crypto';
import type { RandomFill } from '../core/seal/engine.ts';

/** Random bytes of the operating system, as core/ asks for them. */
export const randomFill: RandomFill = (bytes) => randomFillSync(bytes);
