/**
 * The server of the upload path, as a process of its own, so that what crosses is exactly what a network would carry. It is
 * given the user's key, decrypts every image and classifies it: it sees all of them.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { VitrineError } from '../../core/errors.ts';
import { inferError } from '../../core/infer/errors.ts';
import { openAnswer, sealUpload, studyDataKey, type Upload, type UploadPlace } from '../../core/infer/upload.ts';
import { platformGcm } from './gcm.ts';

/** WebAssembly gives the same bits in every process; that a prediction survives the way unchanged can then be checked. */
export const CLOUD_BACK_END = 'tfjs-wasm';

/** To the server. */
export type ToCloud =
  | { readonly kind: 'user'; readonly key: Uint8Array; readonly model: string }
  | { readonly kind: 'upload'; readonly upload: Upload };

/** From the server. */
export type FromCloud =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly sealed: Uint8Array }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** Scores as they came back, with what it took. */
export interface CloudAnswer {
  /** In the order of the model's labels. */
  readonly scores: readonly number[];
  readonly bytesSent: number;
  readonly bytesBack: number;
}

/** Client and server of one user. */
export class Cloud {
  readonly #child: ReturnType<typeof fork>;
  readonly #userKey: Uint8Array;

  private constructor(child: ReturnType<typeof fork>, userKey: Uint8Array) {
    this.#child = child;
    this.#userKey = userKey;
  }

  /**
   * Starts a server with the user's key.
   * @param userKey 32 bytes for AES-256 [113], 16 for AES-128 [112]
   * @throws VitrineError as reading the model does; infer/back-end when the process ends
   */
  static async start(userKey: Uint8Array, model: string): Promise<Cloud> {
    const url = new URL('./cloud-process.ts', import.meta.url);
    // In the built product the entry is JavaScript; from the source tree (tests) it is TypeScript, which tsx loads.
    const execArgv = url.pathname.endsWith('.ts') ? ['--import', 'tsx'] : [];
    const child = fork(fileURLToPath(url), [], {
      serialization: 'advanced',
      execArgv,
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const cloud = new Cloud(child, userKey);
    try {
      await cloud.#ask({ kind: 'user', key: userKey, model });
    } catch (error) {
      cloud.close();
      throw error;
    }
    return cloud;
  }

  /** Encrypts a file for one study, sends it, opens the answer. @throws VitrineError infer/payload and those of an image */
  async classify(place: UploadPlace, file: Uint8Array): Promise<CloudAnswer> {
    const study = studyDataKey(platformGcm, this.#userKey);
    const upload = sealUpload(platformGcm, { user: this.#userKey, study }, place, file);
    return this.send(upload, study);
  }

  /** Sends what was encrypted; tests alter it before. */
  async send(upload: Upload, studyKey: Uint8Array): Promise<CloudAnswer> {
    const answer = await this.#ask({ kind: 'upload', upload });
    if (answer.kind !== 'answer') throw inferError('infer/payload', 'the server gave no answer; try again');
    const plain = openAnswer(platformGcm, studyKey, upload.place, answer.sealed);
    const scores = Array.from(new Float64Array(plain.slice().buffer));
    return {
      scores,
      bytesSent: upload.sealed.length + upload.wrappedKey.length,
      bytesBack: answer.sealed.length,
    };
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(message: ToCloud): Promise<Exclude<FromCloud, { kind: 'refused' }>> {
    const child = this.#child;
    const answer = await new Promise<FromCloud>((resolve, reject) => {
      const ended = (): void => reject(inferError('infer/back-end', 'the server process ended; try again'));
      child.once('exit', ended);
      child.once('message', (heard) => {
        child.off('exit', ended);
        resolve(heard as FromCloud);
      });
      child.send(message);
    });
    if (answer.kind === 'refused') throw new VitrineError(answer.code, answer.reason);
    return answer;
  }
}
