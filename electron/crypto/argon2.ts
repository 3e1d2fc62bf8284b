import { Worker } from 'node:worker_threads';
import { argon2id } from 'hash-wasm';
import { wipe } from '../../core/bytes.ts';
import type { Argon2id, Argon2Parameters } from '../../core/keys/types.ts';

/** What the worker thread is asked. */
export interface KdfRequest {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly parameters: Argon2Parameters;
  readonly length: number;
}

/** What it answers. The reason names the failure of the machine (memory, WebAssembly) and no secret. */
export type KdfAnswer = { readonly key: Uint8Array } | { readonly reason: string };

/**
 * Argon2id by hash-wasm on the calling thread, which it keeps busy for all of its half a second or so: for the worker thread
 * and the command line. Lanes are computed one after the other; the result is the same.
 */
export const argon2idDirect: Argon2id = (password, salt, parameters, length) =>
  argon2id({
    password,
    salt,
    memorySize: parameters.memoryKiB,
    iterations: parameters.iterations,
    parallelism: parameters.parallelism,
    hashLength: length,
    outputType: 'binary',
  });

/** One derivation in one thread, which ends with it and gives its memory back. */
function derive(workerUrl: URL | string, request: KdfRequest): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl, { name: 'vitrine-kdf' });
    const end = (settle: () => void) => {
      settle();
      void worker.terminate();
    };
    worker.once('message', (answer: KdfAnswer) =>
      end(() => ('key' in answer ? resolve(answer.key) : reject(new Error(answer.reason)))),
    );
    worker.once('error', (error) => end(() => reject(error)));
    worker.once('exit', (code) => reject(new Error(`the key derivation thread ended with code ${code}`)));
    worker.postMessage(request, [request.password.buffer as ArrayBuffer]);
  });
}

/**
 * Argon2id in a worker thread, so that no window stops while a passphrase is stretched.
 * @param workerUrl the built `electron/vault/kdf-worker.ts` (`out/app/main/kdf-worker.js`): a file URL or an absolute path
 */
export function createArgon2(workerUrl: URL | string): Argon2id {
  return async (password, salt, parameters, length) => {
    // The copy is handed over, so that the thread's is the only one beside the caller's.
    const request = { password: new Uint8Array(password), salt: new Uint8Array(salt), parameters, length };
    const key = await derive(workerUrl, request);
    const result = new Uint8Array(key);
    wipe(key);
    return result;
  };
}
