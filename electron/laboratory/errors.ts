import { VitrineError } from '../../core/errors.ts';

/**
 * Why the Laboratory's screen got nothing. Closed list.
 *
 * - `lab/no-such-picture`: the picture isn't held any more: others were opened since, or the vault was locked.
 */
export type LabCode = 'lab/no-such-picture';

/** Makes an error of the Laboratory's screen. */
export function labError(code: LabCode): VitrineError<LabCode> {
  return new VitrineError(code, 'the picture is not held any more; choose it again');
}
