import type { Holds, RetentionPlan, RetentionRules } from '../contract/retention.ts';
import type { ShredCertificate, ShredReason } from '../contract/shred.ts';

/** The keys of a vault whose master key was changed, as its process gets them. */
export interface ChangedKeys {
  readonly catalogueKey: Uint8Array;
  readonly wrappingKey: Uint8Array;
  readonly previous?: { readonly catalogueKey: Uint8Array; readonly wrappingKey: Uint8Array } | null;
}

/**
 * What is done to keys and by age: for each task its request and its answer. All of them run where the studies' keys are.
 */
export interface KeyTasks {
  /** After the header was changed: moves everything to the new master key. May be run again. Progress in studies. */
  rekey: [ChangedKeys, { readonly studies: number }];
  /** New study keys. `begin` notes all studies; without it what was noted is gone on with. Progress in studies. */
  reseal: [
    { readonly begin: boolean },
    { readonly studies: number; readonly objects: number; readonly skipped: number },
  ];
  /** How many studies are noted for it. */
  'reseal-pending': [Record<string, never>, number];
  /** Progress in studies. @throws vault/no-such-study, vault/on-hold */
  shred: [
    {
      readonly vaultId: string;
      readonly studyIds: readonly string[];
      readonly by: ShredCertificate['by'];
      readonly reason: ShredReason;
    },
    readonly ShredCertificate[],
  ];
  /** The rules; null in the request leaves them as they are. */
  retention: [{ readonly rules: RetentionRules | null }, RetentionRules];
  /** What the rules would do now. */
  'retention-plan': [Record<string, never>, RetentionPlan];
  /** Of those that are due, what a run needs: no name. */
  'retention-due': [Record<string, never>, readonly { readonly studyId: string; readonly ruleId: string }[]];
  holds: [Record<string, never>, Holds];
  /** Puts a study on hold, or lifts its hold. @throws vault/no-such-study */
  hold: [{ readonly studyId: string; readonly held: boolean; readonly by: string }, Holds];
}
export type KeyTask = keyof KeyTasks;
