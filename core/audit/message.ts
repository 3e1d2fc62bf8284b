/**
 * Audit messages of DICOM PS3.15, A.5, as JSON with the names of that schema. They hold ids of Vitrine's own and of the
 * operating system's account, never a patient's value; a code of Vitrine's says why something failed.
 */
import { z } from 'zod';

const code = z.strictObject({ 'csd-code': z.string(), codeSystemName: z.string(), originalText: z.string() });
type Code = z.infer<typeof code>;

export const auditMessage = z.strictObject({
  EventIdentification: z.strictObject({
    EventID: code,
    EventTypeCode: z.array(code).max(4),
    /** Create, read, update, delete, execute. */
    EventActionCode: z.enum(['C', 'R', 'U', 'D', 'E']),
    EventDateTime: z.iso.datetime(),
    /** Success, minor failure, serious failure, major failure. */
    EventOutcomeIndicator: z.enum(['0', '4', '8', '12']),
    /** Vitrine's error code; absent after a success. */
    EventOutcomeDescription: z.string().max(64).optional(),
  }),
  ActiveParticipant: z.array(
    z.strictObject({
      UserID: z.string().max(256),
      UserIsRequestor: z.boolean(),
      RoleIDCode: z.array(code).max(4),
    }),
  ),
  AuditSourceIdentification: z.strictObject({
    AuditSourceID: z.string().max(64),
    /** 1: end-user display device. */
    AuditSourceTypeCode: z.literal('1'),
  }),
  ParticipantObjectIdentification: z.array(
    z.strictObject({
      ParticipantObjectID: z.string().max(64),
      /** 2: system object. */
      ParticipantObjectTypeCode: z.literal('2'),
      /** 3: report (a study); 13: security resource (vault and log). */
      ParticipantObjectTypeCodeRole: z.enum(['3', '13']),
      ParticipantObjectIDTypeCode: code,
      /** What an alert is about (A.5.3.11): the reason that a person gave. Text here, Base64 in the XML. */
      ParticipantObjectDetail: z
        .array(z.strictObject({ type: z.literal('Alert Description'), value: z.string().max(300) }))
        .max(1)
        .optional(),
    }),
  ),
});
export type AuditMessage = z.infer<typeof auditMessage>;

/** What is audited. `code` is null after a success. */
export type AuditEvent =
  | { readonly kind: 'vault-created' | 'unlocked' | 'locked' | 'log-read' | 'log-conflict' }
  | { readonly kind: 'unlock-failed'; readonly code: string }
  | {
      readonly kind:
        | 'settings-changed'
        | 'slots-changed'
        | 'slot-tested'
        | 'keys-changed'
        | 'backed-up'
        | 'verified'
        | 'drilled'
        | 'repaired'
        | 'restored'
        | 'rolled-back'
        | 'copy-accepted'
        | 'users-changed'
        | 'rules-changed';
      readonly code: string | null;
    }
  | {
      readonly kind: 'study-opened' | 'annotated' | 'imported' | 'exported' | 'shredded';
      readonly studyIds: readonly string[];
      readonly code: string | null;
    }
  /** A study was opened past its rule; the reason is the person's own words. */
  | { readonly kind: 'glass-broken'; readonly studyIds: readonly string[]; readonly reason: string };

/** Where, when and by whom. */
export interface AuditOccasion {
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly vaultId: string;
  /** The account of the operating system. */
  readonly user: string;
  /** `vitrine` with its version, and whether window or command line. */
  readonly application: string;
}

const dcm = (value: string, originalText: string): Code => ({
  'csd-code': value,
  codeSystemName: 'DCM',
  originalText,
});
const own = (value: string, originalText: string): Code => ({
  'csd-code': value,
  codeSystemName: '99VITRINE',
  originalText,
});

type Shape = readonly [id: Code, type: Code | null, action: 'C' | 'R' | 'U' | 'D' | 'E'];

const AUTHENTICATION = dcm('110114', 'User Authentication');
const SECURITY = dcm('110113', 'Security Alert');
const ACTIVITY = dcm('110100', 'Application Activity');
const ACCESSED = dcm('110103', 'DICOM Instances Accessed');

/** PS3.16 CID 400 (events), 401 (types) and 403 (security alerts). */
const SHAPES: Readonly<Record<AuditEvent['kind'], Shape>> = {
  'vault-created': [SECURITY, dcm('110134', 'Audit Recording Started'), 'E'],
  unlocked: [AUTHENTICATION, dcm('110122', 'Login'), 'E'],
  'unlock-failed': [AUTHENTICATION, dcm('110122', 'Login'), 'E'],
  locked: [AUTHENTICATION, dcm('110123', 'Logout'), 'E'],
  'settings-changed': [SECURITY, dcm('110131', 'Software Configuration'), 'E'],
  'slots-changed': [SECURITY, dcm('110137', 'User Security Attributes Changed'), 'E'],
  'slot-tested': [SECURITY, own('slot-tested', 'Key slot tested'), 'E'],
  'users-changed': [SECURITY, dcm('110136', 'Security Roles Changed'), 'E'],
  'rules-changed': [SECURITY, dcm('110135', 'Object Security Attributes Changed'), 'E'],
  'glass-broken': [SECURITY, dcm('110127', 'Emergency Override Started'), 'E'],
  'keys-changed': [SECURITY, own('keys-changed', 'Keys of the vault changed'), 'U'],
  'study-opened': [ACCESSED, null, 'R'],
  annotated: [ACCESSED, null, 'U'],
  imported: [dcm('110107', 'Import'), null, 'C'],
  exported: [dcm('110106', 'Export'), null, 'R'],
  shredded: [dcm('110105', 'DICOM Study Deleted'), null, 'D'],
  'backed-up': [ACTIVITY, own('backed-up', 'Vault backed up'), 'E'],
  verified: [ACTIVITY, own('verified', 'Vault verified'), 'E'],
  drilled: [ACTIVITY, own('drilled', 'Restore tried'), 'E'],
  repaired: [ACTIVITY, own('repaired', 'Vault repaired'), 'U'],
  restored: [SECURITY, own('restored', 'Vault opened that was restored from a backup'), 'E'],
  'rolled-back': [SECURITY, own('rolled-back', 'Vault, catalogue or header is an older copy'), 'E'],
  'copy-accepted': [SECURITY, own('copy-accepted', 'Older copy accepted as the vault'), 'U'],
  'log-read': [dcm('110101', 'Audit Log Used'), null, 'R'],
  'log-conflict': [SECURITY, own('log-conflict', 'Log does not fit its last known checkpoint'), 'E'],
};

/** Every kind of event, for those who word them. */
export const AUDIT_KINDS = Object.keys(SHAPES) as readonly AuditEvent['kind'][];

/** The kind of event that a message is of; null for one that this version doesn't make. */
export function kindOf({ EventIdentification: event }: AuditMessage): AuditEvent['kind'] | null {
  const isMade = (kind: AuditEvent['kind']): boolean => {
    const [id, type, action] = SHAPES[kind];
    const isThis = id['csd-code'] === event.EventID['csd-code'] && action === event.EventActionCode;
    return isThis && (type?.['csd-code'] ?? null) === (event.EventTypeCode[0]?.['csd-code'] ?? null);
  };
  const found = AUDIT_KINDS.filter(isMade);
  // A login that failed has the same code as one that didn't: the outcome tells.
  if (found.includes('unlock-failed')) return event.EventOutcomeIndicator === '0' ? 'unlocked' : 'unlock-failed';
  return found[0] ?? null;
}

function outcome(
  failure: string | null,
): Pick<AuditMessage['EventIdentification'], 'EventOutcomeIndicator' | 'EventOutcomeDescription'> {
  if (failure === null) return { EventOutcomeIndicator: '0' };
  // A seal that doesn't open is damage or an attack; the rest can be tried again.
  return { EventOutcomeIndicator: failure.startsWith('seal/') ? '8' : '4', EventOutcomeDescription: failure };
}

/** The message of an event. Its JSON is the log's entry. */
export function messageOf(event: AuditEvent, occasion: AuditOccasion): AuditMessage {
  const [id, type, action] = SHAPES[event.kind];
  const failure = 'code' in event ? event.code : event.kind === 'log-conflict' ? 'audit/conflict' : null;
  const subject = (value: string, role: '3' | '13', kind: Code) => ({
    ParticipantObjectID: value,
    ParticipantObjectTypeCode: '2' as const,
    ParticipantObjectTypeCodeRole: role,
    ParticipantObjectIDTypeCode: kind,
  });
  const detail =
    'reason' in event ? { ParticipantObjectDetail: [{ type: 'Alert Description' as const, value: event.reason }] } : {};
  const studies = 'studyIds' in event ? event.studyIds : null;
  return auditMessage.parse({
    EventIdentification: {
      EventID: id,
      EventTypeCode: type === null ? [] : [type],
      EventActionCode: action,
      EventDateTime: occasion.time,
      ...outcome(failure),
    },
    ActiveParticipant: [
      { UserID: occasion.user, UserIsRequestor: true, RoleIDCode: [] },
      { UserID: occasion.application, UserIsRequestor: false, RoleIDCode: [dcm('110150', 'Application')] },
    ],
    AuditSourceIdentification: { AuditSourceID: occasion.vaultId, AuditSourceTypeCode: '1' },
    ParticipantObjectIdentification:
      studies === null
        ? [subject(occasion.vaultId, '13', own('vault', 'Vitrine vault'))]
        : studies.map((studyId) => ({ ...subject(studyId, '3', own('study', 'Vitrine study')), ...detail })),
  });
}
