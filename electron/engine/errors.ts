import { VitrineError } from '../../core/errors.ts';

/**
 * Why long work in the engine process did not end. Closed list.
 *
 * - `engine/cancelled`: it was cancelled; nothing of it is kept.
 * - `engine/crashed`: the engine process ended under it. The next job gets a new one.
 * - `engine/memory`: it took more memory than a job may; the engine was ended.
 * - `engine/answer`: what came back isn't what the task answers: the engine was ended.
 * - `engine/no-frame`: the vault process gave no frame to the engine.
 */
export type EngineCode = 'engine/cancelled' | 'engine/crashed' | 'engine/memory' | 'engine/answer' | 'engine/no-frame';

const SENTENCES: Readonly<Record<EngineCode, string>> = {
  'engine/cancelled': 'cancelled; nothing of it was kept',
  'engine/crashed': 'the computing process ended; try again, with a smaller image where that is possible',
  'engine/memory': 'the work takes more memory than a job may; choose a smaller image',
  'engine/answer': 'the computing process gave no sensible answer and was ended; try again',
  'engine/no-frame': 'the image could not be opened for the computing process; open the study again',
};

/** Makes an error of the engine. */
export function engineError(code: EngineCode, cause?: unknown): VitrineError<EngineCode> {
  return new VitrineError(code, SENTENCES[code], cause === undefined ? {} : { cause });
}
