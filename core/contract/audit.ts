import { z } from 'zod';
import { id } from './catalogue.ts';

/** The audit log as the window shows it: who did what to which study, newest first. Ids only; no patient's value. */

/** What a view is narrowed to. */
export const auditTopic = z.enum(['all', 'sign-in', 'studies', 'security', 'failures']);
export type AuditTopic = z.infer<typeof auditTopic>;

export const auditQuery = z.strictObject({
  topic: auditTopic,
  /** Only events of this study; null: of any. */
  studyId: id.nullable(),
  /** Only entries before this number; null: from the newest. */
  before: z.int().nonnegative().nullable(),
  limit: z.int().min(1).max(200),
});
export type AuditQuery = z.infer<typeof auditQuery>;

const auditEntry = z.strictObject({
  index: z.int().nonnegative(),
  /** ISO 8601 in UTC. */
  time: z.string(),
  /** The kind of event as Vitrine records it; null: one of a newer version. Its words are `audit.kind.<kind>`. */
  kind: z.string().nullable(),
  /** DICOM's name of the event (PS3.16, CID 400), for a kind without words. */
  event: z.string(),
  user: z.string(),
  application: z.string(),
  studyIds: z.array(id),
  /** Code of what went wrong; null after a success. */
  code: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditPage = z.strictObject({
  entries: z.array(auditEntry),
  /** Entries in the log, whatever the query. */
  all: z.int().nonnegative(),
  /** Whether older entries fit the query too. */
  more: z.boolean(),
  /** Batches among those looked at that don't open: what they held is not shown, and verification names them. */
  unreadable: z.int().nonnegative(),
});
export type AuditPage = z.infer<typeof auditPage>;

const auditFinding = z.strictObject({
  kind: z.enum(['missing', 'altered', 'order', 'root', 'signature', 'message', 'cut', 'forked', 'foreign']),
  /** Number of the part of the log; null for what is wrong with all of it. */
  batch: z.int().nullable(),
  entry: z.int().nullable(),
});

/** What a verification found. */
export const auditVerification = z.strictObject({
  entries: z.int().nonnegative(),
  batches: z.int().nonnegative(),
  /** The newest signed checkpoint that holds; null for an empty log. */
  checkpoint: z.string().nullable(),
  /** Checkpoints kept outside of the vault that the log was held against. */
  known: z.int().nonnegative(),
  problems: z.array(auditFinding),
});
export type AuditVerification = z.infer<typeof auditVerification>;

/** Where copies of the entries are sent: a syslog collector over TLS (RFC 5425; DICOM PS3.15, A.6). */
export const auditForwarding = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
});
export type AuditForwarding = z.infer<typeof auditForwarding>;

export const auditForwardingState = z.strictObject({
  /** Null: entries stay in the vault. */
  to: auditForwarding.nullable(),
  /** Whether the collector is held against a certificate that was chosen here; else against those that the system trusts. */
  ownCertificate: z.boolean(),
  /** Entries that the collector's connection took; the rest waits and is sent later. */
  sent: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  /** Code of the last failure; null: none since the last success. */
  problem: z.string().nullable(),
});
export type AuditForwardingState = z.infer<typeof auditForwardingState>;

const nothing = z.strictObject({});
const job = z.strictObject({ job: z.string() });

/** What a window may ask about the log. */
export const auditOperations = {
  'audit.list': { request: auditQuery, response: auditPage, errors: [] },
  /** Starts the verification of every entry: a job whose result is `audit.verification`. */
  'audit.verify': { request: nothing, response: job, errors: [] },
  /** What a verification found; null when it isn't done, failed, or is forgotten. */
  'audit.verification': { request: job, response: auditVerification.nullable(), errors: [] },
  /** Writes the log, readable and verifiable without the vault, to a file that the person chooses. */
  'audit.export': {
    request: nothing,
    /** False: the dialog was closed. */
    response: z.strictObject({ saved: z.boolean(), entries: z.int().nonnegative() }),
    errors: ['audit/not-an-export', 'vault/disk-full', 'vault/io'],
  },
  'audit.forwarding': { request: nothing, response: auditForwardingState, errors: [] },
  /** Asks for the collector's certificate (PEM). Null: the dialog was closed. */
  'audit.chooseCertificate': {
    request: nothing,
    response: z.strictObject({ source: z.string().nullable() }),
    errors: [],
  },
  /** Sends entries to a collector from now on, or to none. Nothing changes unless it answers. */
  'audit.forward': {
    request: z.strictObject({ to: auditForwarding.nullable(), certificate: z.string().max(64).nullable() }),
    response: auditForwardingState,
    errors: ['audit/unreachable', 'audit/untrusted', 'import/no-such-source'],
  },
} as const;
