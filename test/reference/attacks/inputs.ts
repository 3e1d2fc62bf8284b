/**
 * `npx tsx test/reference/attacks/inputs.ts DIR`: the shipped classifier and twenty pictures of the project's own generator, as
 * golden.py reads them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folded, parametersOf, weight } from '../../../core/infer/architecture.ts';
import { readWeights } from '../../../core/infer/weights-file.ts';
import { readModel } from '../../../electron/infer/zoo.ts';
import { networkOf } from '../../../models/networks/networks.ts';
import { GOLDEN_EPSILONS, goldenPictures } from './pictures.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder');
await mkdir(folder, { recursive: true });
const { manifest, weights } = await readModel('kumar-113');
const architecture = networkOf(manifest.network);
const plain = folded(architecture, readWeights(architecture, weights));
const files: Record<string, readonly [string, readonly number[]]> = {};
for (const { name, shape } of parametersOf(plain.architecture)) {
  const file = `${name.replace('/', '-')}.f32`;
  await writeFile(join(folder, file), new Uint8Array(weight(plain.weights, name).slice().buffer));
  files[name] = [file, shape];
}
const { rows, columns, channels } = architecture.input;
const pictures = goldenPictures(rows);
await writeFile(join(folder, 'inputs.f32'), new Uint8Array(pictures.buffer));
const described = {
  layers: plain.architecture.layers,
  weights: files,
  inputs: { file: 'inputs.f32', shape: [pictures.length / (rows * columns * channels), rows, columns, channels] },
  epsilons: GOLDEN_EPSILONS,
};
await writeFile(join(folder, 'network.json'), JSON.stringify(described));
