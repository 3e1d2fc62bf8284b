/** The audit log as the window sees it: pages from the newest on, and a verification that says how far it is. */
import { type AuditEvent, type AuditMessage, auditMessage, kindOf } from '../../core/audit/message.ts';
import type { AuditReport } from '../../core/audit/verify.ts';
import type { AuditEntry, AuditPage, AuditQuery, AuditTopic } from '../../core/contract/audit.ts';
import type { JobControl } from '../jobs.ts';
import type { AuditLog } from './audit-log.ts';

const SIGN_IN: readonly AuditEvent['kind'][] = ['unlocked', 'locked', 'unlock-failed'];
const ID = /^[0-9a-f]{32}$/;

function studiesIn({ ParticipantObjectIdentification: objects }: AuditMessage): string[] {
  return objects
    .filter((object) => object.ParticipantObjectTypeCodeRole === '3')
    .map((object) => object.ParticipantObjectID)
    .filter((studyId) => ID.test(studyId));
}

/** An entry of the log as it is shown. */
function entryOf(index: number, message: AuditMessage): AuditEntry {
  const { EventIdentification: event, ActiveParticipant: participants } = message;
  const of = (requestor: boolean): string =>
    participants.find(({ UserIsRequestor }) => UserIsRequestor === requestor)?.UserID ?? '';
  return {
    index,
    time: event.EventDateTime,
    kind: kindOf(message),
    event: event.EventTypeCode[0]?.originalText ?? event.EventID.originalText,
    user: of(true),
    application: of(false),
    studyIds: studiesIn(message),
    code: event.EventOutcomeDescription ?? (event.EventOutcomeIndicator === '0' ? null : 'audit/failed'),
  };
}

function isOf(topic: AuditTopic, entry: AuditEntry): boolean {
  const isSignIn = SIGN_IN.some((kind) => kind === entry.kind);
  switch (topic) {
    case 'all':
      return true;
    case 'sign-in':
      return isSignIn;
    case 'studies':
      return entry.studyIds.length > 0;
    case 'security':
      return !isSignIn && entry.studyIds.length === 0;
    case 'failures':
      return entry.code !== null;
  }
}

/** One page, newest first. Reads from the log's end and no further than the page needs. */
export async function auditPageOf(log: AuditLog, { topic, studyId, before, limit }: AuditQuery): Promise<AuditPage> {
  const page: AuditPage = { entries: [], all: 0, more: false, unreadable: 0 };
  for await (const { batch } of log.newestFirst()) {
    if (batch === null) {
      page.unreadable += 1;
      continue;
    }
    page.all = Math.max(page.all, batch.frontier.size);
    for (const [at, text] of [...batch.entries.entries()].reverse()) {
      const index = batch.first + at;
      if (before !== null && index >= before) continue;
      const entry = entryOf(index, auditMessage.parse(JSON.parse(text)));
      if (!isOf(topic, entry) || (studyId !== null && !entry.studyIds.includes(studyId))) continue;
      if (page.entries.length === limit) return { ...page, more: true };
      page.entries.push(entry);
    }
  }
  return page;
}

/** Verifies the whole log; may be cancelled between two of its parts. */
export async function verifyWatched(
  log: AuditLog,
  known: readonly string[],
  { signal, progress }: JobControl,
): Promise<AuditReport> {
  async function* watched() {
    let done = 0;
    for await (const numbered of log.batches()) {
      signal.throwIfAborted();
      yield numbered;
      done += 1;
      progress({ done, total: null, unit: 'items' });
    }
  }
  return log.verify(known, watched());
}
