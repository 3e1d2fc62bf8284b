import { join } from 'node:path';
import { type Batch, nextBatch } from '../../core/audit/batch.ts';
import { type Checkpoint, openCheckpoint, originOf } from '../../core/audit/checkpoint.ts';
import { auditError } from '../../core/audit/errors.ts';
import { deriveAuditKeys } from '../../core/audit/keys.ts';
import { EMPTY, type Frontier, frontierRoot } from '../../core/audit/merkle.ts';
import { type AuditEvent, type AuditOccasion, messageOf } from '../../core/audit/message.ts';
import type { NoteKey, NoteSigner } from '../../core/audit/signed-note.ts';
import { type AuditReport, type NumberedBatch, verifyLog } from '../../core/audit/verify.ts';
import { equalBytes, toHex, wipe } from '../../core/bytes.ts';
import { deriveGlassKey, openGlass } from '../../core/keys/users/glass.ts';
import { replaceFile } from '../durable-file.ts';
import { BatchFiles } from './batch-files.ts';
import { createSigner, verifySignature } from './ed25519.ts';
import { keepAside, readKnown, writeKnown } from './known-checkpoints.ts';

/** Milliseconds after a batch when its checkpoint is published; many batches are published as one. */
const PUBLISH_AFTER = 1000;

export interface AuditPlace {
  /** The vault's folder. */
  readonly vault: string;
  readonly vaultId: string;
  /** Where the newest checkpoint is kept outside of the vault; null: nowhere. */
  readonly checkpoints: string | null;
}

/** Who acts, for every message of this process. */
export type AuditActor = Pick<AuditOccasion, 'user' | 'application'>;

/** Where the log ends. */
interface End {
  readonly number: number;
  readonly tree: Frontier;
}

/**
 * The audit log of an open vault. One process at a time has it: the one that holds the vault's lock. `record` returns at
 * once; what was recorded while a batch is being written goes into the next one, so a burst costs one flush of the disk.
 * What can't be written (a full disk) is kept and tried again with the next event.
 */
export class AuditLog {
  readonly #place: AuditPlace;
  readonly #actor: AuditActor;
  readonly #sealingKey: Uint8Array;
  readonly #glassKey: Uint8Array;
  readonly #files: BatchFiles;
  readonly #signer: NoteSigner;
  #end: End | null = null;
  #queue: string[] = [];
  #turn: Promise<void> = Promise.resolve();
  #unpublished: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param auditSeed read before this returns; the caller wipes it */
  constructor(place: AuditPlace, auditSeed: Uint8Array, actor: AuditActor) {
    const { signingSeed, sealingKey } = deriveAuditKeys(auditSeed);
    this.#place = place;
    this.#actor = actor;
    this.#sealingKey = sealingKey;
    this.#files = new BatchFiles(place.vault, place.vaultId, sealingKey);
    this.#signer = createSigner(originOf(place.vaultId), signingSeed);
    this.#glassKey = deriveGlassKey(auditSeed);
    wipe(signingSeed);
  }

  /** The public key of the log's checkpoints. */
  get key(): NoteKey {
    return this.#signer.key;
  }

  /** The key that signs checkpoints, and what is said of the vault as a whole (core/audit/vault-notes.ts). */
  get signer(): NoteSigner {
    return this.#signer;
  }

  /** Where the log ends on disk: entries, and the hash of its tree in hexadecimal. */
  async head(): Promise<{ size: number; root: string }> {
    for (const number of (await this.#files.numbers()).reverse()) {
      const batch = await this.#files.read(number).catch(() => null);
      if (batch !== null) return { size: batch.frontier.size, root: toHex(frontierRoot(batch.frontier)) };
    }
    return { size: 0, root: toHex(frontierRoot(EMPTY)) };
  }

  /** Puts an event at the log's end. `flush` says when it is durable. @throws audit/closed */
  record(event: AuditEvent): void {
    if (this.#closed) throw auditError('audit/closed', 'the audit log was closed');
    this.#queue.push(this.#entry(event));
  }

  /**
   * Gives out a break-glass key, after the log has the event on disk: without an entry nobody gets it from here.
   * @returns null when `sealed` isn't this vault's
   * @throws audit/closed, what `flush` rejects with: the key stays sealed then
   */
  async breakGlass(
    event: Extract<AuditEvent, { kind: 'glass-broken' }>,
    epoch: number,
    sealed: Uint8Array,
  ): Promise<Uint8Array | null> {
    this.record(event);
    await this.flush();
    return openGlass(this.#glassKey, epoch, sealed);
  }

  /** Resolves when everything recorded is on disk. Rejects when it isn't; it is kept and tried again. */
  flush(): Promise<void> {
    const turn = this.#turn.then(() => this.#drain());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  batches(): AsyncGenerator<NumberedBatch> {
    return this.#files.all();
  }

  /** As `batches`, from the newest. */
  newestFirst(): AsyncGenerator<NumberedBatch> {
    return this.#files.newestFirst();
  }

  /**
   * Verifies every entry against signatures and the `known` checkpoints. Changes nothing.
   * @param batches the log's own, watched on their way by whoever shows how far it is
   */
  verify(known: readonly string[], batches: AsyncIterable<NumberedBatch> = this.batches()): Promise<AuditReport> {
    return verifyLog(batches, known, { key: this.key, verify: verifySignature });
  }

  /** Writes what is left, publishes the checkpoint, and lets the keys go, whatever fails. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    try {
      await this.flush();
      await this.#publish();
    } finally {
      wipe(this.#sealingKey, this.#glassKey);
    }
  }

  #entry(event: AuditEvent): string {
    const time = new Date().toISOString();
    return JSON.stringify(messageOf(event, { ...this.#actor, time, vaultId: this.#place.vaultId }));
  }

  async #drain(): Promise<void> {
    if (this.#queue.length === 0) return;
    const first = this.#end === null;
    const end = this.#end ?? (await this.#load());
    const waiting = first ? await this.#files.waiting() : null;
    const entries = [...(waiting?.entries ?? []), ...this.#queue];
    const taken = this.#queue.length;
    const batch = nextBatch(end.tree, entries, this.#signer);
    await this.#files.write(end.number + 1, batch);
    this.#queue = this.#queue.slice(taken);
    this.#end = { number: end.number + 1, tree: batch.frontier };
    await waiting?.done();
    this.#unpublished = batch.checkpoint;
    if (this.#closed || this.#timer !== null) return;
    // A checkpoint that isn't published yet is older than the log, which is no contradiction: later is soon enough.
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#publish().catch(() => undefined);
    }, PUBLISH_AFTER).unref();
  }

  /** Finds the end, and whether the checkpoint that this profile knows fits the log. */
  async #load(): Promise<End> {
    await this.#files.removeParts();
    const numbers = await this.#files.numbers();
    const last = numbers[numbers.length - 1] ?? 0;
    let tree = EMPTY;
    // A batch that doesn't open is found by a verification; recording goes on behind the newest one that does.
    for (const number of [...numbers].reverse()) {
      const batch = await this.#files.read(number).catch(() => null);
      if (batch === null) continue;
      tree = batch.frontier;
      break;
    }
    if (!(await this.#fitsKnown(numbers, tree))) {
      this.#queue.unshift(this.#entry({ kind: 'log-conflict' }));
    }
    return { number: last, tree };
  }

  /** A known checkpoint that the log contradicts is put aside, where the next one doesn't take its place. */
  async #fitsKnown(numbers: readonly number[], tree: Frontier): Promise<boolean> {
    const { checkpoints, vaultId } = this.#place;
    const note = checkpoints === null ? null : await readKnown(checkpoints, vaultId);
    if (checkpoints === null || note === null) return true;
    if (await this.#fits(this.#opened(note), numbers, tree)) return true;
    await keepAside(checkpoints, vaultId, new Date());
    return false;
  }

  #opened(note: string): Checkpoint | null {
    try {
      return openCheckpoint(note, this.key, verifySignature);
    } catch {
      return null;
    }
  }

  /** Checkpoints stand at the ends of batches, and the known one stands near the log's end: few are read. */
  async #fits(known: Checkpoint | null, numbers: readonly number[], tree: Frontier): Promise<boolean> {
    if (known === null || known.size > tree.size) return false;
    for (const number of [...numbers].reverse()) {
      const batch: Batch | null = await this.#files.read(number).catch(() => null);
      if (batch === null || batch.frontier.size > known.size) continue;
      return batch.frontier.size === known.size && equalBytes(frontierRoot(batch.frontier), known.root);
    }
    return known.size === 0;
  }

  async #publish(): Promise<void> {
    const checkpoint = this.#unpublished;
    if (checkpoint === null) return;
    this.#unpublished = null;
    const { checkpoints, vaultId } = this.#place;
    await replaceFile(join(this.#files.folder, 'checkpoint'), checkpoint);
    if (checkpoints !== null) await writeKnown(checkpoints, vaultId, checkpoint);
  }
}
