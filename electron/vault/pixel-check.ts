/**
 * Decodes what an import took in, after it was committed: damage in a compressed stream mostly shows only then. All frames
 * of each object are decoded, one at a time, in a process without keys; what can't be decoded, or decodes to what its
 * header rules out, gets a warning in the catalogue. Objects wait in the catalogue for their check, so a check that a lock
 * or a crash cuts short goes on at the next opening.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DicomWarning } from '../../core/dicom/errors.ts';
import type { PixelDoubt } from '../../core/vault/types.ts';
import type { Verdict } from '../decode/check-frame.ts';
import { type CheckChannel, FrameChecker } from '../decode/frame-checker.ts';
import type { Catalogue } from './catalogue.ts';
import type { StudyReader } from './study-reader.ts';
import type { UncheckedObject } from './unchecked-rows.ts';

/** A file of an import as its report names it. */
export interface TakenFile {
  readonly path: string;
  readonly name: string;
}

export interface PixelCheckParts {
  readonly catalogue: Catalogue;
  readonly reader: StudyReader;
  /** Starts a checking process. */
  readonly start: () => CheckChannel;
  /** An import is running: it comes first. */
  readonly isBusy: () => boolean;
}

/** Larger frames are left to the window, which is asked for one at a time. */
const LARGEST = 256 * 1024 * 1024;
const BUSY_WAIT = 250;

const WARNING: Readonly<Record<Verdict, DicomWarning | null>> = {
  sound: null,
  damaged: 'dicom/stream-damaged',
  doubtful: 'dicom/pixels-doubtful',
};

/** The objects of one import that wait, and what was found of the others. */
interface Watched {
  readonly waiting: Map<string, TakenFile>;
  readonly found: PixelDoubt[];
  readonly over: Promise<void>;
  end: () => void;
}

export class PixelCheck {
  readonly #parts: PixelCheckParts;
  readonly #checker: FrameChecker;
  readonly #watched = new Map<string, Watched>();
  readonly #closing = new AbortController();
  #running: Promise<void> | null = null;
  /** Something came while the last of what was there was checked. */
  #again = false;

  constructor(parts: PixelCheckParts) {
    this.#parts = parts;
    this.#checker = new FrameChecker(parts.start);
  }

  /** An import was committed: its compressed objects are checked, and `doubts` answers for them. */
  expect(job: string, files: ReadonlyMap<string, TakenFile>): void {
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#watched.set(job, { waiting: new Map(files), found: [], over, end });
    this.run();
  }

  /** What was found in an import's objects, when all of them are checked. Asked once: the answer is forgotten then. */
  async doubts(job: string): Promise<PixelDoubt[]> {
    const watched = this.#watched.get(job);
    if (watched === undefined) return [];
    await watched.over;
    this.#watched.delete(job);
    return watched.found;
  }

  /** Goes through everything that waits. */
  run(): void {
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#again = false;
    const over = (isWhole: boolean): void => {
      this.#running = null;
      this.#checker.close();
      if (this.#again && isWhole) this.run();
      else for (const { end } of this.#watched.values()) end();
    };
    this.#running = this.#checkAll().then(
      () => over(true),
      () => over(false),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#again = false;
    this.#checker.close();
    await this.#running;
  }

  /** @throws VitrineError vault/unexpected when no checking process starts: everything goes on waiting then */
  async #checkAll(): Promise<void> {
    const { catalogue, isBusy } = this.#parts;
    let last = 0;
    for (;;) {
      while (isBusy() && !this.#closing.signal.aborted) await sleep(BUSY_WAIT);
      if (this.#closing.signal.aborted) return;
      const object = catalogue.unchecked.next(last);
      if (object === null) return;
      last = object.instance;
      const verdict = await this.#verdictOn(object);
      if (this.#closing.signal.aborted) return;
      const code = verdict === null ? null : WARNING[verdict];
      const isNew = verdict !== null && catalogue.unchecked.checked(object.instance, code);
      this.#tell(object, isNew ? code : null);
    }
  }

  /** Null for an object that can't be opened now: another account's, or altered. Reading it will say so. */
  async #verdictOn({ studyId, study, objectId, frames }: UncheckedObject): Promise<Verdict | null> {
    const { catalogue, reader } = this.#parts;
    const header = catalogue.header(study, objectId);
    if (header === null) return null;
    const handle = await reader.open(studyId).catch(() => null);
    if (handle === null) return null;
    try {
      for (let frame = 1; frame <= frames; frame++) {
        const encoded = await reader.frame(handle, objectId, frame).catch(() => null);
        if (encoded === null || this.#closing.signal.aborted) return null;
        const { transferSyntaxUid, bytes } = encoded;
        if (bytes.length > LARGEST) continue;
        const verdict = await this.#checker.check({ transferSyntaxUid, bytes: bytes.slice(), header });
        if (verdict !== 'sound') return verdict;
      }
      return 'sound';
    } finally {
      await reader.close(handle);
    }
  }

  #tell({ objectId }: UncheckedObject, code: DicomWarning | null): void {
    for (const watched of this.#watched.values()) {
      const file = watched.waiting.get(objectId);
      if (file === undefined) continue;
      watched.waiting.delete(objectId);
      if (code !== null) watched.found.push({ ...file, code });
      if (watched.waiting.size === 0) watched.end();
    }
  }
}
