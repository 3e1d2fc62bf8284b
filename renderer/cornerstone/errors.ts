/**
 * Why one image can't be shown. The vault's own codes (an altered object, a closed handle) pass through unchanged:
 * - `image/undecodable`: the codestream is damaged, or its size disagrees with the attributes
 * - `image/unsupported-syntax`: no decoder for this transfer syntax
 * - `image/decode-timeout`: the decoder took longer than its limit and was ended
 * - `image/no-header`: the object's header could not be opened
 * - `image/failed`: anything else
 */
export type ImageCode =
  | 'image/undecodable'
  | 'image/unsupported-syntax'
  | 'image/decode-timeout'
  | 'image/no-header'
  | 'image/failed';

export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: string;

  constructor(code: ImageCode | (string & {}), message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The code that an error carries, wherever it came from. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'image/failed';
}
