import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

/** A server that says nothing for this long is given up, before the first byte and between two chunks alike. */
const SILENCE_MS = 4_000;

/**
 * Downloads `url` to `file`.
 * @throws Error within seconds when the server can't be reached, answers anything but 200, or falls silent.
 */
export async function download(url: string, file: string, silenceMs = SILENCE_MS): Promise<void> {
  const silence = new AbortController();
  const giveUp = (): void =>
    silence.abort(new Error(`no answer within ${silenceMs / 1000} s from ${new URL(url).host}`));
  const timer = setTimeout(giveUp, silenceMs);
  try {
    const answer = await fetch(url, { signal: silence.signal, redirect: 'follow' });
    if (!answer.ok || answer.body === null) throw new Error(`${new URL(url).host} answered ${answer.status}`);
    const heartbeat = new Transform({
      transform(chunk, _encoding, done) {
        timer.refresh();
        done(null, chunk);
      },
    });
    const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
    await pipeline(body, heartbeat, createWriteStream(file), { signal: silence.signal });
  } catch (error) {
    if (silence.signal.aborted) throw silence.signal.reason;
    throw new Error(reason(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch` hides why it failed in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** Digest of a file's bytes. */
export async function fileDigest(
  file: string,
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest(encoding);
}
