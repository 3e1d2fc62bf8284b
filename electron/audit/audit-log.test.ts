import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchBytes, nextBatch, parseBatch } from '../../core/audit/batch.ts';
import { EMPTY } from '../../core/audit/merkle.ts';
import type { AuditEvent } from '../../core/audit/message.ts';
import { type AuditReport, verifyLog } from '../../core/audit/verify.ts';
import { AuditLog } from './audit-log.ts';
import { createSigner, verifySignature } from './ed25519.ts';
import { allKnown } from './known-checkpoints.ts';
import { exportLog, listEntries, proveEntry, verifyExport } from './reports.ts';

const VAULT = '0123456789abcdef0123456789abcdef';
const STUDY = 'fedcba9876543210fedcba9876543210';
const ACTOR = { user: 'tester', application: 'vitrine test' };
const opened: AuditEvent = { kind: 'study-opened', studyIds: [STUDY], code: null };

let folder = '';
let open: AuditLog[] = [];
const audit = (...parts: string[]) => join(folder, 'vault', 'audit', ...parts);
const outside = () => join(folder, 'outside');

function openLog(checkpoints: string | null = outside(), seed = 1): AuditLog {
  const place = { vault: join(folder, 'vault'), vaultId: VAULT, checkpoints };
  const log = new AuditLog(place, new Uint8Array(32).fill(seed), ACTOR);
  open.push(log);
  return log;
}

/** A log with so many batches of two entries each, closed. */
async function filled(batches: number): Promise<void> {
  const log = openLog();
  for (let i = 0; i < batches; i++) {
    log.record(opened);
    log.record({ kind: 'settings-changed', code: null });
    await log.flush();
  }
  await log.close();
}

async function verified(known?: readonly string[]): Promise<AuditReport> {
  return openLog(null).verify(known ?? (await allKnown(outside(), VAULT)));
}

const kinds = ({ problems }: AuditReport) => problems.map(({ kind }) => kind);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-audit-'));
  await mkdir(outside());
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((log) => log.close().catch(() => undefined)));
  await rm(folder, { recursive: true, force: true });
});

describe('the audit log', () => {
  it('keeps what was recorded, goes on after a restart, and verifies', async () => {
    await filled(3);
    await filled(2);
    const report = await verified();
    expect(report).toMatchObject({ entries: 10, batches: 5, known: 1, problems: [] });
    expect(report.checkpoint).toBe(await readFile(audit('checkpoint'), 'utf8'));
    const { entries } = await listEntries(openLog(null), '');
    expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(entries[0]?.message).toMatchObject({
      EventIdentification: { EventID: { 'csd-code': '110103' }, EventActionCode: 'R', EventOutcomeIndicator: '0' },
      ActiveParticipant: [{ UserID: 'tester', UserIsRequestor: true }, { UserID: 'vitrine test' }],
      ParticipantObjectIdentification: [{ ParticipantObjectID: STUDY }],
    });
  });

  it('writes a burst as few batches, and shows nothing of it on disk', async () => {
    const log = openLog();
    for (let i = 0; i < 500; i++) {
      log.record(opened);
      void log.flush();
    }
    await log.flush();
    expect((await readdir(audit())).length).toBeLessThan(4);
    await log.close();
    for (const name of await readdir(audit()))
      expect((await readFile(audit(name), 'latin1')).includes(STUDY)).toBe(false);
    expect((await verified()).entries).toBe(500);
    expect(() => log.record(opened)).toThrow('closed');
  });

  it('keeps what could not be written, and writes it with the next event', async () => {
    await mkdir(join(folder, 'vault'), { recursive: true });
    await writeFile(audit(), 'in the way');
    const log = openLog();
    log.record(opened);
    await expect(log.flush()).rejects.toThrow();
    await rm(audit());
    log.record(opened);
    await log.flush();
    expect((await verified()).entries).toBe(2);
  });

  it('survives a batch that was cut short while it was written', async () => {
    await filled(2);
    await writeFile(audit('3.audit.part'), 'half');
    await filled(1);
    expect(await verified()).toMatchObject({ entries: 6, batches: 3, problems: [] });
    expect((await readdir(audit())).some((name) => name.endsWith('.part'))).toBe(false);
  });
});

describe('a verification finds', () => {
  it('a flipped byte, a cut and an exchange of files, and names the batch', { timeout: 60_000 }, async () => {
    await filled(4);
    const whole = await readFile(audit('2.audit'));
    const reader = openLog(null);
    for (let at = 0; at < whole.length; at += 37) {
      const bad = Buffer.from(whole);
      bad[at] = (bad[at] as number) ^ 1;
      await writeFile(audit('2.audit'), bad);
      expect((await reader.verify([])).problems[0]).toEqual({ kind: 'altered', batch: 2, entry: null });
    }
    await writeFile(audit('2.audit'), whole);
    await truncate(audit('2.audit'), whole.length - 1);
    expect((await verified()).problems[0]).toMatchObject({ kind: 'altered', batch: 2 });
    await writeFile(audit('2.audit'), await readFile(audit('3.audit')));
    await writeFile(audit('3.audit'), whole);
    expect(kinds(await verified()).slice(0, 2)).toEqual(['altered', 'altered']);
  });

  it('a batch taken out of the middle', async () => {
    await filled(4);
    await rm(audit('2.audit'));
    expect((await verified()).problems).toEqual([{ kind: 'missing', batch: 2, entry: null }]);
    await rename(audit('3.audit'), audit('2.audit'));
    await rename(audit('4.audit'), audit('3.audit'));
    expect(kinds(await verified())).toContain('altered');
  });

  it('a tail that was cut, by the checkpoint outside of the vault', async () => {
    await filled(4);
    await rm(audit('4.audit'));
    await rm(audit('checkpoint'));
    expect(kinds(await verified([]))).toEqual([]);
    expect((await verified()).problems).toEqual([{ kind: 'cut', batch: null, entry: 8 }]);
    await rm(audit(), { recursive: true });
    expect((await verified()).problems).toEqual([{ kind: 'cut', batch: null, entry: 8 }]);
  });

  it('a roll-back of the whole log, also after it has grown past the checkpoint again', async () => {
    await filled(2);
    await cp(audit(), join(folder, 'earlier'), { recursive: true });
    await filled(2);
    const [known = ''] = await allKnown(outside(), VAULT);
    await rm(audit(), { recursive: true });
    await cp(join(folder, 'earlier'), audit(), { recursive: true });
    expect(kinds(await verified())).toEqual(['cut']);
    // The next unlock notices, says so in the log, and keeps the checkpoint that proves it.
    await filled(3);
    const { entries } = await listEntries(openLog(null), '');
    expect(entries.map(({ message }) => message.EventIdentification.EventTypeCode[0]?.['csd-code'])).toContain(
      'log-conflict',
    );
    expect(await allKnown(outside(), VAULT)).toContain(known);
    const later = await verified();
    expect(later.problems).toEqual([{ kind: 'forked', batch: null, entry: 8 }]);
    expect(kinds(await verified([known]))).toEqual(['forked']);
  });

  it('another vault’s log, key or checkpoint', async () => {
    await filled(2);
    const known = await allKnown(outside(), VAULT);
    expect(kinds(await openLog(null, 2).verify(known))).toEqual(['altered', 'altered', 'foreign']);
  });

  it('entries that were edited, taken out or moved by someone with the sealing key but not the signing key', async () => {
    const signer = createSigner('log', new Uint8Array(32).fill(1));
    const forger = createSigner('log', new Uint8Array(32).fill(2));
    await filled(1);
    const texts = (await exportLog(openLog(null))).entries;
    const batch = nextBatch(EMPTY, texts, signer);
    const parts = { key: signer.key, verify: verifySignature };
    const check = async (changed: typeof batch) => kinds(await verifyLog([{ number: 1, batch: changed }], [], parts));
    expect(await check(parseBatch(batchBytes(batch)))).toEqual([]);
    expect(await check({ ...batch, entries: [...texts].reverse() })).toEqual(['root']);
    expect(await check({ ...batch, entries: texts.slice(1) })).toEqual(['root']);
    expect(
      await check({ ...batch, entries: [(texts[0] ?? '').replace('tester', 'nobody'), ...texts.slice(1)] }),
    ).toEqual(['root']);
    expect(await check({ ...batch, first: 1 })).toEqual(['order']);
    expect(await check(nextBatch(EMPTY, texts, forger))).toEqual(['signature']);
    expect(await check(nextBatch(EMPTY, ['{}'], signer))).toEqual(['message']);
    for (const bad of ['', '{}', JSON.stringify({ ...batch, frontier: [] })])
      expect(() => parseBatch(new TextEncoder().encode(bad))).toThrow('no part of a log');
  });
});

describe('an exported log', () => {
  it('verifies without the vault, and shows every change', async () => {
    await filled(2);
    const [early = ''] = await allKnown(outside(), VAULT);
    await filled(1);
    const exported = await exportLog(openLog(null));
    const check = (changes: object, expected: string | null = exported.key, known = [early]) =>
      verifyExport(JSON.stringify({ ...exported, ...changes }), expected, known).problems.map(({ kind }) => kind);
    expect(check({})).toEqual([]);
    expect(check({ entries: exported.entries.slice(0, -1) }, null, [])).toEqual(['cut']);
    expect(check({ entries: exported.entries.slice(1) })).toEqual(['cut', 'forked']);
    expect(check({ entries: [...exported.entries].reverse() })).toEqual(['root', 'forked']);
    expect(check({ checkpoint: early, entries: exported.entries.slice(0, 4) }, null, [exported.checkpoint])).toEqual([
      'cut',
    ]);
    expect(() => check({}, 'another')).toThrow('another key');
    expect(() => verifyExport('{}', null, [])).toThrow('no exported audit log');
    const { proof, entry } = await proveEntry(openLog(null), 2);
    expect(proof).toContain('index 2\n');
    expect(entry).toBe(exported.entries[2]);
    await expect(proveEntry(openLog(null), 6)).rejects.toThrow('no such entry');
    await rm(audit('1.audit'));
    await expect(exportLog(openLog(null))).rejects.toThrow('missing or altered');
  });
});
