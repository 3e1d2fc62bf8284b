/** Opening a study past its rule: the entry in the audit log is on the disk before the key is had. */

import { auditMessage, kindOf } from '../../core/audit/message.ts';
import type { GlassEntry } from '../../core/contract/users.ts';
import { usersError } from '../../core/keys/users/errors.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { type LentSession, withRing } from './account-unlock.ts';

/** Characters; less is no reason. */
const LEAST_REASON = 10;
const MOST_REASON = 300;
const MOST_ENTRIES = 500;

/**
 * Breaks the glass for one study.
 * @param log the open vault's audit log
 * @throws policy/no-reason; policy/no-break-glass when the study has no such way, or the account no such key; what writing
 *   the log rejects with: nothing was opened then; vault/no-such-study, seal/…
 */
export async function breakGlass(
  { folder, header, signedIn, vault }: LentSession,
  log: AuditLog,
  { studyId, reason }: { studyId: string; reason: string },
): Promise<{ handle: string }> {
  const why = reason.trim().replaceAll(/\s+/g, ' ');
  if ([...why].length < LEAST_REASON || why.length > MOST_REASON)
    throw usersError('policy/no-reason', 'a reason has 10 to 300 characters', { details: { minimum: LEAST_REASON } });
  const { glass } = await vault.access('recipients', { studyId });
  if (signedIn === null || glass.length === 0) throw usersError('policy/no-break-glass', 'no break-glass way');
  return withRing({ folder, header }, signedIn, async (ring) => {
    const epoch = glass.find((candidate) => ring.has(`glass/${candidate}`));
    const sealed = epoch === undefined ? undefined : ring.get(`glass/${epoch}`);
    if (epoch === undefined || sealed === undefined)
      throw usersError('policy/no-break-glass', 'the account has no break-glass key of this study');
    const seed = await log.breakGlass({ kind: 'glass-broken', studyIds: [studyId], reason: why }, epoch, sealed);
    if (seed === null) throw usersError('policy/no-break-glass', 'the break-glass key is not this vault’s');
    try {
      return await vault.access('break-glass', { studyId, secret: { role: 'break-glass', epoch, seed } });
    } finally {
      seed.fill(0);
    }
  });
}

/** The times that somebody broke the glass, newest first. */
export async function glassEntries(log: AuditLog): Promise<GlassEntry[]> {
  const found: GlassEntry[] = [];
  for await (const { batch } of log.newestFirst()) {
    for (const text of [...(batch?.entries ?? [])].reverse()) {
      const message = auditMessage.parse(JSON.parse(text));
      if (kindOf(message) !== 'glass-broken') continue;
      for (const object of message.ParticipantObjectIdentification)
        found.push({
          time: message.EventIdentification.EventDateTime,
          user: message.ActiveParticipant[0]?.UserID ?? '',
          studyId: object.ParticipantObjectID,
          reason: object.ParticipantObjectDetail?.[0]?.value ?? '',
        });
      if (found.length >= MOST_ENTRIES) return found;
    }
  }
  return found;
}
