/**
 * The short way of tensors to an engine process under Node: a pipe beside its channel, on which pictures go in and scores come back
 * as the bytes that they are. Nothing is serialised, each side copies once, and several batches may be on their way: the next
 * one is read while the one before it is computed.
 *
 * A message is the number of its bytes in four, little endian, then the bytes: 32-bit floats to the engine, 64-bit back. An answer of
 * no bytes says that the engine could not compute the batch.
 */
import { Socket } from 'node:net';
import { engineError } from './errors.ts';

/** Place of the pipe among the child's files. */
export const LANE = 4;

const HEAD = 4;
/** Bytes that a batch may have: 1,024 pictures of 128 × 128. */
const MOST = 64 * 1024 * 1024;
/** Buffers that are kept for batches to come. */
const SPARE = 4;

/** Reads messages into buffers of their own length, without another copy. */
class Messages {
  readonly #told: (bytes: ArrayBuffer) => void;
  readonly #head = new Uint8Array(HEAD);
  readonly #spare: ArrayBuffer[] = [];
  #into: Uint8Array = this.#head;
  #at = 0;

  constructor(told: (bytes: ArrayBuffer) => void) {
    this.#told = told;
  }

  /** What is still missing of a head or a body. */
  get room(): Uint8Array {
    return this.#into.subarray(this.#at);
  }

  /** `room` was filled by so many bytes. @throws RangeError for a length that no batch has */
  filled(bytes: number): void {
    this.#at += bytes;
    if (this.#at < this.#into.length) return;
    const done = this.#into;
    this.#at = 0;
    if (done !== this.#head) {
      this.#into = this.#head;
      this.#told(done.buffer as ArrayBuffer);
      return;
    }
    const length = new DataView(this.#head.buffer).getUint32(0, true);
    if (length > MOST) throw new RangeError('no batch is so long');
    if (length === 0) this.#told(new ArrayBuffer(0));
    else this.#into = new Uint8Array(this.#room(length));
  }

  /** Takes back what a message lay in, for the next one of its length: fresh memory costs as much as a copy. */
  again(bytes: ArrayBuffer): void {
    if (this.#spare.length < SPARE) this.#spare.push(bytes);
  }

  #room(length: number): ArrayBuffer {
    const at = this.#spare.findIndex(({ byteLength }) => byteLength === length);
    if (at !== -1) return this.#spare.splice(at, 1)[0] as ArrayBuffer;
    this.#spare.length = 0;
    return new ArrayBuffer(length);
  }
}

function write(socket: Socket, body: Uint8Array): void {
  const head = new Uint8Array(HEAD);
  new DataView(head.buffer).setUint32(0, body.length, true);
  socket.cork();
  socket.write(head);
  socket.write(body);
  socket.uncork();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The engine's end: computes each batch after the one before it. */
export function serveLane(fd: number, scores: (inputs: Float32Array) => Promise<Float64Array>): void {
  let turn: Promise<unknown> = Promise.resolve();
  const messages = new Messages((bytes) => {
    turn = turn
      .then(() => scores(new Float32Array(bytes)))
      .catch(() => new Float64Array(0))
      .then((found) => {
        messages.again(bytes);
        write(socket, bytesOf(found));
      });
  });
  // `onread` lets the pipe be read straight into the batch.
  const options = {
    fd,
    readable: true,
    writable: true,
    onread: {
      buffer: () => messages.room,
      callback: (bytes: number) => {
        messages.filled(bytes);
        return true;
      },
    },
  };
  const socket: Socket = new Socket(options);
  socket.on('error', () => socket.destroy());
}

/** The caller's end. Answers come in the order of the batches. */
export class TensorLane {
  readonly #socket: Socket;
  readonly #waiting: { resolve: (scores: Float64Array) => void; reject: (error: unknown) => void }[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    const messages = new Messages((bytes) => {
      const first = this.#waiting.shift();
      if (bytes.byteLength === 0) first?.reject(engineError('engine/answer'));
      else first?.resolve(new Float64Array(bytes));
    });
    socket.on('data', (chunk: Uint8Array) => {
      for (let at = 0; at < chunk.length; ) {
        const { room } = messages;
        const part = chunk.subarray(at, at + room.length);
        room.set(part);
        at += part.length;
        messages.filled(part.length);
      }
    });
    const gone = (): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(engineError('engine/crashed'));
    };
    socket.on('error', gone);
    socket.on('close', gone);
  }

  /**
   * Scores of prepared pictures behind each other, by the classifier that the engine's last task opened.
   * @throws VitrineError engine/answer, engine/crashed
   */
  scores(inputs: Float32Array): Promise<Float64Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      write(this.#socket, bytesOf(inputs));
    });
  }
}
