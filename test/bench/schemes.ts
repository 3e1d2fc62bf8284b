import { defaults } from '../../core/published.ts';
import { pooledFeatures } from '../../core/schemes/gaudio-deepfixcx.ts';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import { seededKey } from '../../core/schemes/random.ts';
import { schemeOf } from '../../core/systems/registry.ts';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';
import { createJpegCodec } from '../../electron/decode/jpeg-codec.ts';
import { type Row, row } from './row.ts';

/** Calls that one sample is the mean of. */
const CALLS = 20;

/** Calls a second. */
function rate(call: () => unknown): number {
  const start = performance.now();
  for (let i = 0; i < CALLS; i++) call();
  return (1000 * CALLS) / (performance.now() - start);
}

/** Images a second that the paper states for its machine, at the same size [148]. */
const PAPER = 1700;

/** The published schemes' speed: DeepFixCX beside its paper's figure, perceptual encryption beside AES-256-GCM. */
export async function benchSchemes(rounds: number): Promise<Row[]> {
  const tools = { engine: createPlatformEngine(), jpeg: await createJpegCodec() };
  const key = seededKey(1);
  const [aes, ahmad, deep] = ['aes-256-gcm', 'ahmad-perceptual', 'gaudio-deepfixcx'].map((id) => {
    const scheme = schemeOf(id);
    return { scheme, use: { key, values: defaults(scheme), tools } };
  }) as [Subject, Subject, Subject];
  const small = chestPhantom({ side: 320, patient: 1 });
  const channel = Float32Array.from(small.samples);
  const large = chestPhantom({ side: 512, patient: 1 });
  const megabytes = large.samples.length / 1e6;
  const features = () => pooledFeatures(channel, small, deep.use.values);
  const scramble = () => ahmad.scheme.encrypt(large, ahmad.use);
  const seal = () => aes.scheme.encrypt(large, aes.use);
  for (const warm of [features, scramble, seal]) rate(warm);
  const taken = Array.from({ length: rounds }, () => ({
    features: rate(features),
    scramble: rate(scramble) * megabytes,
    seal: rate(seal) * megabytes,
  }));
  return [
    row({
      id: 'deepfixcx',
      what: 'DeepFixCX features of 320×320, J 3, P 8, beside the paper’s 1700/s on its own machine',
      unit: 'images/s',
      better: 'higher',
      goal: null,
      ours: taken.map((one) => one.features),
      peer: [PAPER],
    }),
    row({
      id: 'perceptual',
      what: 'perceptual encryption with JPEG at quality 75, 512×512, beside AES-256-GCM on the same samples',
      unit: 'MB/s',
      better: 'higher',
      goal: null,
      ours: taken.map((one) => one.scramble),
      peer: taken.map((one) => one.seal),
    }),
  ];
}

interface Subject {
  readonly scheme: ReturnType<typeof schemeOf>;
  readonly use: Parameters<ReturnType<typeof schemeOf>['encrypt']>[1];
}
