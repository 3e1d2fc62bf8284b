import type { Architecture, Weights } from '../../core/infer/architecture.ts';
import { inferError } from '../../core/infer/errors.ts';
import type { BackEndId, LoadedNetwork } from '../../core/infer/model.ts';
import { softmax } from '../../core/infer/scores.ts';
import type { BackEnd } from './back-ends.ts';

/** What was found fastest for a model on this machine, kept between runs. */
export interface BackEndMemory {
  /** Null: not measured yet. */
  read(key: string): Promise<BackEndId | null>;
  /** Failing to write is no error: the next start measures again. */
  write(key: string, backEnd: BackEndId): Promise<void>;
}

/** How a back end did. */
export interface Measurement {
  readonly backEnd: BackEndId;
  /** Median of the runs of one picture; null where it failed or disagreed with the others. */
  readonly milliseconds: number | null;
}

/** An open network with the measurements that chose its back end; none where memory did. */
export interface Chosen {
  readonly network: LoadedNetwork;
  readonly measured: readonly Measurement[];
}

const RUNS = 5;
/** Milliseconds after which a back end that is slow enough to be none of the fastest is not run again. */
const PATIENCE = 250;

interface Candidate {
  readonly backEnd: BackEnd;
  readonly network: LoadedNetwork;
  readonly milliseconds: number;
  readonly probabilities: Float64Array;
}

/** A picture with something in every place, the same on every machine. */
function probe({ rows, columns, channels }: Architecture['input']): Float32Array {
  return Float32Array.from({ length: rows * columns * channels }, (_, i) => ((i * 7919) % 251) / 250);
}

async function tried(backEnd: BackEnd, architecture: Architecture, weights: Weights): Promise<Candidate | null> {
  let network: LoadedNetwork | null = null;
  try {
    network = await backEnd.open(architecture, weights);
    const input = probe(architecture.input);
    const probabilities = softmax(await network.run(input));
    const times: number[] = [];
    const until = performance.now() + PATIENCE;
    for (let run = 0; run < RUNS && (run === 0 || performance.now() < until); run++) {
      const start = performance.now();
      await network.run(input);
      times.push(performance.now() - start);
    }
    const milliseconds = times.sort((a, b) => a - b)[times.length >> 1] as number;
    return { backEnd, network, milliseconds, probabilities };
  } catch {
    network?.dispose();
    return null;
  }
}

/** True when the candidate says what the reference says, within the tolerance of the manifest. */
function agrees(a: Candidate, reference: Candidate, tolerance: number): boolean {
  return a.probabilities.every((p, i) => Math.abs(p - (reference.probabilities[i] as number)) <= tolerance);
}

/** What is chosen among, and for what. */
export interface Choice {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly tolerance: number;
  /** Names model and machine: another key, another measurement. */
  readonly key: string;
  readonly memory: BackEndMemory;
  /** All that exist here. */
  available(): Promise<readonly BackEnd[]>;
  /** One of them; null where it isn't there any more. */
  known(id: BackEndId): Promise<BackEnd | null>;
}

/**
 * Opens the network on the fastest back end: the remembered one, or the one that a measurement finds. WebAssembly, which is
 * everywhere, is what the others must agree with.
 * @throws VitrineError infer/back-end where none runs the network
 */
export async function chooseBackEnd(choice: Choice): Promise<Chosen> {
  const { architecture, weights, key, memory } = choice;
  const remembered = await memory.read(key);
  const known = remembered === null ? null : await choice.known(remembered);
  if (known !== null) {
    const network = await known.open(architecture, weights).catch(() => null);
    if (network !== null) return { network, measured: [] };
  }
  return measure(choice);
}

/** The same without asking what is remembered. @throws VitrineError infer/back-end where none runs the network */
export async function measure(choice: Choice): Promise<Chosen> {
  const { architecture, weights, tolerance, key, memory } = choice;
  const available = await choice.available();
  const candidates: Candidate[] = [];
  for (const backEnd of available) {
    const candidate = await tried(backEnd, architecture, weights);
    if (candidate !== null) candidates.push(candidate);
  }
  const reference = candidates.find(({ backEnd }) => backEnd.id === 'tfjs-wasm') ?? candidates[0];
  const sound = candidates.filter((one) => reference !== undefined && agrees(one, reference, tolerance));
  const [best] = sound.toSorted((a, b) => a.milliseconds - b.milliseconds);
  for (const { network } of candidates) if (network !== best?.network) network.dispose();
  if (!best) throw inferError('infer/back-end', 'no back end of this machine runs the model; install Vitrine again');
  await memory.write(key, best.backEnd.id);
  const milliseconds = (id: BackEndId): number | null =>
    sound.find(({ backEnd }) => backEnd.id === id)?.milliseconds ?? null;
  return {
    network: best.network,
    measured: available.map(({ id }) => ({ backEnd: id, milliseconds: milliseconds(id) })),
  };
}
