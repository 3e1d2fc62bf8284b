/**
 * The decode worker: hostile pixel data meets codecs here, in a sandboxed thread that holds no keys and no network. One
 * frame in, one frame out; the window ends a worker that takes too long.
 */
import { decodeFrame } from './decode-frame.ts';
import { UnsupportedSyntax, type WorkerAnswer, type WorkerRequest } from './format.ts';

/** The part of a dedicated worker's scope that is used here; the room is compiled with the page's types. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(answer: WorkerAnswer, transfer: Transferable[]): void;
  readonly console: { log: () => void; warn: () => void; error: () => void };
}

const scope = globalThis as unknown as WorkerScope;

async function answer(request: WorkerRequest): Promise<void> {
  try {
    const frame = await decodeFrame(request);
    scope.postMessage({ job: request.job, ok: true, frame }, [frame.pixels.buffer]);
  } catch (error) {
    const code = error instanceof UnsupportedSyntax ? 'image/unsupported-syntax' : 'image/undecodable';
    scope.postMessage({ job: request.job, ok: false, code }, []);
  }
}

// The codecs tell every step of every frame to the console; nobody reads it, and it could quote a file.
const silent = (): void => undefined;
Object.assign(scope.console, { log: silent, warn: silent, error: silent });

scope.onmessage = (event) => void answer(event.data);
