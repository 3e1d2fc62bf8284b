import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareBrainMr } from '../../core/infer/prepare.ts';
import { createJpegCodec } from '../../electron/decode/jpeg-codec.ts';
import type { LabelledPictures } from '../../models/training/trainer.ts';
import { ROOT } from '../provision/cache.ts';

const FOLDER = join(ROOT, '..', 'shared', 'data', 'brain-mri');

/** Labels in the order of the classes. */
export const LABELS = ['glioma', 'meningioma', 'no_tumor', 'pituitary'] as const;

/** Blocks that a class is cut into, and those of them that are kept for validation. */
export const BLOCKS = 10;
export const VALIDATION_BLOCKS = [3, 7];

interface Entry {
  readonly file: string;
  readonly label: number;
  readonly series: string;
  readonly number: number;
}

/** The set, prepared and split. */
export interface BrainMri {
  readonly training: LabelledPictures;
  readonly validation: LabelledPictures;
  /** SHA-256 over names and bytes of all pictures. */
  readonly sha256: string;
}

function entries(csv: string): Entry[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [file = '', label = '', , , source = ''] = line.trim().split(',');
      const [, series = '', number = '0'] = /\/([^/\d(]*)\s*\(?(\d+)?\)?[^/]*$/.exec(source) ?? [];
      return { file, label: (LABELS as readonly string[]).indexOf(label), series, number: Number(number) };
    });
}

/**
 * No patient numbers exist; pictures whose numbers follow each other in the source are often slices of one head. So a class is
 * cut into blocks in the source's order, and whole blocks are kept for validation. Heads at a block's edge may lie on both sides.
 */
function inBlocks(all: readonly Entry[]): { training: Entry[]; validation: Entry[] } {
  const split = { training: [] as Entry[], validation: [] as Entry[] };
  LABELS.forEach((_name, label) => {
    const own = all
      .filter((entry) => entry.label === label)
      .toSorted((a, b) => (a.series === b.series ? a.number - b.number : a.series < b.series ? -1 : 1));
    own.forEach((entry, i) => {
      const block = Math.floor((i * BLOCKS) / own.length);
      (VALIDATION_BLOCKS.includes(block) ? split.validation : split.training).push(entry);
    });
  });
  return split;
}

/** Reads and prepares the set; a prepared copy is kept in .cache by the pictures' hash. @param side of the model's input */
export async function readBrainMri(side: number): Promise<BrainMri> {
  if (!existsSync(join(FOLDER, 'labels.csv')))
    throw new Error('the pictures lie beside the checkout, in shared/data/brain-mri; they are not there');
  const all = entries(await readFile(join(FOLDER, 'labels.csv'), 'utf8'));
  const files = new Map<string, Uint8Array>();
  const hash = createHash('sha256');
  for (const { file } of all.toSorted((a, b) => (a.file < b.file ? -1 : 1))) {
    const bytes = await readFile(join(FOLDER, file));
    files.set(file, bytes);
    hash.update(`${file}\n`).update(bytes);
  }
  const sha256 = hash.digest('hex');
  const split = inBlocks(all);
  const prepare = async (part: readonly Entry[], name: string): Promise<LabelledPictures> => ({
    inputs: await kept(`${sha256}-${side}-${name}`, () => prepared(part, files, side)),
    labels: Uint8Array.from(part, ({ label }) => label),
  });
  return {
    training: await prepare(split.training, 'training'),
    validation: await prepare(split.validation, 'validation'),
    sha256,
  };
}

async function prepared(
  part: readonly Entry[],
  files: ReadonlyMap<string, Uint8Array>,
  side: number,
): Promise<Float32Array> {
  const jpeg = await createJpegCodec();
  const inputs = new Float32Array(part.length * side * side);
  part.forEach(({ file }, i) => {
    const picture = jpeg.decode(files.get(file) as Uint8Array);
    inputs.set(prepareBrainMr(picture, { modality: null, inverted: false }, side).input, i * side * side);
  });
  return inputs;
}

async function kept(name: string, make: () => Promise<Float32Array>): Promise<Float32Array> {
  const sources = await readFile(join(ROOT, 'core', 'infer', 'prepare.ts'));
  const version = createHash('sha256').update(sources).digest('hex').slice(0, 12);
  const file = join(ROOT, '.cache', 'training', `${name}-${version}.f32`);
  const there = await readFile(file).catch(() => null);
  if (there !== null) return new Float32Array(there.buffer.slice(there.byteOffset, there.byteOffset + there.length));
  const made = await make();
  await mkdir(join(ROOT, '.cache', 'training'), { recursive: true });
  await writeFile(file, new Uint8Array(made.buffer));
  return made;
}
