import { VitrineError } from '../errors.ts';

/**
 * Why the audit log did not do something. Closed list; the renderer owns the wording. What is wrong with a log is no error
 * but the finding of a verification (`AuditProblem`).
 *
 * - `audit/not-a-checkpoint`: the text is no signed checkpoint (c2sp.org/tlog-checkpoint).
 * - `audit/not-a-proof`: the text is no proof (c2sp.org/tlog-proof).
 * - `audit/no-such-entry`: the log has no entry of this number.
 * - `audit/not-a-batch`: a file opens with the log's key and isn't what the log writes.
 * - `audit/not-an-export`: a file given as an exported log is none.
 * - `audit/wrong-key`: an exported log was signed with another key than the expected one.
 * - `audit/unreachable`: the collector of audit messages doesn't answer, or its connection broke.
 * - `audit/untrusted`: the collector's certificate doesn't hold.
 * - `audit/failed`: an event of the log failed, and it doesn't say why.
 * - `audit/closed`: something was recorded after the log was closed.
 */
export type AuditCode =
  | 'audit/not-a-checkpoint'
  | 'audit/not-a-proof'
  | 'audit/no-such-entry'
  | 'audit/not-a-batch'
  | 'audit/not-an-export'
  | 'audit/wrong-key'
  | 'audit/unreachable'
  | 'audit/untrusted'
  | 'audit/failed'
  | 'audit/closed';

/** Makes an error of this stage. */
export function auditError(code: AuditCode, message: string, cause?: unknown): VitrineError<AuditCode> {
  return new VitrineError(code, message, cause === undefined ? {} : { cause });
}
