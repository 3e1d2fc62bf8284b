/** A tiny vault with everything in it, made by the product's own code. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { originOf } from '../../core/audit/checkpoint.ts';
import type { NoteSigner } from '../../core/audit/signed-note.ts';
import { signSnapshot } from '../../core/audit/vault-notes.ts';
import { toHex } from '../../core/bytes.ts';
import { parseId, type StudyId, type VaultId } from '../../core/ids.ts';
import { vaultKeysOf } from '../../core/keys/current-keys.ts';
import { createEscrowFiles, openEscrowSecret, parseEscrowPublic } from '../../core/keys/escrow.ts';
import { openWithPassphrase, parseHeader, replaceKeychainSlot, replaceRecovery } from '../../core/keys/header.ts';
import { addEscrow, replaceShares } from '../../core/keys/more-slots.ts';
import { passphraseBytes } from '../../core/keys/passphrase.ts';
import { createKeychainSecret } from '../../core/keys/slots.ts';
import type { Argon2id, MasterKey, VaultHeader } from '../../core/keys/types.ts';
import { AuditLog } from '../../electron/audit/audit-log.ts';
import { BackupFolder } from '../../electron/care/backup-folder.ts';
import { RollbackGuard } from '../../electron/care/rollback.ts';
import { argon2idDirect } from '../../electron/crypto/argon2.ts';
import { chooseArgon2 } from '../../electron/crypto/choose-engine.ts';
import { randomFill } from '../../electron/random.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';
import type { OpenVault } from '../../electron/vault/protocol.ts';
import { VaultRecords } from '../../electron/vault/vault-records.ts';
import { writeHeader } from '../../electron/vault-header.ts';
import { importPaths, putMark } from '../fixtures/temp-vault.ts';
import { writeStudy } from '../study.ts';
import { createTestVault, PASSPHRASE } from '../vault.ts';

/** Argon2id runs once for each question: thousands of changes ask the same one. */
function remembered(argon2id: Argon2id): Argon2id {
  const known = new Map<string, Promise<Uint8Array>>();
  return async (password, salt, parameters, length) => {
    const question = `${toHex(password)} ${toHex(salt)} ${JSON.stringify(parameters)} ${length}`;
    const answer = known.get(question) ?? argon2id(password, salt, parameters, length);
    known.set(question, answer);
    return (await answer).slice();
  };
}

/** The cheapest that the floor allows. */
const CHEAP = { memoryKiB: 46 * 1024, iterations: 1, parallelism: 1 } as const;

/** Every way into the vault. */
interface Secrets {
  readonly passphrase: Uint8Array;
  readonly keychain: Uint8Array;
  readonly recoveryCode: string;
  readonly shares: readonly string[];
  readonly escrow: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  readonly escrowText: string;
}

export interface Stage {
  /** Of the vault. */
  readonly dir: string;
  /** A folder for whatever else is written. */
  readonly root: string;
  readonly vaultId: VaultId;
  readonly studyId: StudyId;
  readonly open: OpenVault;
  readonly header: VaultHeader;
  readonly master: MasterKey;
  readonly auditSeed: Uint8Array;
  readonly signer: NoteSigner;
  readonly argon2id: Argon2id;
  readonly secrets: Secrets;
  readonly backup: string;
}

/** A copy: a vault wipes the keys that it was given. */
function copyOf({ dir, vaultId, catalogueKey, wrappingKey }: OpenVault): OpenVault {
  return { dir, vaultId, catalogueKey: catalogueKey.slice(), wrappingKey: wrappingKey.slice() };
}

const now = (): string => new Date().toISOString();

/** Gives the header every kind of slot. */
async function withAllSlots(dir: string, argon2id: Argon2id) {
  const passphrase = passphraseBytes(PASSPHRASE);
  const first = parseHeader(await readFile(join(dir, 'vault.json'), 'utf8'));
  const { masterKey: master } = await openWithPassphrase(first, passphrase, argon2id);
  const change = { randomFill, createdAt: now() };
  const keychain = createKeychainSecret(randomFill);
  const recovery = replaceRecovery(replaceKeychainSlot(first, master, { ...change, secret: keychain }), master, change);
  const shared = await replaceShares(recovery.header, master, { ...change, threshold: 2, count: 3 });
  const files = await createEscrowFiles({
    ...{ label: 'Head of radiology', createdAt: now(), passphrase, argon2id, argon2Parameters: CHEAP, randomFill },
  });
  const header = addEscrow(shared.header, master, { ...change, to: parseEscrowPublic(files.publicText) });
  await writeHeader(dir, header);
  const escrow = await openEscrowSecret(files.secretText, passphrase, argon2id);
  const { recoveryCode } = recovery;
  const { shares } = shared;
  return {
    header,
    master,
    secrets: { passphrase, keychain, recoveryCode, shares, escrow, escrowText: files.secretText },
  };
}

/** A study with one tiny image, a mark and a result; a sealed record; a signed state; a backup. */
async function fill(root: string, open: OpenVault, log: AuditLog): Promise<{ studyId: StudyId; backup: string }> {
  const { vault } = await FileVault.open(copyOf(open));
  await writeStudy(join(root, 'source'), { slices: 1, matrix: 8, seed: 'tamper' });
  const { outcome } = await importPaths(vault, [join(root, 'source')]);
  const studyId = parseId<StudyId>(outcome.studyIds[0] ?? '');
  await vault.append(studyId, [putMark('tamper')]);
  await vault.results('append', { studyId, kind: 'lab.run', about: 'tamper', bytes: randomBytes(200) });
  log.record({ kind: 'imported', studyIds: [studyId], code: null });
  await log.flush();
  const place = { vault: open.dir, vaultId: open.vaultId, outside: null, secrets: async () => null };
  await new RollbackGuard(place, log, vault).publish();
  const backup = join(root, 'backup');
  const quiet = { signal: new AbortController().signal, progress: () => undefined };
  const report = await vault.care('backup', { target: backup }, quiet);
  const folder = await BackupFolder.open(backup);
  await folder.writeNote(report.number, signSnapshot(open.vaultId, report, log.signer));
  await vault.dispose();
  return { studyId, backup };
}

/** @param root an empty folder */
export async function setStage(root: string): Promise<Stage> {
  const dir = join(root, 'vault');
  const argon2id = remembered(chooseArgon2(() => argon2idDirect));
  const open = await createTestVault(dir);
  const vaultId = parseId<VaultId>(open.vaultId);
  const { header, master, secrets } = await withAllSlots(dir, argon2id);
  const auditSeed = vaultKeysOf(header, master).keys.auditSeed.slice();
  const actor = { user: 'tamper', application: 'test' };
  const log = new AuditLog({ vault: dir, vaultId, checkpoints: null }, auditSeed, actor);
  if (log.key.name !== originOf(vaultId)) throw new Error('the log has another name');
  const records = new VaultRecords(dir, vaultId, open.catalogueKey, null);
  await records.write('holds', { holds: [] });
  records.close();
  const { studyId, backup } = await fill(root, open, log);
  const { signer } = log;
  await log.close();
  return { dir, root, vaultId, studyId, open, header, master, auditSeed, signer, argon2id, secrets, backup };
}
