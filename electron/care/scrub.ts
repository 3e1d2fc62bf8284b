import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectId, StudyId } from '../../core/ids.ts';
import type { ScrubReport, ScrubState } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver, VerifyProblem } from '../../core/vault/types.ts';
import type { Catalogue } from '../vault/catalogue.ts';
import { readManifest } from '../vault/manifest.ts';
import type { ObjectStore } from '../vault/objects.ts';
import type { ScrubbedObject } from '../vault/scrub-rows.ts';
import { reach } from '../vault/write-points.ts';
import { now } from './backup-folder.ts';
import { stopIfAborted } from './copy-file.ts';
import { readObject } from './soundness.ts';

/** Objects after which the position is kept: a scrub that ends goes on there. */
const KEEP_EVERY = 32;
/** How often a scrub looks whether somebody reads or imports, and how long they must have been quiet (milliseconds). */
const LOOK_EVERY = 250;

export interface ScrubParts {
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  /** Somebody reads or imports, or did a moment ago. */
  isBusy(): boolean;
}

/** Where a pass is: what comes behind `after` is still to be read. */
interface Position {
  readonly since: string | null;
  readonly after: string;
  readonly lastPass: string | null;
}

const NAME = 'scrub';

function positionOf(catalogue: Catalogue): Position {
  const kept = catalogue.state.record(NAME) as Position | null;
  return kept ?? { since: null, after: '', lastPass: null };
}

/** What the scrub knows, for the screen. */
export function scrubState(catalogue: Catalogue): ScrubState {
  const { since, lastPass } = positionOf(catalogue);
  const { images, notes } = catalogue.state.read();
  return {
    lastPass,
    since,
    done: since === null ? 0 : Math.min(images + notes, catalogue.scrubbed.countSince(since)),
    total: images + notes,
    damaged: catalogue.scrubbed.damaged(),
  };
}

/**
 * Reads every object in full, from where the last scrub ended to the end of the pass, and keeps what it found of each.
 * It steps aside whenever somebody works, and reads no more than so many bytes a second.
 * @throws vault/cancelled; what was read until then is kept
 */
export async function scrub(parts: ScrubParts, bytesPerSecond: number, observer: VerifyObserver): Promise<ScrubReport> {
  const run = new ScrubRun(parts, bytesPerSecond, observer);
  return run.run();
}

class ScrubRun {
  readonly #parts: ScrubParts;
  readonly #bytesPerSecond: number;
  readonly #observer: VerifyObserver;
  readonly #problems: VerifyProblem[] = [];
  #batch: ScrubbedObject[] = [];
  #position: Position;
  readonly #started = performance.now();
  #done = 0;
  #total = 0;
  #objects = 0;
  #bytes = 0;

  constructor(parts: ScrubParts, bytesPerSecond: number, observer: VerifyObserver) {
    this.#parts = parts;
    this.#bytesPerSecond = bytesPerSecond;
    this.#observer = observer;
    this.#position = positionOf(parts.catalogue);
  }

  async run(): Promise<ScrubReport> {
    const { catalogue } = this.#parts;
    this.#position = { ...this.#position, since: this.#position.since ?? now() };
    const { done, total } = scrubState(catalogue);
    this.#done = this.#position.after === '' ? 0 : done;
    this.#total = total;
    const studies = catalogue.studies().map(({ studyId }) => studyId);
    try {
      for (const studyId of studies.sort()) {
        if (studyId < this.#position.after.slice(0, studyId.length)) continue;
        await this.#study(studyId);
      }
    } finally {
      this.#keep();
    }
    this.#position = { since: null, after: '', lastPass: now() };
    this.#keep();
    return { finished: true, objects: this.#objects, bytes: this.#bytes, problems: this.#problems };
  }

  async #study(studyId: StudyId): Promise<void> {
    const { catalogue } = this.#parts;
    const number = catalogue.visibleNumber(studyId);
    if (number === null) return;
    const instances = new Map(catalogue.instances(studyId).map(({ objectId, sha256 }) => [objectId, sha256]));
    const notes = catalogue.annotations.journal(number).map(({ objectId }) => objectId);
    for (const objectId of [...instances.keys(), ...notes].sort()) {
      if (`${studyId}/${objectId}` <= this.#position.after) continue;
      await this.#stepAside();
      await this.#object(studyId, objectId, instances.get(objectId) ?? null);
    }
    await this.#manifests(studyId, number);
  }

  /** @param sha256 what was sealed; null: a note, of which the seal alone speaks */
  async #object(studyId: StudyId, objectId: ObjectId, sha256: string | null): Promise<void> {
    const { store } = this.#parts;
    const kind = sha256 === null ? 'note' : 'instance';
    const reading = await readObject(store, studyId, { objectId, kind }, this.#observer.signal);
    const other = reading.state === 'sound' && sha256 !== null && reading.sha256 !== sha256;
    // Another role's study can't be read in this session; a session that may will.
    if (reading.state !== 'unchecked') {
      const problem = other ? 'altered' : reading.state === 'sound' ? null : reading.state;
      this.#found(studyId, objectId, problem);
    }
    this.#bytes += reading.bytes;
    this.#objects += 1;
    this.#done += 1;
    this.#position = { ...this.#position, after: `${studyId}/${objectId}` };
    this.#observer.progress(Math.min(this.#done, this.#total), this.#total);
    if (this.#batch.length >= KEEP_EVERY) this.#keep();
  }

  async #manifests(studyId: StudyId, number: number): Promise<void> {
    const { catalogue, store } = this.#parts;
    for (const [at, importId] of catalogue.state.importsOf(number).entries()) {
      const manifest = await readManifest(store, studyId, at + 1).catch(() => null);
      // Whoever may not open the study finds nothing out about it; its objects were passed over as well.
      const isOurs = await store.studyKey(studyId).then(
        () => true,
        () => false,
      );
      if (isOurs) this.#found(studyId, `${studyId}/${at + 1}`, manifest?.importId === importId ? null : 'manifest');
    }
  }

  #found(studyId: string, objectId: string, problem: VerifyProblem['kind'] | null): void {
    this.#batch.push({ studyId, objectId, checkedAt: now(), problem });
    if (problem === null) return;
    this.#problems.push({ kind: problem, studyId, objectId: objectId.includes('/') ? null : objectId });
  }

  #keep(): void {
    const { catalogue } = this.#parts;
    catalogue.scrubbed.keep(this.#batch);
    catalogue.state.keep(NAME, this.#position);
    this.#batch = [];
    reach('scrub.position');
  }

  /** Waits while somebody works, and for as long as the bytes so far should have taken. */
  async #stepAside(): Promise<void> {
    for (;;) {
      stopIfAborted(this.#observer.signal);
      const due = this.#bytesPerSecond === 0 ? 0 : (this.#bytes / this.#bytesPerSecond) * 1000;
      const ahead = due - (performance.now() - this.#started);
      const busy = this.#parts.isBusy();
      if (!busy && ahead <= 0) return;
      const wait = busy ? LOOK_EVERY : Math.min(LOOK_EVERY, ahead);
      await sleep(wait, undefined, { signal: this.#observer.signal }).catch((cause: unknown) => {
        throw vaultError('vault/cancelled', 'the scrub was cancelled', { cause });
      });
    }
  }
}
