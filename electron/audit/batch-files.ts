/**
 * The audit log on disk, in the vault's folder `audit/`:
 *
 *     <n>.audit      the n-th batch: sealed, written once, gets its name when it is whole
 *     <name>.waiting a failed try to unlock, until the next unlock seals it: no key was at hand. It tells what
 *                    `unlock-attempts.json` beside it tells anyway
 *     checkpoint     the newest signed checkpoint (c2sp.org/tlog-checkpoint), for auditors to take away: how many entries
 *                    there are, and a hash
 */
import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Batch, batchBytes, parseBatch } from '../../core/audit/batch.ts';
import { auditMessage } from '../../core/audit/message.ts';
import type { NumberedBatch } from '../../core/audit/verify.ts';
import { type ObjectId, parseId, type StudyId, type VaultId } from '../../core/ids.ts';
import { closeKey } from '../../core/seal/held-key.ts';
import { openBytes, sealBytes } from '../../core/seal/seal.ts';
import { deriveObjectKey } from '../../core/seal/study-key.ts';
import type { StudyKey } from '../../core/seal/types.ts';
import { createPlatformEngine } from '../crypto/platform-engine.ts';
import { makeFolder, syncFolder } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';

const KIND = 'audit';
const VERSION = 1;
const PART = '.part';
/** The log belongs to the vault, to no study of it. */
const NO_STUDY = parseId<StudyId>('0'.repeat(32));
/** A batch beyond this is none of ours. */
const BATCH_LIMIT = 64 * 1024 * 1024;
const WAITING_LIMIT = 64 * 1024;
/** DICOM's code of User Authentication: the only message that may come from outside of the seal. */
const AUTHENTICATION = '110114';

/** The folder of a vault's log. */
function auditFolder(vault: string): string {
  return join(vault, 'audit');
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
}

/** Whole or not at all, whenever the process is killed. */
async function writeOnce(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const part = join(folder, `${name}${PART}`);
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, join(folder, name));
  await syncFolder(folder);
}

/** Keeps a failed try to unlock until the log can be written. */
export async function keepWaiting(vault: string, entry: string): Promise<void> {
  const folder = auditFolder(vault);
  await makeFolder(folder);
  const name = `${Date.now().toString(16).padStart(12, '0')}-${randomBytes(6).toString('hex')}.waiting`;
  await writeOnce(folder, name, Buffer.from(entry, 'utf8'));
}

/** Anyone who can write to the folder can put a file here: it may say that an unlock failed, and nothing else. */
function isFailedUnlock(text: string): boolean {
  try {
    const { EventIdentification } = auditMessage.parse(JSON.parse(text));
    return (
      EventIdentification.EventID['csd-code'] === AUTHENTICATION && EventIdentification.EventOutcomeIndicator !== '0'
    );
  } catch {
    return false;
  }
}

/** The batches of one vault. */
export class BatchFiles {
  readonly folder: string;
  readonly #vaultId: VaultId;
  readonly #key: StudyKey;
  readonly #engine = createPlatformEngine();

  constructor(vault: string, vaultId: string, sealingKey: StudyKey) {
    this.folder = auditFolder(vault);
    this.#vaultId = parseId<VaultId>(vaultId);
    this.#key = sealingKey;
  }

  /** Numbers of the batches, ascending. */
  async numbers(): Promise<number[]> {
    const found = (await names(this.folder)).flatMap((name) => {
      const number = /^([1-9]\d{0,11})\.audit$/.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
    return found.sort((a, b) => a - b);
  }

  /** @throws seal/…, audit/not-a-batch, the file system's error */
  async read(number: number): Promise<Batch> {
    const path = join(this.folder, `${number}.audit`);
    if ((await stat(path)).size > BATCH_LIMIT) throw new RangeError('a batch beyond any of ours');
    const { key, context } = this.#object(number);
    try {
      return parseBatch(openBytes(this.#engine, key, context, await readFile(path)));
    } finally {
      closeKey(key);
    }
  }

  /** Every batch in its order, null for one that doesn't open. */
  async *all(): AsyncGenerator<NumberedBatch> {
    for (const number of await this.numbers()) yield { number, batch: await this.read(number).catch(() => null) };
  }

  /** As `all`, from the newest. */
  async *newestFirst(): AsyncGenerator<NumberedBatch> {
    for (const number of (await this.numbers()).reverse())
      yield { number, batch: await this.read(number).catch(() => null) };
  }

  /** Durable when it resolves. */
  async write(number: number, batch: Batch): Promise<void> {
    await makeFolder(this.folder);
    const { key, context } = this.#object(number);
    const sealed = sealBytes(this.#engine, key, context, batchBytes(batch));
    closeKey(key);
    await writeOnce(this.folder, `${number}.audit`, sealed);
  }

  /** Failed unlocks that wait, in their order, and how to let them go. */
  async waiting(): Promise<{ entries: string[]; done(): Promise<void> }> {
    const files = (await names(this.folder)).filter((name) => /^[0-9a-f]{12,}-[0-9a-f]{12}\.waiting$/.test(name));
    const entries: string[] = [];
    for (const name of files.sort()) {
      const path = join(this.folder, name);
      const text = (await stat(path)).size > WAITING_LIMIT ? '' : await readFile(path, 'utf8');
      if (isFailedUnlock(text)) entries.push(text);
    }
    const done = async (): Promise<void> => {
      for (const name of files) await rm(join(this.folder, name), { force: true });
    };
    return { entries, done };
  }

  /** Removes what a crash left half written: nobody was told of it. */
  async removeParts(): Promise<void> {
    for (const name of await names(this.folder))
      if (name.endsWith(PART)) await rm(join(this.folder, name), { force: true });
  }

  #object(number: number) {
    const objectId = parseId<ObjectId>(number.toString(16).padStart(32, '0'));
    const context = { vaultId: this.#vaultId, studyId: NO_STUDY, objectId, kind: KIND, version: VERSION };
    return { key: deriveObjectKey(this.#engine, this.#key, { objectId, kind: KIND }), context };
  }
}
