import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Circuit } from '../../core/private/he/circuit.ts';
import { fromResidues, inputSlots, outputResidues } from '../../core/private/he/client.ts';
import type { BfvEngine } from '../../core/private/he/engine.ts';
import { rotationSteps } from '../../core/private/he/layout.ts';
import {
  forecastExact,
  type IntegerNetwork,
  quantise,
  quantiseInput,
  type Topology,
} from '../../core/private/he/pinpoint.ts';
import { type Plan, planFor } from '../../core/private/he/plan.ts';
import { SAMPLE_TEST_DAYS, sampleSeries } from '../../core/private/sample-series.ts';
import { cutWindows } from '../../core/private/series.ts';
import { startEvaluatorProcess } from '../../electron/private/evaluator-link.ts';
import { forecastPrivately } from '../../electron/private/forecast.ts';
import { createSealEngine } from '../../electron/private/seal-engine.ts';
import { shippedNetwork } from '../../electron/private/shipped-network.ts';
import { randomFill } from '../../electron/random.ts';
import { median, ROOT } from '../command.ts';
import { traceCircuit } from './pinpoint-trace.ts';
import { type Row, row } from './row.ts';

const run = promisify(execFile);
const PEER = join(ROOT, 'test', 'reference', 'pinpoint-tenseal.py');
/** Seconds a forecast that the authors' notebooks print [116]. */
const PAPER: Readonly<Record<Topology, number>> = { '1conv': 45.06, '2conv': 101.28 };
/** The paper's test days, forecast in one go. */
const DAYS = 305;

/** Processor seconds of one residue's forecast: making keys and encoding the weights, and the circuit itself. */
interface Spent {
  readonly setUp: number;
  readonly circuit: number;
}

interface Work {
  readonly network: IntegerNetwork;
  readonly plan: Plan;
  readonly window: readonly bigint[];
}

/** Processor seconds of this process since `since`: a machine that is busy with other things changes them little. */
function spentSince(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function check({ network, plan, window }: Work, residues: readonly (readonly bigint[])[]): void {
  const exact = forecastExact(network, window);
  const found = exact.map((_, h) =>
    fromResidues(
      residues.map((one) => one[h] ?? 0n),
      plan.moduli,
    ),
  );
  if (found.some((value, h) => value !== exact[h])) throw new Error('a forecast is not the integer network’s');
}

/** One window, prime after prime in this process, with node-seal. */
function ours(work: Work, engine: BfvEngine): Spent[] {
  const { network, plan, window } = work;
  const residues: bigint[][] = [];
  const spent = plan.moduli.map((modulus) => {
    let started = process.cpuUsage();
    const parameters = { ...plan, plainModulus: modulus };
    const keys = engine.keyHolder(parameters);
    const evaluator = engine.evaluator(parameters);
    evaluator.takeKeys(keys.evaluationKeys(rotationSteps(plan.layout)));
    const circuit = new Circuit(network, plan, { evaluator, modulus, randomFill });
    const setUp = spentSince(started);
    started = process.cpuUsage();
    const ciphers = inputSlots([window], plan, modulus).map((slots) => keys.encrypt(slots));
    const { slots } = keys.decrypt(circuit.evaluate(ciphers));
    const took = spentSince(started);
    residues.push(...outputResidues(slots, plan.layout, 1, network.horizon));
    evaluator.dispose();
    keys.dispose();
    return { setUp, circuit: took };
  });
  check(work, residues);
  return spent;
}

/** The same in TenSEAL's SEAL, or null where it isn't installed. */
async function theirs(work: Work): Promise<Spent[] | null> {
  const { network, plan, window } = work;
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-tenseal-'));
  try {
    await run('python3', ['-c', 'import tenseal.sealapi']);
  } catch {
    return null;
  }
  try {
    const residues: bigint[][] = [];
    const spent: Spent[] = [];
    for (const modulus of plan.moduli) {
      const file = join(folder, 'trace.json');
      await writeFile(file, JSON.stringify(traceCircuit(network, plan, modulus, [window])));
      const { stdout } = await run('python3', [PEER, file], { maxBuffer: 64e6 });
      const printed = JSON.parse(stdout) as { seconds: Record<string, number>; slots: number[] };
      const { keys = 0, prepare = 0, encrypt = 0, evaluate = 0, decrypt = 0 } = printed.seconds;
      spent.push({ setUp: keys + prepare, circuit: encrypt + evaluate + decrypt });
      const slots = BigUint64Array.from(printed.slots, BigInt);
      residues.push(...outputResidues(slots, plan.layout, 1, network.horizon));
    }
    check(work, residues);
    return spent;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds of a forecast as the product makes it: evaluators in processes of their own, keys and all. */
async function whole({ network }: Work, engine: BfvEngine, windows: readonly (readonly bigint[])[]): Promise<number> {
  const made = await forecastPrivately({
    network,
    windows,
    engine,
    startEvaluator: startEvaluatorProcess,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return made.seconds;
}

const sum = (spent: readonly Spent[], part: keyof Spent): number => spent.reduce((all, one) => all + one[part], 0);
const rounded = (value: number): number => Number(value.toPrecision(4));

async function benchTopology(topology: Topology, engine: BfvEngine, rounds: number): Promise<Row> {
  const { network: float } = await shippedNetwork(topology);
  const network = quantise(float);
  const { inputs } = cutWindows(sampleSeries(), float, SAMPLE_TEST_DAYS);
  const windows = Array.from({ length: Math.ceil(DAYS / network.horizon) }, (_, i) =>
    quantiseInput(network, inputs[i % inputs.length] ?? []),
  );
  const work: Work = { network, plan: planFor(network), window: windows[0] ?? [] };
  // Until WebAssembly is compiled for good.
  ours(work, engine);
  const taken: { mine: Spent[]; peer: Spent[] | null; one: number }[] = [];
  for (let i = 0; i < rounds; i++)
    taken.push({
      mine: ours(work, engine),
      peer: await theirs(work),
      one: await whole(work, engine, windows.slice(0, 1)),
    });
  const peers = taken.flatMap(({ peer }) => (peer === null ? [] : [peer]));
  const isHeld = peers.length === taken.length;
  const { degree, moduli } = work.plan;
  return row({
    id: `pinpoint-${topology}`,
    what: isHeld
      ? `one forecast of seven days on ciphertexts, all ${moduli.length} plain primes in one thread, processor seconds: encrypt, evaluate, decrypt; peer: TenSEAL 0.3.18’s SEAL, the same operations`
      : 'one forecast of seven days on ciphertexts with keys and processes, beside the authors’ notebook on their own machine (TenSEAL is not installed)',
    unit: 's',
    better: 'lower',
    goal: isHeld ? 2.5 : null,
    ours: isHeld ? taken.map(({ mine }) => sum(mine, 'circuit')) : taken.map(({ one }) => one),
    peer: isHeld ? peers.map((peer) => sum(peer, 'circuit')) : [PAPER[topology]],
    details: {
      degree,
      plainPrimes: moduli.length,
      'product, one forecast, s': rounded(median(taken.map(({ one }) => one))),
      [`product, ${DAYS} days, s`]: rounded(await whole(work, engine, windows)),
      'keys and weights, processor s': rounded(median(taken.map(({ mine }) => sum(mine, 'setUp')))),
      ...(isHeld
        ? { 'the same in TenSEAL, processor s': rounded(median(peers.map((peer) => sum(peer, 'setUp')))) }
        : {}),
      'authors’ notebook, s': PAPER[topology],
    },
  });
}

/** A topology's forecasts on encrypted data, beside TenSEAL on the same circuit and the authors' own time. */
export async function benchPinpoint(topology: Topology, rounds: number): Promise<Row[]> {
  return [await benchTopology(topology, await createSealEngine(), rounds)];
}
