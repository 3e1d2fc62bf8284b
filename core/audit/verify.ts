/** Verification of a whole log, offline: batches, public key and checkpoints that were kept elsewhere. */
import { equalBytes, utf8 } from '../bytes.ts';
import type { Batch } from './batch.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { EMPTY, type Frontier, frontierRoot, grow, type Hash, leafHash } from './merkle.ts';
import { auditMessage } from './message.ts';
import type { NoteKey, VerifySignature } from './signed-note.ts';

/**
 * What is wrong.
 *
 * - `missing`: a batch is gone from the middle.
 * - `altered`: a batch doesn't open: edited, cut, exchanged or another log's.
 * - `order`: a batch doesn't begin where the one before it ends.
 * - `root`: entries and checkpoint don't fit: an entry was changed, taken out or moved.
 * - `signature`: the checkpoint of a batch isn't signed by this log.
 * - `message`: an entry is no audit message.
 * - `cut`: the log is shorter than a checkpoint of it that is known: its end was cut off, or all of it rolled back.
 * - `forked`: the log's beginning isn't what a known checkpoint says: rolled back and written anew.
 * - `foreign`: a checkpoint given as known was not signed by this log.
 */
export type AuditProblemKind =
  | 'missing'
  | 'altered'
  | 'order'
  | 'root'
  | 'signature'
  | 'message'
  | 'cut'
  | 'forked'
  | 'foreign';

export interface AuditProblem {
  readonly kind: AuditProblemKind;
  /** Number of the batch; null for what is wrong with the log as a whole. */
  readonly batch: number | null;
  /** Number of the entry, or size of the tree in question; null where none can be named. */
  readonly entry: number | null;
}

export interface AuditReport {
  readonly entries: number;
  readonly batches: number;
  /** The newest checkpoint that holds; null for an empty log. */
  readonly checkpoint: string | null;
  /** Known checkpoints that the log was held against. */
  readonly known: number;
  readonly problems: readonly AuditProblem[];
}

/** A batch by its number; null when its file doesn't open. */
export interface NumberedBatch {
  readonly number: number;
  readonly batch: Batch | null;
}

export interface VerifyParts {
  readonly key: NoteKey;
  readonly verify: VerifySignature;
}

/** Holds batches against each other as they come, in the order of their numbers. */
class Walk {
  readonly problems: AuditProblem[] = [];
  /** Root of the tree at each size at which some known checkpoint or the end stands. */
  readonly roots = new Map<number, Hash>();
  entries = 0;
  checkpoint: string | null = null;
  #at: Frontier | null = EMPTY;
  #number = 0;
  readonly #parts: VerifyParts;
  readonly #sizes: ReadonlySet<number>;

  constructor(parts: VerifyParts, sizes: ReadonlySet<number>) {
    this.#parts = parts;
    this.#sizes = sizes;
    if (sizes.has(0)) this.roots.set(0, frontierRoot(EMPTY));
  }

  add({ number, batch }: NumberedBatch): void {
    for (let gone = this.#number + 1; gone < number; gone++) this.#problem('missing', gone, null);
    if (number !== this.#number + 1) this.#at = null;
    this.#number = number;
    if (batch === null) {
      this.#problem('altered', number, null);
      this.#at = null;
      return;
    }
    this.#messages(number, batch);
    if (this.#at !== null && this.#at.size !== batch.first) {
      this.#problem('order', number, batch.first);
      this.#at = null;
    }
    const grown = this.#grown(batch);
    this.#head(number, batch, grown);
    this.#at = grown;
    this.entries = grown.size;
  }

  #messages(number: number, { entries, first }: Batch): void {
    for (const [at, entry] of entries.entries()) if (!isMessage(entry)) this.#problem('message', number, first + at);
  }

  /** The tree after the batch; behind a break it is taken as the batch has it, and its checkpoint must still hold. */
  #grown(batch: Batch): Frontier {
    if (this.#at === null) {
      this.#note(batch.frontier);
      return batch.frontier;
    }
    let tree = this.#at;
    for (const entry of batch.entries) {
      tree = grow(tree, leafHash(utf8(entry)));
      this.#note(tree);
    }
    return tree;
  }

  #note(tree: Frontier): void {
    if (this.#sizes.has(tree.size)) this.roots.set(tree.size, frontierRoot(tree));
  }

  #head(number: number, batch: Batch, tree: Frontier): void {
    const head = opened(batch.checkpoint, this.#parts);
    const last = batch.first + batch.entries.length - 1;
    if (head === null) this.#problem('signature', number, last);
    else if (head.size !== tree.size || !equalBytes(head.root, frontierRoot(tree))) this.#problem('root', number, last);
    else this.checkpoint = batch.checkpoint;
  }

  #problem(kind: AuditProblemKind, batch: number | null, entry: number | null): void {
    this.problems.push({ kind, batch, entry });
  }
}

function isMessage(entry: string): boolean {
  try {
    return auditMessage.safeParse(JSON.parse(entry)).success;
  } catch {
    return false;
  }
}

function opened(note: string, { key, verify }: VerifyParts): Checkpoint | null {
  try {
    return openCheckpoint(note, key, verify);
  } catch {
    return null;
  }
}

/**
 * Verifies every entry of a log.
 * @param known signed checkpoints that were kept where whoever can write the log can't: only they show that the log's end,
 *   or all of it, was taken back to an earlier state
 */
export async function verifyLog(
  batches: AsyncIterable<NumberedBatch> | Iterable<NumberedBatch>,
  known: readonly string[],
  parts: VerifyParts,
): Promise<AuditReport> {
  const heads = known.map((note) => opened(note, parts));
  const walk = new Walk(parts, new Set(heads.flatMap((head) => (head === null ? [] : [head.size]))));
  let count = 0;
  for await (const batch of batches) {
    walk.add(batch);
    count += 1;
  }
  const { problems } = walk;
  for (const head of heads) {
    if (head === null) problems.push({ kind: 'foreign', batch: null, entry: null });
    else if (head.size > walk.entries) problems.push({ kind: 'cut', batch: null, entry: head.size });
    else {
      const root = walk.roots.get(head.size);
      if (root === undefined || !equalBytes(root, head.root))
        problems.push({ kind: 'forked', batch: null, entry: head.size });
    }
  }
  return { entries: walk.entries, batches: count, checkpoint: walk.checkpoint, known: known.length, problems };
}
