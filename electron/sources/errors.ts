import { VitrineError } from '../../core/errors.ts';
import type { SourceCode } from './types.ts';

/** A source that can't be read. Paths stay out of the message: they may hold patient data. */
export function sourceError(code: SourceCode, message: string, cause?: unknown): VitrineError<SourceCode> {
  return new VitrineError(code, message, cause === undefined ? {} : { cause });
}

/** Turns an error of the operating system into a source error; one that already is one stays as it is. */
export function asSourceError(error: unknown): VitrineError<SourceCode> {
  if (error instanceof VitrineError) return error as VitrineError<SourceCode>;
  const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  return sourceError(missing ? 'source/missing' : 'source/unreadable', 'the file can not be read', error);
}
