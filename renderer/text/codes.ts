/**
 * Every closed code that can reach a window, as this room knows it. The rooms that declare them can't be imported from
 * here; `errors.test.ts` holds the lists against the declarations, so that a new code without words fails the type check.
 */

/** Of the Laboratory and the engine process. */
const LAB_FAULT_CODES = [
  'schemes/picture',
  'schemes/file',
  'schemes/constant',
  'schemes/too-small',
  'schemes/too-large',
  'schemes/depth',
  'schemes/parameter',
  'schemes/payload',
  'schemes/altered',
  'schemes/key',
  'systems/unknown-system',
  'systems/unknown-attack',
  'systems/other-kind',
  'engine/cancelled',
  'engine/crashed',
  'engine/memory',
  'engine/answer',
  'engine/no-frame',
  'lab/no-such-picture',
] as const;
export type LabFaultCode = (typeof LAB_FAULT_CODES)[number];

/** Of the models. A copy of `RUN_CODES`: the module that declares them is more than a start should read. */
const INFER_FAULT_CODES = [
  'infer/unknown-model',
  'infer/manifest',
  'infer/signature',
  'infer/weights-missing',
  'infer/weights-altered',
  'infer/weights-not-finite',
  'infer/weights-shape',
  'infer/report',
  'infer/not-admitted',
  'infer/modality',
  'infer/size',
  'infer/depth',
  'infer/flat',
  'infer/back-end',
  'infer/compute-lost',
  'infer/cancelled',
] as const;
export type InferFaultCode = (typeof INFER_FAULT_CODES)[number];

/** Of backup, restore and roll-back. */
const CARE_FAULT_CODES = [
  'vault/rolled-back',
  'backup/inside-vault',
  'backup/other-vault',
  'backup/not-empty',
  'backup/not-a-backup',
  'backup/newer-version',
  'backup/in-use',
  'backup/damaged',
  'backup/no-target',
  'backup/no-room',
  'restore/not-empty',
  'restore/no-such-study',
] as const;
export type CareFaultCode = (typeof CARE_FAULT_CODES)[number];

/** Of accounts, roles and rules. */
const USERS_FAULT_CODES = [
  'users/not-permitted',
  'users/not-a-recipient',
  'users/no-such-user',
  'users/exists',
  'users/bad-name',
  'users/no-role',
  'users/own-account',
  'users/no-accounts',
  'users/too-many',
  'users/file-damaged',
  'users/newer-version',
  'policy/not-met',
  'policy/no-rules',
  'policy/bad-rule',
  'policy/no-break-glass',
  'policy/no-reason',
] as const;
export type UsersFaultCode = (typeof USERS_FAULT_CODES)[number];

/** Something that was asked did not happen. */
export const FAULT_CODES = [
  'ipc/bad-request',
  'ipc/bad-response',
  'ipc/unexpected',
  'ipc/forbidden',
  'settings/not-saved',
  'keys/wrong-passphrase',
  'keys/empty-passphrase',
  'keys/weak-passphrase',
  'keys/too-soon',
  'keys/passphrase-needed',
  'keys/wrong-recovery-code',
  'keys/recovery-code-mistyped',
  'keys/wrong-keychain-secret',
  'keys/share-mistyped',
  'keys/too-few-shares',
  'keys/mixed-shares',
  'keys/unknown-shares',
  'keys/retired-shares',
  'keys/wrong-shares',
  'keys/share-counts',
  'keys/not-an-escrow-key',
  'keys/wrong-escrow-key',
  'keys/wrong-escrow-passphrase',
  'keys/rotation-running',
  'keys/no-such-slot',
  'keys/last-slot',
  'keys/weak-parameters',
  'keys/excessive-parameters',
  'keys/header-damaged',
  'keys/newer-version',
  'keys/bad-argument',
  'keys/derivation-failed',
  'keychain/missing',
  'keychain/changed',
  'keychain/locked',
  'keychain/cancelled',
  'keychain/unavailable',
  'keychain/plaintext-backend',
  'seal/not-sealed',
  'seal/unknown-version',
  'seal/unknown-parameters',
  'seal/wrong-key',
  'seal/altered',
  'seal/truncated',
  'seal/out-of-range',
  'seal/too-long',
  'seal/closed',
  'seal/bad-argument',
  'vault/exists',
  'export/exists',
  'export/not-written',
  'vault/not-a-vault',
  'vault/in-use',
  'vault/locked',
  'vault/newer-version',
  'vault/catalogue-damaged',
  'vault/wrong-key',
  'vault/disk-full',
  'vault/io',
  ...CARE_FAULT_CODES,
  ...USERS_FAULT_CODES,
  'vault/no-such-study',
  'vault/no-such-object',
  'vault/no-such-handle',
  'vault/no-such-frame',
  'vault/object-missing',
  'vault/on-hold',
  'vault/no-pixels',
  'vault/frame-too-large',
  'vault/cancelled',
  'vault/bad-request',
  'vault/unexpected',
  'import/no-such-source',
  'import/busy',
  'private/series',
  'private/series-date',
  'private/series-number',
  'private/series-order',
  'private/series-gap',
  'private/series-short',
  'private/series-flat',
  'private/no-such-series',
  'private/weights',
  'private/range',
  'private/noise',
  'private/evaluator',
  'private/payload',
  'private/cancelled',
  'audit/unreachable',
  'audit/untrusted',
  'audit/not-an-export',
  ...LAB_FAULT_CODES,
  ...INFER_FAULT_CODES,
  'image/undecodable',
  'image/unsupported-syntax',
  'image/decode-timeout',
  'image/no-header',
  'image/failed',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** One file of an import was refused. */
export const FILE_CODES = [
  'source/missing',
  'source/unreadable',
  'source/changed',
  'source/unsafe-path',
  'source/archive-damaged',
  'source/archive-limit',
  'source/too-many',
  'import/header-too-slow',
  'import/header-memory',
  'import/header-failed',
  'dicom/not-dicom',
  'dicom/empty',
  'dicom/truncated',
  'dicom/value-length',
  'dicom/malformed',
  'dicom/nesting',
  'dicom/header-too-large',
  'dicom/inflate-limit',
  'dicom/inflate-failed',
  'dicom/transfer-syntax',
  'dicom/no-identity',
  'dicom/directory',
  'dicom/dimensions',
  'dicom/bits-allocated',
  'dicom/samples',
  'dicom/frames',
  'dicom/pixels-short',
  'dicom/pixels-missing',
  'dicom/fragment-length',
  'dicom/codestream',
  'dicom/codestream-size',
  'dicom/decode',
] as const;
export type FileCode = (typeof FILE_CODES)[number];

/** A file was taken in, and something about it is to be seen by the reader. */
export const WARNING_CODES = [
  'vault/other-patient',
  'dicom/no-preamble',
  'dicom/meta-damaged',
  'dicom/out-of-order',
  'dicom/repeated-attribute',
  'dicom/undelimited',
  'dicom/invalid-vr',
  'dicom/invalid-value',
  'dicom/unknown-charset',
  'dicom/nesting-cut',
  'dicom/high-bit',
  'dicom/rescale',
  'dicom/spacing',
  'dicom/pixel-length',
  'dicom/data-after-pixels',
  'dicom/frame-count',
  'dicom/offset-table',
  'dicom/stream-bits',
  'dicom/stream-damaged',
  'dicom/pixels-doubtful',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** What happened, what was kept, what to do next (ui.md section 7). */
export type Wording = readonly [what: string, kept: string, next: string];

/** The words of one language for every code. */
export interface ErrorWords {
  readonly faults: Readonly<Record<FaultCode, Wording>>;
  /** Follows the file's name: "IM_0442 ends before its pixels". */
  readonly files: Readonly<Record<FileCode, string>>;
  /** A sentence of its own. */
  readonly warnings: Readonly<Record<WarningCode, string>>;
  /** Around a file's reason, when it stands alone. `{{reason}}` is replaced. */
  readonly file: Wording;
  /** For a code that nobody worded: it names the code. `{{code}}` is replaced. */
  readonly unknown: Wording;
  readonly unknownFile: string;
}
