import type { MemberAccess, RoleSecret } from '../keys/study-access.ts';

/** Who opens a study, as anybody may know it who sees the list: no key is in it. */
export interface StudyRecipients {
  /** The rule that it is under; null: its roles open it. */
  readonly rule: string | null;
  /** The newest epoch that it is wrapped to; null for a study that the vault alone opens. */
  readonly epoch: number | null;
  /** Epochs whose break-glass key opens it. */
  readonly glass: readonly number[];
}

/** What wrapping all studies anew came to. */
export interface RewrapReport {
  /** Studies that have new wraps now. */
  readonly renewed: number;
  /** Studies that were current. */
  readonly current: number;
  /** Studies whose key didn't open: they are as they were. */
  readonly failed: number;
}

/** What is done to who opens which study: for each task its request and its answer. */
export interface AccessTasks {
  /** Other keys of accounts from now on. */
  use: [{ readonly member: MemberAccess | null }, null];
  /** Wraps every study for today's recipients; may be stopped and run again. Progress in studies. */
  rewrap: [Record<string, never>, RewrapReport];
  /** @throws vault/no-such-study, vault/object-missing, seal/… */
  recipients: [{ readonly studyId: string }, StudyRecipients];
  /** Puts studies under a rule, or with null under their roles. Progress in studies. @throws policy/bad-rule, policy/no-rules */
  'set-rule': [{ readonly studyIds: readonly string[]; readonly rule: string | null }, { readonly studies: number }];
  /** Opens a study past its rule until its handle is closed. Called by main, after the audit log has it. */
  'break-glass': [{ readonly studyId: string; readonly secret: RoleSecret }, { readonly handle: string }];
}
export type AccessTask = keyof AccessTasks;
