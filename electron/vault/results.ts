/**
 * Results of long work beside the study that they are about, each a `.result` object: a line of JSON that says which kind
 * it is and when it was saved, then the result's own bytes. The catalogue doesn't know them, so that nothing has to be
 * rebuilt: the folder is the list.
 */
import { z } from 'zod';
import { concatBytes, utf8 } from '../../core/bytes.ts';
import { VitrineError } from '../../core/errors.ts';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { KeptResult, ResultTask, ResultTasks } from '../../core/vault/results.ts';
import type { ObjectStore } from './objects.ts';

const NEWLINE = 10;
/** The first line is far shorter. */
const LINE_LIMIT = 512;
const ABOUT_LIMIT = 64;
const KIND = /^[a-z][a-z0-9.-]{0,31}$/;

const lineSchema = z.strictObject({
  format: z.literal('vitrine-result'),
  version: z.literal(1),
  kind: z.string().regex(KIND),
  about: z.string().max(ABOUT_LIMIT),
  savedAt: z.iso.datetime(),
});

/** Does one task with the results of a study that the catalogue knows. */
export async function runResults<Task extends ResultTask>(
  store: ObjectStore,
  task: Task,
  request: ResultTasks[Task][0],
): Promise<ResultTasks[Task][1]> {
  return (await TASKS[task](store, request as never)) as ResultTasks[Task][1];
}

const TASKS: {
  readonly [Task in ResultTask]: (store: ObjectStore, request: ResultTasks[Task][0]) => Promise<ResultTasks[Task][1]>;
} = { append, list, read, remove };

async function append(
  store: ObjectStore,
  { studyId, kind, about = '', bytes }: ResultTasks['append'][0],
): Promise<ResultTasks['append'][1]> {
  if (!KIND.test(kind) || about.length > ABOUT_LIMIT) throw vaultError('vault/bad-request', 'not a kind of result');
  const study = parseId<StudyId>(studyId);
  const resultId = store.newId<ObjectId>();
  const savedAt = new Date().toISOString();
  const line = JSON.stringify({ format: 'vitrine-result', version: 1, kind, about, savedAt });
  await store.writeSmall(study, resultId, 'result', concatBytes(utf8(line), Uint8Array.of(NEWLINE), bytes));
  await store.syncStudy(study);
  return { resultId, kind, about, savedAt, bytes: bytes.length };
}

async function list(store: ObjectStore, { studyId }: ResultTasks['list'][0]): Promise<ResultTasks['list'][1]> {
  const study = parseId<StudyId>(studyId);
  const found = await Promise.all((await store.list(study)).results.map((id) => described(store, study, id)));
  const results = found.filter((one) => one !== null).sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
  return { results, unreadable: found.length - results.length };
}

/** A result's first line, without opening the rest. Null when it doesn't open. */
async function described(store: ObjectStore, studyId: StudyId, resultId: ObjectId): Promise<KeptResult | null> {
  try {
    const { reader, close } = await store.open(studyId, resultId, 'result');
    try {
      const { line, length } = firstLine(await reader.read(0, Math.min(reader.length, LINE_LIMIT)));
      const { kind, about, savedAt } = line;
      return { resultId, kind, about, savedAt, bytes: reader.length - length };
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof VitrineError || error instanceof z.ZodError || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function read(store: ObjectStore, { studyId, resultId }: ResultTasks['read'][0]): Promise<Uint8Array> {
  const bytes = await store.readSmall(parseId<StudyId>(studyId), parseId<ObjectId>(resultId), 'result');
  return bytes.slice(firstLine(bytes).length);
}

async function remove(store: ObjectStore, { studyId, resultId }: ResultTasks['remove'][0]): Promise<null> {
  const study = parseId<StudyId>(studyId);
  await store.remove(study, parseId<ObjectId>(resultId), 'result');
  await store.syncStudy(study);
  return null;
}

function firstLine(bytes: Uint8Array): { line: z.infer<typeof lineSchema>; length: number } {
  const end = bytes.subarray(0, LINE_LIMIT).indexOf(NEWLINE);
  const line = lineSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)))));
  return { line, length: end + 1 };
}
