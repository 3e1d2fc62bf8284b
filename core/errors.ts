/**
 * The one error type of Vitrine. Every stage declares a closed list of codes in its `errors.ts`; the renderer owns the
 * wording for people. The message is for developers and logs and never holds patient data, a key, a password or a path.
 */
export class VitrineError<Code extends string = string> extends Error {
  override readonly name = 'VitrineError';
  readonly code: Code;
  /** Facts that the wording may need: counts, limits, ids. Never patient values. */
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: Code,
    message: string,
    options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** True when `error` carries one of the closed codes, whichever realm or process it came from. */
export function hasCode<Code extends string>(error: unknown, ...codes: readonly Code[]): error is VitrineError<Code> {
  return error instanceof VitrineError && (codes as readonly string[]).includes(error.code);
}
