import { existsSync } from 'node:fs';
import { hasCode, VitrineError } from '../../core/errors.ts';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver, VerifyProblem, VerifyReport } from '../../core/vault/types.ts';
import type { Catalogue } from './catalogue.ts';
import { readManifest } from './manifest.ts';
import type { FolderListing, ObjectKind, ObjectStore } from './objects.ts';

export interface VerifyParts {
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  /** True while an import runs: objects that no manifest names yet are then no problem. */
  readonly importing: () => boolean;
}

/**
 * Compares catalogue, manifests and sealed objects with each other. Fast: every object's header and final segment are
 * opened, which finds other keys, cuts and swaps. Full: every segment of every object, and every page of the catalogue.
 */
export async function verifyVault(
  parts: VerifyParts,
  options: { readonly full: boolean },
  observer: VerifyObserver,
): Promise<VerifyReport> {
  const run = new Verification(parts, options.full, observer);
  return run.report();
}

class Verification {
  readonly #parts: VerifyParts;
  readonly #full: boolean;
  readonly #observer: VerifyObserver;
  readonly #problems: VerifyProblem[] = [];
  #objects = 0;
  #bytes = 0;
  #total = 0;

  constructor(parts: VerifyParts, full: boolean, observer: VerifyObserver) {
    this.#parts = parts;
    this.#full = full;
    this.#observer = observer;
  }

  async report(): Promise<VerifyReport> {
    const { catalogue, store } = this.#parts;
    if (!this.#catalogueIsSound()) this.#found('catalogue', '', null);
    const known = catalogue.studies();
    const ids = new Set<string>(known.map((study) => study.studyId));
    const listings = new Map<StudyId, FolderListing>();
    for (const studyId of await store.studies()) listings.set(studyId, await store.list(studyId));
    for (const listing of listings.values()) 
      this.#total += listing.instances.length + listing.notes.length + listing.results.length;
    for (const { studyId, manifests } of known) {
      const listing = listings.get(studyId);
      if (listing === undefined || !listing.hasKey) this.#found('missing', studyId, null);
      else await this.#study(studyId, manifests, listing);
    }
    for (const [studyId, listing] of listings) {
      const holds = listing.instances.length + listing.manifests.length > 0;
      if (!ids.has(studyId) && holds && !this.#parts.importing()) this.#found('half-study', studyId, null);
    }
    return { objects: this.#objects, bytes: this.#bytes, problems: this.#problems };
  }

  #catalogueIsSound(): boolean {
    try {
      return this.#parts.catalogue.isSound(this.#full);
    } catch {
      return false;
    }
  }

  async #study(studyId: StudyId, manifests: number, listing: FolderListing): Promise<void> {
    const { catalogue, store } = this.#parts;
    try {
      await store.studyKey(studyId);
    } catch {
      this.#found('altered', studyId, null);
      return;
    }
    const named = await this.#manifests(studyId, manifests, listing);
    const rows = new Set<string>(catalogue.instances(studyId).map((instance) => instance.objectId));
    const files = new Set<string>(listing.instances);
    for (const id of new Set([...named, ...rows])) {
      const objectId = parseId<ObjectId>(id);
      if (!rows.has(id)) this.#found('catalogue', studyId, objectId);
      if (files.has(id)) await this.#object(studyId, objectId, 'instance');
      else this.#found('missing', studyId, objectId);
    }
    for (const objectId of listing.notes) await this.#object(studyId, objectId, 'note');
    for (const objectId of listing.results)
      // One that was removed meanwhile is no problem: nothing counts on it.
      if (existsSync(store.path(studyId, objectId, 'result'))) await this.#object(studyId, objectId, 'result');
    for (const objectId of listing.instances) {
      const expected = named.has(objectId) || rows.has(objectId) || this.#parts.importing();
      if (!expected) this.#found('unknown-object', studyId, objectId);
    }
    for (const { objectId } of catalogue.annotations.journal(catalogue.studyNumber(studyId))) {
      // Listed again: a note written meanwhile is no problem.
      if (!listing.notes.includes(objectId) && !(await store.list(studyId)).notes.includes(objectId))
        this.#found('missing', studyId, objectId);
    }
  }

  /** Ids that the study's manifests name. They are counted: a gap or an unreadable one is a problem. */
  async #manifests(studyId: StudyId, count: number, listing: FolderListing): Promise<Set<string>> {
    const named = new Set<string>();
    for (let number = 1; number <= count; number++) {
      try {
        const manifest = await readManifest(this.#parts.store, studyId, number);
        for (const object of manifest.objects) named.add(object.id);
      } catch {
        this.#found('manifest', studyId, null);
      }
    }
    const beyond = listing.manifests.some((number) => number > count);
    if (beyond && !this.#parts.importing()) this.#found('manifest', studyId, null);
    return named;
  }

  async #object(studyId: StudyId, objectId: ObjectId, kind: ObjectKind): Promise<void> {
    if (this.#observer.signal.aborted) throw vaultError('vault/cancelled', 'verify was cancelled');
    try {
      const { reader, close } = await this.#parts.store.open(studyId, objectId, kind);
      try {
        this.#bytes += reader.length;
        if (this.#full) for await (const chunk of reader.chunks()) chunk.fill(0);
      } finally {
        await close();
      }
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error;
      this.#found(hasCode(error, 'vault/object-missing') ? 'missing' : 'altered', studyId, objectId);
    }
    this.#objects += 1;
    this.#observer.progress(this.#objects, Math.max(this.#objects, this.#total));
  }

  #found(kind: VerifyProblem['kind'], studyId: string, objectId: string | null): void {
    this.#problems.push({ kind, studyId, objectId });
  }
}
