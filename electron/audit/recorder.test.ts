import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeSecretStore } from '../../test/fixtures/fake-secret-store.ts';
import { newVault } from '../unlock.ts';
import { writeHeader } from '../vault-header.ts';
import { AuditLog } from './audit-log.ts';
import { AuditForwarder } from './forwarder.ts';
import { AuditRecorder } from './recorder.ts';
import { listEntries } from './reports.ts';

const STUDY = 'fedcba9876543210fedcba9876543210';
const SEED = new Uint8Array(32).fill(9);

let folder = '';
let vaultId = '';
let reported: string[] = [];
let recorder: AuditRecorder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-recorder-'));
  const { header } = await newVault(
    { name: 'Clinic A', passphrase: 'correct horse battery', useKeychain: false },
    {
      argon2id: async (password, salt) => createHash('sha256').update(password).update(salt).digest(),
      secrets: createFakeSecretStore(),
    },
  );
  vaultId = header.vaultId;
  await writeHeader(join(folder, 'vault'), header);
  reported = [];
  recorder = new AuditRecorder({
    forwarder: new AuditForwarder(join(folder, 'audit-forwarding.json'), () => undefined),
    vault: join(folder, 'vault'),
    checkpoints: join(folder, 'outside'),
    application: 'vitrine test',
    report: (event) => reported.push(event),
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Event, type, outcome and subject of every entry. */
async function told(): Promise<string[]> {
  const place = { vault: join(folder, 'vault'), vaultId, checkpoints: null };
  const log = new AuditLog(place, SEED, { user: '', application: '' });
  const { entries } = await listEntries(log, '');
  return entries.map(
    ({
      message: {
        EventIdentification: event,
        ParticipantObjectIdentification: [subject],
      },
    }) =>
      [
        event.EventTypeCode[0]?.originalText ?? event.EventID.originalText,
        event.EventActionCode,
        event.EventOutcomeDescription ?? 'ok',
        subject?.ParticipantObjectID === vaultId ? 'vault' : subject?.ParticipantObjectID,
      ].join(' '),
  );
}

const IMPORT = {
  job: 'a',
  outcome: 'done' as const,
  code: null,
  counts: { imported: 1, known: 0, conflicts: 0, refused: 0 },
  bytes: 1,
  seconds: 1,
  studyIds: [STUDY],
  refused: [{ name: 'DOE^JANE.dcm', code: 'dicom/not-dicom' }],
  conflicts: [],
  warnings: [],
};

describe('the recorder', () => {
  it('tells what happened to the vault and its studies, and nothing else', async () => {
    recorder.opened(vaultId, SEED, { create: true, roles: null });
    recorder.opened(vaultId, SEED, { create: false, roles: null });
    for (const quiet of ['session.create', 'session.state', 'studies.search', 'unknown.channel', 'toString'])
      recorder.answered(quiet, null, null);
    recorder.answered('session.unlock', null, null);
    recorder.answered('studies.open', null, STUDY);
    recorder.answered('studies.open', 'seal/altered', STUDY);
    recorder.answered('studies.open', 'ipc/bad-request', null);
    recorder.answered('annotations.append', null, STUDY);
    recorder.answered('settings.set', null, null);
    recorder.answered('session.repairKeychain', 'keychain/locked', null);
    recorder.imported(IMPORT);
    recorder.imported({ ...IMPORT, outcome: 'cancelled' });
    await recorder.closed();
    await recorder.closed();
    expect(await told()).toEqual([
      'Audit Recording Started E ok vault',
      'Login E ok vault',
      `DICOM Instances Accessed R ok ${STUDY}`,
      `DICOM Instances Accessed R seal/altered ${STUDY}`,
      `DICOM Instances Accessed U ok ${STUDY}`,
      'Software Configuration E ok vault',
      'User Security Attributes Changed E keychain/locked vault',
      `Import C ok ${STUDY}`,
      `Import C import/cancelled ${STUDY}`,
      'Logout E ok vault',
    ]);
    expect(reported).toEqual([]);
    expect(await readdir(join(folder, 'outside'))).toEqual([`${vaultId}.checkpoint`]);
  });

  it('keeps failed unlocks until there is a key, and takes no other word from the folder', async () => {
    recorder.answered('session.unlock', 'keys/wrong-passphrase', null);
    recorder.answered('studies.open', 'vault/locked', STUDY);
    const place = join(folder, 'vault', 'audit');
    const waiting = async () => (await readdir(place).catch(() => [])).filter((name) => name.endsWith('.waiting'));
    await expect.poll(waiting).toHaveLength(1);
    const [name = ''] = await waiting();
    const text = await readFile(join(place, name), 'utf8');
    await writeFile(join(place, `${'f'.repeat(12)}-${'0'.repeat(12)}.waiting`), text.replace('"4"', '"0"'));
    await writeFile(join(place, `${'f'.repeat(12)}-${'1'.repeat(12)}.waiting`), 'nonsense');
    recorder.opened(vaultId, SEED, { create: false, roles: null });
    await recorder.closed();
    expect(await told()).toEqual(['Login E keys/wrong-passphrase vault', 'Login E ok vault', 'Logout E ok vault']);
    expect(await waiting()).toEqual([]);
  });

  it('reports a log that can’t be written, and lets the work go on', async () => {
    await mkdir(join(folder, 'vault'), { recursive: true });
    await writeFile(join(folder, 'vault', 'audit'), 'in the way');
    recorder.opened(vaultId, SEED, { create: false, roles: null });
    await recorder.closed();
    expect(new Set(reported)).toEqual(new Set(['audit.not-written']));
  });
});
