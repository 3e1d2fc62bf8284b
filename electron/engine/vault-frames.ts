import { type PortAnswer, type PortRequest, portAnswer } from '../../core/contract/port.ts';
import { pixelFormat } from '../../core/dicom/pixel-format.ts';
import { summarize } from '../../core/dicom/summary.ts';
import { transferSyntax } from '../../core/dicom/transfer-syntax.ts';
import type { DicomJson, PixelFormat } from '../../core/dicom/types.ts';
import { VitrineError } from '../../core/errors.ts';
import { decodeFrame } from '../decode/decode-frame.ts';
import { inSwappedPairs, swapBytes } from '../decode/native.ts';
import type { StoredFrame } from '../decode/pixels-of.ts';
import { engineError } from './errors.ts';
import type { FramePlace } from './task.ts';

/** What is used of a MessagePort. */
export interface FramePort {
  postMessage(message: PortRequest): void;
}

/** Without the number that every request of the port carries. */
type Asked =
  | Omit<Extract<PortRequest, { kind: 'frame' }>, 'request'>
  | Omit<Extract<PortRequest, { kind: 'headers' }>, 'request'>;

/** The engine's end of the port to the vault process: encoded frames come through it and are decoded here. */
export class VaultFrames {
  readonly #waiting = new Map<number, (answer: PortAnswer) => void>();
  #port: FramePort | null = null;
  #next = 0;

  /** A new port takes the old one's place: each run gets its own. */
  connect(port: FramePort): void {
    this.#port = port;
  }

  /** One answer of the port. */
  receive(message: unknown): void {
    const answer = portAnswer.safeParse(message);
    if (!answer.success) return;
    this.#waiting.get(answer.data.request)?.(answer.data);
    this.#waiting.delete(answer.data.request);
  }

  /** One decoded frame. @throws VitrineError<DicomCode>, engine/no-frame, and the vault's own codes */
  async frame({ handle, objectId, frame }: FramePlace): Promise<StoredFrame> {
    const [headers, encoded] = await Promise.all([
      this.#ask({ kind: 'headers', handle, objectIds: [objectId] }),
      this.#ask({ kind: 'frame', handle, objectId, frame }),
    ]);
    const text = headers.kind === 'headers' ? headers.headers[0] : null;
    if (typeof text !== 'string' || encoded.kind !== 'frame') throw engineError('engine/no-frame');
    const { transferSyntaxUid, bytes } = encoded;
    const format = formatOf(JSON.parse(text), transferSyntaxUid);
    // A frame that begins in the middle of a pair belongs to an odd-sized image of several frames.
    const whole = inSwappedPairs(format) && bytes.length % 2 === 0 ? swapBytes(bytes.slice(), 2) : bytes;
    return { format, bytes: await decodeFrame({ transferSyntaxUid, bytes: whole, format, bitOffset: 0 }) };
  }

  async #ask(asked: Asked): Promise<PortAnswer> {
    const port = this.#port;
    if (port === null) throw engineError('engine/no-frame');
    const request = this.#next++;
    const answered = new Promise<PortAnswer>((resolve) => this.#waiting.set(request, resolve));
    port.postMessage({ ...asked, request });
    const answer = await answered;
    if (answer.kind === 'failure')
      throw new VitrineError(answer.error.code, 'the vault gave no frame', { details: { ...answer.error.details } });
    return answer;
  }
}

/**
 * The format of a frame from its header. The pixel element itself isn't in it: floating point is told by its missing
 * Pixel Representation, which whole numbers must have.
 */
function formatOf(json: DicomJson, transferSyntaxUid: string): PixelFormat {
  const summary = summarize(json, new Set());
  const syntax = transferSyntax(transferSyntaxUid);
  const isNative = syntax?.coding === 'native';
  const isFloat = isNative && summary.pixelRepresentation === null && (summary.bitsAllocated ?? 0) >= 32;
  const element = !isNative ? 'encapsulated' : !isFloat ? 'native' : summary.bitsAllocated === 64 ? 'double' : 'float';
  const vr = (summary.bitsAllocated ?? 8) > 8 || syntax?.explicit === false ? 'OW' : 'OB';
  const place = { offset: 0, length: null, extendedOffsets: null, extendedLengths: null, inflated: null };
  return pixelFormat({ summary, pixels: { element, vr, bigEndian: syntax?.bigEndian ?? false, ...place } });
}
