import { createHash } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { toHex } from '../../core/bytes.ts';
import { ImageWalker, type WalkedImage } from '../../core/dicom/image-walker.ts';
import { VitrineError } from '../../core/errors.ts';
import type { ObjectId, StudyId } from '../../core/ids.ts';
import { type VaultWarning, vaultError } from '../../core/vault/errors.ts';
import type { ImportSource } from '../sources/types.ts';
import type { FileMemory } from './file-memory.ts';
import type { HeaderPool } from './header-pool.ts';
import type { ParsedHeader } from './header-protocol.ts';
import { ObjectFile } from './object-file.ts';
import type { ObjectStore } from './objects.ts';
import { type InstanceRecord, type StudyRecord, seriesRecord, sliceGeometry, studyRecord } from './records.ts';
import { reach } from './write-points.ts';

/** First bytes that are read of a larger file: the headers of nearly all images fit. */
export const FIRST_READ = 256 * 1024;

/** The worker gets a copy of this much first: most headers are shorter, and copies cost more than parsing. */
const HEADER_FIRST_TRY = 16 * 1024;

/** Files up to this size are read once, whole; larger ones are streamed after their first bytes were looked at. */
const WHOLE_READ = 1024 * 1024;

/** A file of this import can't be taken; the others go on. Carries the reason as its cause. */
export class Refusal extends Error {
  readonly reason: VitrineError;

  constructor(reason: VitrineError) {
    super(reason.message, { cause: reason });
    this.reason = reason;
  }
}

/** What an import lends to each of its files. */
export interface FileContext {
  readonly store: ObjectStore;
  readonly pool: HeaderPool;
  readonly signal: AbortSignal;
  /** Hashes of the objects that have this SOP Instance UID already, in the vault or in this import. */
  readonly hashesOf: (sopUid: string) => readonly string[];
  /** The study that takes the instance; made when the vault has none. */
  readonly studyFor: (study: StudyRecord) => Promise<{ studyId: StudyId; otherPatient: boolean }>;
  /** Told before an object's file is created, so that a cancelled import knows what to remove. */
  readonly creating: (studyId: StudyId, objectId: ObjectId) => void;
  /** Takes the row, still within the turn of its SOP Instance UID: from then on `hashesOf` knows it. */
  readonly stage: (studyId: StudyId, study: StudyRecord, instance: InstanceRecord) => void;
  readonly advance: (bytes: number) => void;
  /** Memory for sealed bytes; the next call may give the same, so it is used up before anything is awaited. */
  readonly scratch: (length: number) => Uint8Array;
  /** Where this one file may lie while it is imported. */
  readonly memory: FileMemory;
}

export interface FileOutcome {
  readonly kind: 'imported' | 'conflict' | 'known';
  readonly sopUid: string;
  readonly warnings: readonly string[];
  /** Its object, where that has compressed frames; null for others, and for a known one. */
  readonly objectId: ObjectId | null;
}

/** Runs one task at a time per key: two files with one SOP Instance UID must not pass each other. */
export class KeyedTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const own = before.then(task, task);
    this.#last.set(key, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(key) === own) this.#last.delete(key);
    }
  }
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw vaultError('vault/cancelled', 'the import was cancelled');
}

/** A failure of the source or of the DICOM stage is this file's alone. */
function refuse(error: unknown): never {
  if (error instanceof VitrineError && /^(dicom|source|import)\//.test(error.code)) throw new Refusal(error);
  throw error;
}

/** Anything that reading the source throws is about the source: never the vault's disk. */
function unreadable(error: unknown): never {
  if (error instanceof VitrineError) refuse(error);
  throw new Refusal(new VitrineError('source/unreadable', 'the file can not be read', { cause: error }));
}

/** A file's first bytes and what they tell. */
interface ReadFile {
  readonly source: ImportSource;
  readonly prefix: Uint8Array;
  readonly header: ParsedHeader;
}

/** Small files whole, of larger ones the first bytes. */
async function readFirst(source: ImportSource, memory: FileMemory): Promise<Uint8Array> {
  if (source.size > WHOLE_READ) return source.readPrefix(FIRST_READ);
  if (source.readInto === undefined) return source.readPrefix(source.size);
  const out = memory.take(source.size);
  await source.readInto(out);
  return out;
}

async function readHead(source: ImportSource, { pool, memory }: FileContext): Promise<ReadFile> {
  let prefix = await readFirst(source, memory).catch(unreadable);
  let length = Math.min(prefix.length, HEADER_FIRST_TRY);
  for (;;) {
    const result = await pool.parse(new Uint8Array(prefix.subarray(0, length)), source.size).catch(refuse);
    if (!('need' in result)) return { source, prefix, header: result };
    // The parser asks for no more than its own limit.
    const need = Math.min(result.need, source.size);
    // A parser that asks for what it has would ask for ever.
    if (need <= length) throw new Refusal(new VitrineError('dicom/malformed', 'the header can not be read'));
    if (need > prefix.length) prefix = await source.readPrefix(need).catch(unreadable);
    length = need;
  }
}

/** The file's bytes from the start; small files are not read twice. */
async function* bytesOf({ source, prefix }: ReadFile): AsyncGenerator<Uint8Array> {
  if (prefix.length === source.size) {
    yield prefix;
    return;
  }
  let total = 0;
  try {
    for await (const chunk of source.open()) {
      total += chunk.length;
      yield chunk;
    }
  } catch (error) {
    unreadable(error);
  }
  if (total !== source.size)
    throw new Refusal(new VitrineError('source/changed', 'the file changed while it was read'));
}

async function hashOf(file: ReadFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytesOf(file)) {
    stopIfAborted(signal);
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Imports one file up to its sealed, flushed object. The row is the caller's to stage. @throws Refusal, VitrineError */
export async function importFile(source: ImportSource, turns: KeyedTurns, context: FileContext): Promise<FileOutcome> {
  stopIfAborted(context.signal);
  if (source.size === 0) throw new Refusal(new VitrineError('dicom/empty', 'an empty file'));
  const file = await readHead(source, context);
  const { sopInstanceUid } = file.header.summary;
  return turns.run(sopInstanceUid, async () => {
    stopIfAborted(context.signal);
    const walker = startWalk(file.header);
    const known = context.hashesOf(sopInstanceUid);
    if (known.length > 0 && known.includes(await hashOf(file, context.signal))) {
      context.advance(source.size);
      return { kind: 'known', sopUid: sopInstanceUid, warnings: [], objectId: null };
    }
    return sealFile(file, walker, known.length > 0 ? 'conflict' : 'imported', context);
  });
}

function startWalk(header: ParsedHeader): ImageWalker {
  try {
    return new ImageWalker({ ...header, json: {} });
  } catch (error) {
    return refuse(error);
  }
}

async function sealFile(
  file: ReadFile,
  walker: ImageWalker,
  kind: 'imported' | 'conflict',
  context: FileContext,
): Promise<FileOutcome> {
  const { header, source } = file;
  const study = studyRecord(header.summary);
  const { studyId, otherPatient } = await context.studyFor(study);
  const own: VaultWarning[] = otherPatient ? ['vault/other-patient'] : [];
  const objectId = context.store.newId<ObjectId>();
  context.creating(studyId, objectId);
  try {
    const whole = file.prefix.length === source.size && context.store.sealsWhole;
    const { sha256, walked } = await (whole ? sealWhole : pour)(file, walker, { studyId, objectId }, context);
    const { frames, warnings } = walked;
    const instance: InstanceRecord = {
      objectId,
      series: seriesRecord(header.summary),
      sopUid: header.summary.sopInstanceUid,
      sopClassUid: header.summary.sopClassUid ?? '',
      number: header.summary.instanceNumber,
      sha256,
      size: source.size,
      transferSyntax: header.transferSyntaxUid,
      rows: frames === null ? 0 : (header.summary.rows ?? 0),
      columns: frames === null ? 0 : (header.summary.columns ?? 0),
      frames: frames?.count ?? 0,
      geometry: sliceGeometry(header.summary),
      warnings: [...new Set([...own, ...header.warnings, ...warnings])],
      frameIndex: frames,
      deflatedJson: header.deflatedJson,
    };
    reach('import.object');
    context.stage(studyId, study, instance);
    const isCompressed = frames?.layout === 'encapsulated';
    return {
      kind,
      sopUid: instance.sopUid,
      warnings: instance.warnings,
      objectId: isCompressed ? objectId : null,
    };
  } catch (error) {
    await unlink(context.store.path(studyId, objectId, 'instance')).catch(() => undefined);
    throw error;
  }
}

/** Where an object goes. */
interface Place {
  readonly studyId: StudyId;
  readonly objectId: ObjectId;
}

/** What was made of a file on its way into its object. */
interface Poured {
  readonly sha256: string;
  readonly walked: WalkedImage;
}

/** Checks the file here; then another thread hashes, seals, writes and flushes it. */
async function sealWhole(
  { prefix }: ReadFile,
  walker: ImageWalker,
  place: Place,
  context: FileContext,
): Promise<Poured> {
  const walked = walk(() => {
    walker.push(prefix);
    return walker.finish();
  });
  const sha256 = await context.store.sealWhole(place.studyId, place.objectId, 'instance', prefix);
  context.advance(prefix.length);
  return { sha256: toHex(sha256), walked };
}

/** Streams the file through hash, check and seal onto the disk, and flushes it. */
async function pour(file: ReadFile, walker: ImageWalker, place: Place, context: FileContext): Promise<Poured> {
  const { store } = context;
  const sealer = await store.sealer(place.studyId, place.objectId, 'instance');
  const output = ObjectFile.create(store.path(place.studyId, place.objectId, 'instance'));
  try {
    const hash = createHash('sha256');
    for await (const chunk of bytesOf(file)) {
      stopIfAborted(context.signal);
      hash.update(chunk);
      walk(() => walker.push(chunk));
      const more = sealer.plaintextLength + chunk.length < file.source.size;
      const out = context.scratch(sealer.outputLimit(chunk.length));
      output.write(out.subarray(0, sealer.updateInto(chunk, out, more)));
      context.advance(chunk.length);
    }
    const walked = walk(() => walker.finish());
    const out = context.scratch(sealer.outputLimit(0));
    output.write(out.subarray(0, sealer.finishInto(out)));
    await output.finish();
    return { sha256: hash.digest('hex'), walked };
  } catch (error) {
    sealer.abort();
    output.abandon();
    throw error;
  }
}

function walk<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    return refuse(error);
  }
}
