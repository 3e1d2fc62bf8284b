import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { concatBytes } from '../../core/bytes.ts';
import { frameRanges } from '../../core/dicom/frame-index.ts';
import type { FrameIndex, FramePlace } from '../../core/dicom/types.ts';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import type { RoleSecret } from '../../core/keys/study-access.ts';
import type { SealedReader } from '../../core/seal/seal.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { Catalogue } from './catalogue.ts';
import { FrameMemory } from './frame-memory.ts';
import type { ObjectStore, OpenedObject } from './objects.ts';

/** Objects kept open per vault: a stack that is scrolled back and forth isn't opened again. */
const KEPT_OPEN = 64;
/** Nothing larger is handed out as one frame. */
const FRAME_LIMIT = 1024 * 1024 * 1024;
/** An inflated dataset up to this size is kept while its object stays in use. */
const KEPT_INFLATED = 64 * 1024 * 1024;

const inflate = promisify(inflateRaw);

/** An encoded frame as it is stored. 1-bit frames start on a byte here, whatever they did in the file. */
export interface EncodedFrame {
  readonly transferSyntaxUid: string;
  readonly bytes: Uint8Array;
  /** To be called, once, when the bytes were copied out: their memory is used again. */
  readonly release?: () => void;
}

interface OpenInstance {
  readonly object: OpenedObject;
  readonly index: FrameIndex | null;
  readonly transferSyntax: string;
  /** Reads under way; a kept object is closed only when it is idle. */
  users: number;
  dropped: boolean;
}

/** Reads frames and headers of studies that were opened by handle. */
export class StudyReader {
  readonly #catalogue: Catalogue;
  readonly #store: ObjectStore;
  readonly #handles = new Map<string, { studyId: StudyId; number: number }>();
  /** Least recently used first. */
  readonly #open = new Map<string, Promise<OpenInstance>>();
  readonly #memory = new FrameMemory();
  #inflated: { key: string; bytes: Uint8Array } | null = null;

  constructor(catalogue: Catalogue, store: ObjectStore) {
    this.#catalogue = catalogue;
    this.#store = store;
  }

  /** Allows reading of a study. @throws vault/no-such-study; seal/… or vault/object-missing when its key doesn't open. */
  async open(studyId: string): Promise<string> {
    const number = this.#catalogue.studyNumber(studyId);
    await this.#store.keys.ownKey(parseId<StudyId>(studyId));
    const handle = this.#store.newId<ObjectId>();
    this.#handles.set(handle, { studyId: parseId<StudyId>(studyId), number });
    return handle;
  }

  /** Allows reading of a study past its rule, until the handle is closed. @throws as `open` */
  async breakGlass(studyId: string, secret: RoleSecret): Promise<string> {
    const number = this.#catalogue.studyNumber(studyId);
    await this.#store.keys.borrow(parseId<StudyId>(studyId), secret);
    const handle = this.#store.newId<ObjectId>();
    this.#handles.set(handle, { studyId: parseId<StudyId>(studyId), number });
    return handle;
  }

  async close(handle: string): Promise<void> {
    const study = this.#handles.get(handle);
    this.#handles.delete(handle);
    if (study === undefined) return;
    const stillOpen = [...this.#handles.values()].some((other) => other.studyId === study.studyId);
    if (this.#handles.size === 0) this.#memory.clear();
    if (stillOpen) return;
    await this.#dropAll((key) => key.startsWith(study.studyId));
    this.#store.keys.giveBack(study.studyId);
  }

  /** Lets the objects of a study go; they are opened again when they are asked for. */
  async drop(studyId: string): Promise<void> {
    await this.#dropAll((key) => key.startsWith(`${studyId}/`));
  }

  /** Ends all reading. */
  async closeAll(): Promise<void> {
    this.#handles.clear();
    this.#memory.clear();
    await this.#dropAll(() => true);
  }

  /**
   * One frame, counted from 1.
   * @throws vault/no-such-handle, vault/no-such-object, vault/no-such-frame, vault/no-pixels, vault/object-missing, seal/…
   */
  async frame(handle: string, objectId: string, frame: number): Promise<EncodedFrame> {
    const study = this.#study(handle);
    const whole = this.#open.has(`${study.studyId}/${objectId}`) ? null : await this.#whole(study, objectId, frame);
    if (whole !== null) return whole;
    const instance = await this.#use(study, objectId);
    try {
      const { index, object, transferSyntax } = instance;
      if (index === null) throw vaultError('vault/no-pixels', 'the object has no frames');
      if (frame > index.count) throw vaultError('vault/no-such-frame', 'no such frame', { details: { frame } });
      const place = frameRanges(index, frame - 1);
      const bytes = await this.#bytes(`${study.studyId}/${objectId}`, object.reader, place);
      const aligned = index.layout === 'native' ? alignBits(bytes, place.bitOffset, index.frameBits) : bytes;
      return { transferSyntaxUid: transferSyntax, bytes: aligned };
    } finally {
      await this.#done(instance);
    }
  }

  /**
   * The frame of a small object, which most are, by one step of the engine. Null where that can't be: the object is large,
   * the frame lies in pieces, or something is wrong, and then the way step by step says what.
   */
  async #whole(
    study: { studyId: StudyId; number: number },
    objectId: string,
    frame: number,
  ): Promise<EncodedFrame | null> {
    const stored = this.#catalogue.framesOf(study.number, objectId);
    if (stored === null || frame > stored.index.count) return null;
    const place = frameRanges(stored.index, frame - 1);
    const [range, ...others] = place.ranges;
    if (range === undefined || others.length > 0 || place.inflated !== null || place.bitOffset !== 0) return null;
    const out = () => this.#memory.take(range.length);
    const part = { offset: range.offset, size: stored.size, out };
    const bytes = await this.#store.readWhole(study.studyId, stored.objectId, 'instance', part);
    if (bytes === null) return null;
    return { transferSyntaxUid: stored.transferSyntax, bytes, release: () => this.#memory.giveBack(bytes) };
  }

  /** DICOM JSON texts in the order asked; null for an object that the study doesn't have or whose header is lost. */
  headers(handle: string, objectIds: readonly string[]): (string | null)[] {
    const { number } = this.#study(handle);
    return objectIds.map((objectId) => this.#catalogue.header(number, objectId));
  }

  #study(handle: string): { studyId: StudyId; number: number } {
    const study = this.#handles.get(handle);
    if (study === undefined) throw vaultError('vault/no-such-handle', 'the study is not open under this handle');
    return study;
  }

  async #bytes(key: string, reader: SealedReader, place: FramePlace): Promise<Uint8Array> {
    const total = place.ranges.reduce((sum, range) => sum + range.length, 0);
    if (total > FRAME_LIMIT)
      throw vaultError('vault/frame-too-large', 'the frame is too large', { details: { total } });
    if (place.inflated !== null) {
      const dataset = await this.#inflate(key, reader, place.inflated);
      return concatBytes(...place.ranges.map(({ offset, length }) => dataset.subarray(offset, offset + length)));
    }
    const parts: Uint8Array[] = [];
    for (const { offset, length } of place.ranges) parts.push(await reader.read(offset, length));
    return parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(...parts);
  }

  /** The inflated dataset of a deflated file (PS3.5 A.5), to no more than the length that import found within its limit. */
  async #inflate(key: string, reader: SealedReader, place: { from: number; length: number }): Promise<Uint8Array> {
    if (this.#inflated?.key === key) return this.#inflated.bytes;
    const deflated = await reader.read(place.from, reader.length - place.from);
    const bytes = await inflate(deflated, { maxOutputLength: place.length });
    this.#inflated = bytes.length <= KEPT_INFLATED ? { key, bytes } : null;
    return bytes;
  }

  async #use(study: { studyId: StudyId; number: number }, objectId: string): Promise<OpenInstance> {
    const key = `${study.studyId}/${objectId}`;
    for (;;) {
      const opening = this.#open.get(key) ?? this.#openInstance(study, objectId);
      // Taken out and put in again: the map's order is the order of use.
      this.#open.delete(key);
      this.#open.set(key, opening);
      try {
        const instance = await opening;
        // Closed between its opening and now: open it again.
        if (instance.dropped) continue;
        instance.users += 1;
        this.#trim();
        return instance;
      } catch (error) {
        if (this.#open.get(key) === opening) this.#open.delete(key);
        throw error;
      }
    }
  }

  async #openInstance(study: { studyId: StudyId; number: number }, objectId: string): Promise<OpenInstance> {
    const stored = this.#catalogue.instance(study.number, objectId);
    if (stored === null) throw vaultError('vault/no-such-object', 'the study has no such object');
    const index = this.#catalogue.frameIndex(objectId);
    const object = await this.#store.open(study.studyId, stored.objectId, 'instance');
    return { object, index, transferSyntax: stored.transferSyntax, users: 0, dropped: false };
  }

  async #done(instance: OpenInstance): Promise<void> {
    instance.users -= 1;
    if (instance.dropped && instance.users === 0) await instance.object.close();
  }

  #trim(): void {
    for (const key of this.#open.keys()) {
      if (this.#open.size <= KEPT_OPEN) return;
      this.#drop(key).catch(() => undefined);
    }
  }

  async #dropAll(which: (key: string) => boolean): Promise<void> {
    if (this.#inflated !== null && which(this.#inflated.key)) this.#inflated = null;
    await Promise.all([...this.#open.keys()].filter(which).map((key) => this.#drop(key)));
  }

  async #drop(key: string): Promise<void> {
    const opening = this.#open.get(key);
    this.#open.delete(key);
    const instance = await opening?.catch(() => undefined);
    if (instance === undefined || instance.dropped) return;
    instance.dropped = true;
    if (instance.users === 0) await instance.object.close();
  }
}

/** Moves a 1-bit frame to a byte border; the first pixel is the lowest bit (PS3.5 8.1.1). Others are as they are. */
function alignBits(bytes: Uint8Array, bitOffset: number, frameBits: number): Uint8Array {
  if (bitOffset === 0) return bytes;
  const aligned = new Uint8Array(Math.ceil(frameBits / 8));
  for (let i = 0; i < aligned.length; i++) {
    const low = (bytes[i] as number) >> bitOffset;
    aligned[i] = low | ((bytes[i + 1] ?? 0) << (8 - bitOffset));
  }
  return aligned;
}
