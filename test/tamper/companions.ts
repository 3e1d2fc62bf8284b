/** What lies beside the studies: audit log, states, records, certificates, backups, models. */
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { openCheckpoint } from '../../core/audit/checkpoint.ts';
import { deriveAuditKeys } from '../../core/audit/keys.ts';
import { keyText } from '../../core/audit/signed-note.ts';
import { openSnapshot, openState } from '../../core/audit/vault-notes.ts';
import { toHex, utf8 } from '../../core/bytes.ts';
import { BatchFiles } from '../../electron/audit/batch-files.ts';
import { verifySignature } from '../../electron/audit/ed25519.ts';
import { BACKUP_NAMES, BackupFolder } from '../../electron/care/backup-folder.ts';
import { readState, STATE_FILE } from '../../electron/care/known-states.ts';
import { readForecastModel, readModel } from '../../electron/infer/zoo.ts';
import { checkCertificate, STATEMENT, signCertificate } from '../../electron/keys/certificate.ts';
import { Catalogue } from '../../electron/vault/catalogue.ts';
import { VaultRecords } from '../../electron/vault/vault-records.ts';
import { ROOT } from '../command.ts';
import { type Container, jsonMeaning, type Way } from './container.ts';
import { atPath } from './objects.ts';
import type { Stage } from './stage.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function auditLog({ dir, vaultId, auditSeed, signer }: Stage): Promise<Container[]> {
  const files = new BatchFiles(dir, vaultId, deriveAuditKeys(auditSeed).sealingKey);
  const [number = 0] = await files.numbers();
  const path = join(files.folder, `${number}.audit`);
  const read = async (): Promise<string> => {
    const { entries, frontier, checkpoint } = await files.read(number);
    return JSON.stringify({ entries, size: frontier.size, checkpoint });
  };
  const opened = (note: Uint8Array): string => {
    const { size, root } = openCheckpoint(text(note), signer.key, verifySignature);
    return `${size} ${toHex(root)}`;
  };
  const checkpoint = await readFile(join(files.folder, 'checkpoint'));
  return [
    { kind: 'audit batch', way: 'log', bytes: await readFile(path), ways: [atPath(path, read)], bits: 'all' },
    { kind: 'audit checkpoint', way: 'log', bytes: checkpoint, ways: [{ read: opened }], bits: 'all' },
  ];
}

async function state({ dir, vaultId, signer }: Stage): Promise<Container> {
  const path = join(dir, STATE_FILE);
  const read = async (): Promise<string | null> => {
    const found = openState(vaultId, (await readState(path)) ?? '', signer.key, verifySignature);
    return found && JSON.stringify(found);
  };
  return { kind: 'state', way: 'guard', bytes: await readFile(path), ways: [atPath(path, read)], bits: 'all' };
}

async function record({ dir, vaultId, open }: Stage): Promise<Container> {
  const records = new VaultRecords(dir, vaultId, open.catalogueKey, null);
  const path = join(dir, 'records', 'holds.record');
  const read = async (): Promise<string | null> => {
    const found = await records.read('holds', z.unknown());
    return found === null ? null : JSON.stringify(found);
  };
  return { kind: 'sealed record', way: 'vault', bytes: await readFile(path), ways: [atPath(path, read)], bits: 'all' };
}

function certificate({ vaultId, studyId, signer }: Stage): Container {
  const signed = signCertificate(
    {
      format: 'vitrine-shred-certificate',
      version: 1,
      vaultId,
      studyId,
      reason: 'asked',
      by: { user: 'tamper', application: 'test' },
      startedAt: '2026-01-01T00:00:00.000Z',
      finishedAt: '2026-01-01T00:00:01.000Z',
      objects: [{ objectId: studyId, kind: 'instance', bytes: 1, sha256: '0'.repeat(64) }],
      statement: STATEMENT,
      signature: null,
    },
    signer,
  );
  const read = (bytes: Uint8Array): string | null => {
    const found = checkCertificate(text(bytes), keyText(signer.key));
    return found.verdict === 'valid' ? JSON.stringify(found.certificate) : null;
  };
  const bytes = utf8(`${JSON.stringify(signed, null, 2)}\n`);
  return {
    kind: 'shredding certificate',
    way: 'key of the log',
    bytes,
    ways: [{ read }],
    bits: 'all',
    meaning: jsonMeaning,
  };
}

/** Without the vault's key a backup is held against its hashes; the note's signature is checked when it is opened. */
async function backup({ backup: path, vaultId, signer }: Stage): Promise<Container[]> {
  const folder = await BackupFolder.open(path);
  const { snapshot } = await folder.newest();
  const body = folder.in(BACKUP_NAMES.snapshots, `${snapshot.number}.json`);
  const note = folder.in(BACKUP_NAMES.snapshots, `${snapshot.number}.note`);
  const list = folder.in(BACKUP_NAMES.lists, `${snapshot.files}.list`);
  const whole = async (): Promise<string | null> => {
    const found = await folder.snapshot(snapshot.number);
    return found && JSON.stringify(found.snapshot);
  };
  const signed = async (): Promise<string | null> => {
    const found = openSnapshot(vaultId, (await folder.note(snapshot.number)) ?? '', signer.key, verifySignature);
    return found && JSON.stringify(found);
  };
  const listed = async (): Promise<string> => JSON.stringify(await folder.list(snapshot.files));
  return [
    { kind: 'backup snapshot', way: 'restore', bytes: await readFile(body), ways: [atPath(body, whole)], bits: 'one' },
    {
      ...{ kind: 'backup snapshot note', way: 'restore, then the vault', bytes: await readFile(note), bits: 'all' },
      ways: [atPath(note, whole), atPath(note, signed)],
    },
    { kind: 'backup list', way: 'restore', bytes: await readFile(list), ways: [atPath(list, listed)], bits: 'one' },
  ];
}

/** Weights, and what is checked after them, are no small containers: a part of the bytes stands for all. */
const EVERY: Readonly<Record<string, number>> = { 'weights.bin': 211, 'robustness.json': 31 };

/** The models that are installed, in a folder of their own. */
async function models({ root }: Stage): Promise<Container[]> {
  const zoo = join(root, 'zoo');
  const found: Container[] = [];
  for (const id of ['kumar-113', 'pinpoint-2conv']) {
    const place = join(zoo, id);
    await cp(join(ROOT, 'models', 'zoo', id), place, { recursive: true });
    const isForecast = id.startsWith('pinpoint');
    const read = async (): Promise<string> => {
      const { manifest } = isForecast
        ? await readForecastModel(id, { folder: zoo })
        : await readModel(id, { folder: zoo });
      return JSON.stringify(manifest);
    };
    const names = (await readdir(place)).filter((name) => /^(manifest|robustness).*\.json$/.test(name));
    for (const name of isForecast ? [...names, 'weights.bin'] : names) {
      const path = join(place, name);
      const bytes = await readFile(path);
      const kind = `model ${name.replace(/\.\w+$/, '')}`;
      const meaning = name.endsWith('.sig.json') ? { meaning: jsonMeaning } : {};
      const every = EVERY[name] ?? 1;
      found.push({ kind, way: id, bytes, ways: [atPath(path, read)], bits: 'one', every, ...meaning });
    }
  }
  return found;
}

/** Every page is authenticated by itself: a part of the bytes stands for all. It is cut at the end of each page too. */
const CATALOGUE_EVERY = 509;
const PAGE = 4096;

/** The catalogue, as a full verification reads it; when it doesn't open, it is made anew from the objects. */
async function catalogue({ dir, root, open }: Stage): Promise<Container> {
  const bytes = await readFile(join(dir, 'catalogue.db'));
  const path = join(root, 'catalogue', 'catalogue.db');
  const read = async (): Promise<string | null> => {
    const opened = new Catalogue(path, open.catalogueKey, { mustExist: true });
    try {
      return opened.isSound(true) ? JSON.stringify(opened.studies()) : null;
    } finally {
      opened.close();
    }
  };
  const inOwnFolder: Way = {
    read: async (changed) => {
      await rm(dirname(path), { recursive: true, force: true });
      await mkdir(dirname(path));
      return atPath(path, read).read(changed);
    },
  };
  const others = Array.from({ length: bytes.length / PAGE }, (_, pages) => bytes.subarray(0, pages * PAGE));
  const rest = { bits: 'one' as const, every: CATALOGUE_EVERY, others };
  return { kind: 'catalogue.db', way: 'verification', bytes, ways: [inOwnFolder], ...rest };
}

/** Everything beside the studies. */
export async function companionContainers(stage: Stage): Promise<Container[]> {
  return [
    ...(await auditLog(stage)),
    await state(stage),
    await record(stage),
    certificate(stage),
    ...(await backup(stage)),
    await catalogue(stage),
    ...(await models(stage)),
  ];
}
