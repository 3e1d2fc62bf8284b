/**
 * What main and the engine process say to each other. The engine meets hostile pixels, so main trusts nothing that comes
 * back: messages are checked here, results by the schema that the caller gives. The engine gets no key and no path.
 */
import { z } from 'zod';
import { failure } from '../../core/contract/failure.ts';

/** From main. `connect` travels with one port to the vault process, for the run that follows. */
export type ToEngine =
  | { readonly type: 'run'; readonly id: number; readonly task: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'connect' };

const id = z.int().positive();

/** From the engine. A failure's message is a sentence of the code's stage: shown by the command line, never logged. */
export const fromEngine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    id,
    done: z.number().nonnegative(),
    total: z.number().nonnegative().nullable(),
    unit: z.enum(['items', 'bytes', 'steps']),
  }),
  z.object({ type: z.literal('done'), id, value: z.unknown() }),
  z.object({ type: z.literal('failed'), id, error: failure, message: z.string().max(1000) }),
]);
export type FromEngine = z.infer<typeof fromEngine>;

/** How far a task is. */
export type TaskProgress = Pick<Extract<FromEngine, { type: 'progress' }>, 'done' | 'total' | 'unit'>;
