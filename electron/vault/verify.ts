import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** What manifest and catalogue say of an object: SHA-256 of what was sealed, and its length. */
interface Expected {
  readonly sha256: string;
  readonly size: number;
}

/**
 * Compares catalogue, manifests and sealed objects with each other. Fast: every object's header and final segment are
 * opened, which finds other keys, cuts, swaps and other lengths. Full: every segment of every object against the hash in
 * its manifest, and every page of the catalogue.
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
      if (ids.has(studyId) || !holds || this.#parts.importing()) continue;
      // Objects of a shredded study that somebody put back: nobody opens them, and nothing was being imported.
      const isShredded = existsSync(join(dirname(store.root), 'shredded', `${studyId}.json`));
      this.#found(isShredded ? 'unknown-object' : 'half-study', studyId, null);
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
    const rows = new Map<string, Expected>(catalogue.instances(studyId).map((row) => [row.objectId, row]));
    const files = new Set<string>(listing.instances);
    for (const id of new Set([...named.keys(), ...rows.keys()])) {
      const objectId = parseId<ObjectId>(id);
      const [stated, row] = [named.get(id), rows.get(id)];
      const differs = stated !== undefined && (row?.sha256 !== stated.sha256 || row.size !== stated.size);
      if (row === undefined || differs) this.#found('catalogue', studyId, objectId);
      if (files.has(id)) await this.#object(studyId, objectId, 'instance', stated ?? row ?? null);
      else this.#found('missing', studyId, objectId);
    }
    for (const objectId of listing.notes) await this.#object(studyId, objectId, 'note', null);
    // One that was removed meanwhile is no problem: nothing counts on it.
    for (const objectId of listing.results)
      if (existsSync(store.path(studyId, objectId, 'result'))) await this.#object(studyId, objectId, 'result', null);
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
  async #manifests(studyId: StudyId, count: number, listing: FolderListing): Promise<Map<string, Expected>> {
    const { catalogue, store } = this.#parts;
    const named = new Map<string, Expected>();
    // An older manifest of the same number opens as well, and names an import that was taken back.
    const imports = catalogue.state.importsOf(catalogue.studyNumber(studyId));
    for (let number = 1; number <= count; number++) {
      try {
        const manifest = await readManifest(store, studyId, number);
        for (const object of manifest.objects) named.set(object.id, object);
        if (manifest.importId !== (imports[number - 1] ?? manifest.importId)) this.#found('manifest', studyId, null);
      } catch {
        this.#found('manifest', studyId, null);
      }
    }
    const beyond = listing.manifests.some((number) => number > count);
    if (beyond && !this.#parts.importing()) this.#found('manifest', studyId, null);
    return named;
  }

  async #object(studyId: StudyId, objectId: ObjectId, kind: ObjectKind, expected: Expected | null): Promise<void> {
    if (this.#observer.signal.aborted) throw vaultError('vault/cancelled', 'verify was cancelled');
    try {
      const { reader, close } = await this.#parts.store.open(studyId, objectId, kind);
      try {
        this.#bytes += reader.length;
        const hash = createHash('sha256');
        if (this.#full) {
          for await (const chunk of reader.chunks()) {
            hash.update(chunk);
            chunk.fill(0);
          }
        }
        const other = this.#full && expected !== null && hash.digest('hex') !== expected.sha256;
        if (other || reader.length !== (expected?.size ?? reader.length)) this.#found('altered', studyId, objectId);
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
