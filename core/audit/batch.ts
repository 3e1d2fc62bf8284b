/**
 * A batch: the entries of the log that were written in one file, and the checkpoint of the tree with them in it. The tree's
 * frontier is kept too, so that a log of any length grows without being read.
 */
import { z } from 'zod';
import { utf8 } from '../bytes.ts';
import { fromBase64, toBase64 } from '../keys/base64.ts';
import { signCheckpoint } from './checkpoint.ts';
import { auditError } from './errors.ts';
import { type Frontier, frontierRoot, grow, isFrontier, leafHash } from './merkle.ts';
import type { NoteSigner } from './signed-note.ts';

const hash = z.string().refine((text) => {
  try {
    return fromBase64(text).length === 32;
  } catch {
    return false;
  }
});

const batchSchema = z.strictObject({
  format: z.literal('vitrine-audit'),
  version: z.literal(1),
  /** Entries before these. */
  first: z.int().nonnegative(),
  entries: z.array(z.string()).min(1),
  frontier: z.array(hash).max(64),
  checkpoint: z.string(),
});

export interface Batch {
  readonly first: number;
  /** Texts of messages, each a leaf of the tree. */
  readonly entries: readonly string[];
  /** The tree with these entries in it. */
  readonly frontier: Frontier;
  /** Its signed checkpoint. */
  readonly checkpoint: string;
}

/** The batch that puts `entries` behind a tree. */
export function nextBatch(before: Frontier, entries: readonly string[], signer: NoteSigner): Batch {
  let frontier = before;
  for (const entry of entries) frontier = grow(frontier, leafHash(utf8(entry)));
  const head = { origin: signer.key.name, size: frontier.size, root: frontierRoot(frontier) };
  return { first: before.size, entries, frontier, checkpoint: signCheckpoint(head, signer) };
}

/** What is sealed. */
export function batchBytes({ first, entries, frontier, checkpoint }: Batch): Uint8Array {
  const roots = frontier.roots.map(toBase64);
  return utf8(JSON.stringify({ format: 'vitrine-audit', version: 1, first, entries, frontier: roots, checkpoint }));
}

/** @throws audit/not-a-batch */
export function parseBatch(bytes: Uint8Array): Batch {
  try {
    const {
      first,
      entries,
      frontier: roots,
      checkpoint,
    } = batchSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const frontier = { size: first + entries.length, roots: roots.map(fromBase64) };
    if (!isFrontier(frontier)) throw new RangeError('a frontier of another size');
    return { first, entries, frontier, checkpoint };
  } catch (cause) {
    throw auditError('audit/not-a-batch', 'what opened is no part of a log', cause);
  }
}
