import { mkdir, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_KINDS, type AuditEvent, kindOf, messageOf } from '../../core/audit/message.ts';
import { auditPage } from '../../core/contract/audit.ts';
import { AuditLog } from './audit-log.ts';
import { auditPageOf, verifyWatched } from './view.ts';

const VAULT = '0123456789abcdef0123456789abcdef';
const [ONE, OTHER] = ['1'.repeat(32), '2'.repeat(32)];
const QUERY = { topic: 'all', studyId: null, before: null, limit: 200 } as const;
const EVENTS: readonly AuditEvent[] = [
  { kind: 'unlocked' },
  { kind: 'study-opened', studyIds: [ONE], code: null },
  { kind: 'study-opened', studyIds: [OTHER], code: 'seal/altered' },
  { kind: 'settings-changed', code: null },
  { kind: 'unlock-failed', code: 'keys/wrong-passphrase' },
  { kind: 'locked' },
];

let folder = '';
let log: AuditLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-audit-view-'));
  await mkdir(join(folder, 'vault'));
  const place = { vault: join(folder, 'vault'), vaultId: VAULT, checkpoints: null };
  log = new AuditLog(place, new Uint8Array(32).fill(1), { user: 'tester', application: 'vitrine test' });
  for (const event of EVENTS) {
    log.record(event);
    await log.flush();
  }
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true });
});

const kinds = async (query: Partial<Parameters<typeof auditPageOf>[1]>) =>
  (await auditPageOf(log, { ...QUERY, ...query })).entries.map(({ kind }) => kind);

describe('a page of the audit log', () => {
  it('begins with the newest and goes on where the page before ended', async () => {
    const first = auditPage.parse(await auditPageOf(log, { ...QUERY, limit: 4 }));
    expect(first).toMatchObject({ all: 6, more: true, unreadable: 0 });
    expect(first.entries.map(({ index }) => index)).toEqual([5, 4, 3, 2]);
    const second = await auditPageOf(log, { ...QUERY, before: 2, limit: 4 });
    expect(second.entries.map(({ index }) => index)).toEqual([1, 0]);
    expect(second.more).toBe(false);
    expect(second.entries[0]).toMatchObject({ kind: 'study-opened', user: 'tester', studyIds: [ONE], code: null });
  });

  it('narrows to a topic or a study', async () => {
    expect(await kinds({ topic: 'sign-in' })).toEqual(['locked', 'unlock-failed', 'unlocked']);
    expect(await kinds({ topic: 'studies' })).toEqual(['study-opened', 'study-opened']);
    expect(await kinds({ topic: 'security' })).toEqual(['settings-changed']);
    expect(await kinds({ topic: 'failures' })).toEqual(['unlock-failed', 'study-opened']);
    expect(await kinds({ studyId: OTHER })).toEqual(['study-opened']);
  });

  it('counts a part that does not open and shows the rest', async () => {
    await truncate(join(folder, 'vault', 'audit', '3.audit'), 100);
    const page = await auditPageOf(log, QUERY);
    expect(page.unreadable).toBe(1);
    expect(page.entries).toHaveLength(5);
  });

  it('knows every kind that is recorded by its codes', () => {
    const occasion = { time: '2026-11-25T10:00:00.000Z', vaultId: VAULT, user: 'u', application: 'a' };
    for (const kind of AUDIT_KINDS) {
      const event = {
        kind,
        studyIds: [ONE],
        reason: 'reason',
        code: kind === 'unlock-failed' ? 'keys/wrong-passphrase' : null,
      };
      expect(kindOf(messageOf(event as AuditEvent, occasion))).toBe(kind);
    }
  });
});

describe('a watched verification', () => {
  it('says how far it is and finds what a plain one finds', async () => {
    const seen: number[] = [];
    const control = { signal: new AbortController().signal, progress: ({ done }: { done: number }) => seen.push(done) };
    expect(await verifyWatched(log, [], control)).toMatchObject({ entries: 6, problems: [] });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    await expect(verifyWatched(log, [], { ...control, signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
