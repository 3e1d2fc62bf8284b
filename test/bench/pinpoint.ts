import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Circuit } from '../../core/private/he/circuit.ts';
import { inputSlots, outputResidues } from '../../core/private/he/client.ts';
import type { BfvEngine } from '../../core/private/he/engine.ts';
import { residue, rotationSteps } from '../../core/private/he/layout.ts';
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

/** Whole forecasts that are timed as the product makes them. */
const WHOLE = 3;

/** Processor seconds: making keys and encoding the weights, and the circuit itself. */
interface Spent {
  readonly setUp: number;
  readonly circuit: number;
}

/** One window under the first plain prime of a plan: every prime's circuit is the same, so it stands for all of them. */
interface Work {
  readonly network: IntegerNetwork;
  readonly plan: Plan;
  readonly window: readonly bigint[];
  readonly modulus: bigint;
}

/** Processor seconds of this process since `since`: a machine that is busy with other things changes them little. */
function spentSince(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** @throws Error when a residue isn't the integer network's. */
function check({ network, plan, window, modulus }: Work, slots: BigUint64Array): void {
  const exact = forecastExact(network, window).map((value) => residue(value, modulus));
  const found = outputResidues(slots, plan.layout, 1, network.horizon)[0] ?? [];
  if (found.some((value, h) => value !== exact[h])) throw new Error('a residue is not the integer network’s');
}

/** Keys and evaluator of node-seal, ready for one circuit after the other. */
interface Ours {
  readonly setUp: number;
  /** Processor seconds of one circuit: encrypt, evaluate, decrypt. */
  circuit(): number;
  dispose(): void;
}

function ours(work: Work, engine: BfvEngine): Ours {
  const { network, plan, window, modulus } = work;
  const started = process.cpuUsage();
  const parameters = { ...plan, plainModulus: modulus };
  const keys = engine.keyHolder(parameters);
  const evaluator = engine.evaluator(parameters);
  evaluator.takeKeys(keys.evaluationKeys(rotationSteps(plan.layout)));
  const circuit = new Circuit(network, plan, { evaluator, modulus, randomFill });
  return {
    setUp: spentSince(started),
    circuit: () => {
      const since = process.cpuUsage();
      const ciphers = inputSlots([window], plan, modulus).map((slots) => keys.encrypt(slots));
      const { slots } = keys.decrypt(circuit.evaluate(ciphers));
      const spent = spentSince(since);
      check(work, slots);
      return spent;
    },
    dispose: () => {
      evaluator.dispose();
      keys.dispose();
    },
  };
}

const hasTenSeal = (): Promise<boolean> =>
  run('python3', ['-c', 'import tenseal.sealapi']).then(
    () => true,
    () => false,
  );

/** The same circuit in TenSEAL's SEAL. @param trace a file of `traceCircuit` */
async function theirs(work: Work, trace: string): Promise<Spent> {
  const { stdout } = await run('python3', [PEER, trace], { maxBuffer: 64e6 });
  const printed = JSON.parse(stdout) as { seconds: Record<string, number>; slots: number[] };
  const { keys = 0, prepare = 0, encrypt = 0, evaluate = 0, decrypt = 0 } = printed.seconds;
  check(work, BigUint64Array.from(printed.slots, BigInt));
  return { setUp: keys + prepare, circuit: encrypt + evaluate + decrypt };
}

/** Both libraries in turns. */
async function inTurns(work: Work, engine: BfvEngine, rounds: number): Promise<{ mine: Spent[]; peers: Spent[] }> {
  const isHeld = await hasTenSeal();
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-tenseal-'));
  const trace = join(folder, 'trace.json');
  const own = ours(work, engine);
  try {
    if (isHeld)
      await writeFile(trace, JSON.stringify(traceCircuit(work.network, work.plan, work.modulus, [work.window])));
    // Until WebAssembly is compiled for good.
    for (let i = 0; i < 2; i++) own.circuit();
    const [mine, peers]: [Spent[], Spent[]] = [[], []];
    for (let i = 0; i < rounds; i++) {
      mine.push({ setUp: own.setUp, circuit: own.circuit() });
      if (isHeld) peers.push(await theirs(work, trace));
    }
    return { mine, peers };
  } finally {
    own.dispose();
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

const rounded = (value: number): number => Number(value.toPrecision(4));
const NOT_MEASURED = 'not measured: TenSEAL is not installed (pip install tenseal==0.3.18)';

async function benchTopology(topology: Topology, engine: BfvEngine, rounds: number): Promise<Row> {
  const { network: float } = await shippedNetwork(topology);
  const network = quantise(float);
  const { inputs } = cutWindows(sampleSeries(), float, SAMPLE_TEST_DAYS);
  const windows = Array.from({ length: Math.ceil(DAYS / network.horizon) }, (_, i) =>
    quantiseInput(network, inputs[i % inputs.length] ?? []),
  );
  const plan = planFor(network);
  const work: Work = { network, plan, window: windows[0] ?? [], modulus: plan.moduli[0] ?? 1n };
  const { mine, peers } = await inTurns(work, engine, rounds);
  const one: number[] = [];
  for (let i = 0; i < Math.min(rounds, WHOLE); i++) one.push(await whole(work, engine, windows.slice(0, 1)));
  const isHeld = peers.length > 0;
  const primes = plan.moduli.length;
  const of = (spent: readonly Spent[], part: keyof Spent): number => rounded(median(spent.map((each) => each[part])));
  return row({
    id: `pinpoint-${topology}`,
    what: isHeld
      ? `the circuit of one forecast of seven days, one of its ${primes} plain primes, in one thread, processor seconds: encrypt, evaluate, decrypt; peer: TenSEAL 0.3.18’s SEAL, the same operations on the same numbers`
      : 'one forecast of seven days on ciphertexts with keys and processes, beside the authors’ notebook on their own machine',
    unit: 's',
    better: 'lower',
    goal: isHeld ? 2.5 : null,
    ours: isHeld ? mine.map(({ circuit }) => circuit) : one,
    peer: isHeld ? peers.map(({ circuit }) => circuit) : [PAPER[topology]],
    details: {
      degree: plan.degree,
      plainPrimes: primes,
      'one forecast, s': rounded(median(one)),
      [`${DAYS} days, s`]: rounded(await whole(work, engine, windows)),
      'keys and weights of one prime, processor s': of(mine, 'setUp'),
      'the same in TenSEAL, processor s': isHeld ? of(peers, 'setUp') : NOT_MEASURED,
      'circuit of one prime over TenSEAL’s': isHeld
        ? rounded(median(mine.map(({ circuit }, i) => circuit / (peers[i]?.circuit ?? Number.NaN))))
        : NOT_MEASURED,
      'authors’ notebook, s': PAPER[topology],
    },
  });
}

/** A topology's forecasts on encrypted data, beside TenSEAL on the same circuit and the authors' own time. */
export async function benchPinpoint(topology: Topology, rounds: number): Promise<Row[]> {
  return [await benchTopology(topology, await createSealEngine(), rounds)];
}
