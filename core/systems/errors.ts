import { VitrineError } from '../errors.ts';

/**
 * Why a published system was not found. Closed list.
 *
 * - `systems/unknown-system`, `systems/unknown-attack`: nothing in the registry has this id.
 * - `systems/other-kind`: the system is there and is run in another way, which the message names.
 */
export type SystemsCode = 'systems/unknown-system' | 'systems/unknown-attack' | 'systems/other-kind';

/** Makes an error of the registry. The message is a sentence without its full stop, and says what to do. */
export function systemsError(code: SystemsCode, message: string): VitrineError<SystemsCode> {
  return new VitrineError(code, message);
}
