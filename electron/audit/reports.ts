/** Documents of `vitrine audit … --json`. */
import { z } from 'zod';
import { checkProof, openCheckpoint, proofText } from '../../core/audit/checkpoint.ts';
import { auditError } from '../../core/audit/errors.ts';
import { consistencyProof, inclusionProof, leafHash, treeRoot, verifyConsistency } from '../../core/audit/merkle.ts';
import { auditMessage } from '../../core/audit/message.ts';
import { keyFrom, keyText } from '../../core/audit/signed-note.ts';
import { equalBytes, utf8 } from '../../core/bytes.ts';
import type { AuditLog } from './audit-log.ts';
import { verifySignature } from './ed25519.ts';

const problem = z.strictObject({
  kind: z.enum(['missing', 'altered', 'order', 'root', 'signature', 'message', 'cut', 'forked', 'foreign']),
  batch: z.int().nullable(),
  entry: z.int().nullable(),
});

/** `vitrine audit verify`. */
export const auditVerifyReport = z.strictObject({
  entries: z.int().nonnegative(),
  batches: z.int().nonnegative(),
  checkpoint: z.string().nullable(),
  /** Checkpoints kept elsewhere that the log was held against. Without one, a log cut at its end can't be told from a whole one. */
  known: z.int().nonnegative(),
  problems: z.array(problem),
});
export type AuditVerifyReport = z.infer<typeof auditVerifyReport>;

/** `vitrine audit list`. */
export const auditListReport = z.strictObject({
  entries: z.array(z.strictObject({ index: z.int().nonnegative(), message: auditMessage })),
  /** Batches that don't open: what they held is not in the list. */
  unreadable: z.int().nonnegative(),
});
export type AuditListReport = z.infer<typeof auditListReport>;

/** `vitrine audit export`: all that an offline verification needs but the expected key. */
export const auditExport = z.strictObject({
  format: z.literal('vitrine-audit-export'),
  version: z.literal(1),
  /** Public key of the checkpoints, as c2sp.org/signed-note's verifiers write it. */
  key: z.string(),
  /** Signed checkpoint (c2sp.org/tlog-checkpoint) over the entries. */
  checkpoint: z.string(),
  /** Texts of DICOM audit messages; each is a leaf of the tree, byte for byte. */
  entries: z.array(z.string()),
});
export type AuditExport = z.infer<typeof auditExport>;

/** The entries of the log from some time on (ISO 8601; empty: all). */
export async function listEntries(log: AuditLog, since: string): Promise<AuditListReport> {
  const report: AuditListReport = { entries: [], unreadable: 0 };
  for await (const { batch } of log.batches()) {
    if (batch === null) report.unreadable += 1;
    for (const [at, text] of (batch?.entries ?? []).entries()) {
      const message = auditMessage.parse(JSON.parse(text));
      if (message.EventIdentification.EventDateTime >= since)
        report.entries.push({ index: (batch?.first ?? 0) + at, message });
    }
  }
  return report;
}

/** The whole log for an auditor. @throws audit/not-an-export when some of it can't be read: verify says what */
export async function exportLog(log: AuditLog): Promise<AuditExport> {
  const entries: string[] = [];
  let checkpoint = '';
  for await (const { batch } of log.batches()) {
    if (batch === null || batch.first !== entries.length)
      throw auditError('audit/not-an-export', 'a part of the log is missing or altered');
    entries.push(...batch.entries);
    checkpoint = batch.checkpoint;
  }
  return { format: 'vitrine-audit-export', version: 1, key: keyText(log.key), checkpoint, entries };
}

function leavesOf(exported: AuditExport): Uint8Array[] {
  return exported.entries.map((entry) => leafHash(utf8(entry)));
}

/**
 * Verifies an exported log without the vault.
 * @param expected the log's public key as it was noted earlier; null trusts the file's own
 * @param known checkpoints that were kept elsewhere
 * @throws audit/not-an-export, audit/wrong-key
 */
export function verifyExport(text: string, expected: string | null, known: readonly string[]): AuditVerifyReport {
  const exported = parsedExport(text);
  const key = keyFrom(exported.key);
  if (key === null) throw auditError('audit/not-an-export', 'the key is none');
  if (expected !== null && expected.trim() !== exported.key)
    throw auditError('audit/wrong-key', 'the log was signed by another key');
  const leaves = leavesOf(exported);
  const { checkpoint, entries } = exported;
  const problems: AuditVerifyReport['problems'] = [];
  const tree = { size: leaves.length, root: treeRoot(leaves) };
  const head = opened(checkpoint);
  if (head === null) problems.push({ kind: 'signature', batch: null, entry: null });
  else if (head.size > tree.size) problems.push({ kind: 'cut', batch: null, entry: head.size });
  else if (head.size !== tree.size || !equalBytes(head.root, tree.root))
    problems.push({ kind: 'root', batch: null, entry: head.size });
  for (const note of known) {
    const earlier = opened(note);
    if (earlier === null) problems.push({ kind: 'foreign', batch: null, entry: null });
    else if (earlier.size > tree.size) problems.push({ kind: 'cut', batch: null, entry: earlier.size });
    else if (earlier.size > 0 && !verifyConsistency(earlier, tree, consistencyProof(leaves, earlier.size)))
      problems.push({ kind: 'forked', batch: null, entry: earlier.size });
  }
  return { entries: entries.length, batches: 0, checkpoint, known: known.length, problems };

  function opened(note: string) {
    try {
      return key === null ? null : openCheckpoint(note, key, verifySignature);
    } catch {
      return null;
    }
  }
}

function parsedExport(text: string): AuditExport {
  try {
    return auditExport.parse(JSON.parse(text));
  } catch (cause) {
    throw auditError('audit/not-an-export', 'the file is no exported audit log', cause);
  }
}

/** `vitrine audit proof`. */
export const auditProofReport = z.strictObject({
  /** c2sp.org/tlog-proof: that the entry is in the log, for someone who gets no other entry. */
  proof: z.string(),
  entry: z.string(),
  key: z.string(),
});
export type AuditProofReport = z.infer<typeof auditProofReport>;

/** Proves that one entry is in the log. @throws audit/no-such-entry, audit/not-an-export */
export async function proveEntry(log: AuditLog, index: number): Promise<AuditProofReport> {
  const exported = await exportLog(log);
  const entry = exported.entries[index];
  if (entry === undefined) throw auditError('audit/no-such-entry', 'the log has no such entry');
  const proof = proofText(index, inclusionProof(leavesOf(exported), index), exported.checkpoint);
  checkProof(proof, leafHash(utf8(entry)), log.key, verifySignature);
  return { proof, entry, key: exported.key };
}
