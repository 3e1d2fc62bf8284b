import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Circuit } from '../../core/private/he/circuit.ts';
import { inputSlots } from '../../core/private/he/client.ts';
import type { BfvEngine } from '../../core/private/he/engine.ts';
import { rotationSteps } from '../../core/private/he/layout.ts';
import { quantise, quantiseInput } from '../../core/private/he/pinpoint.ts';
import { planFor } from '../../core/private/he/plan.ts';
import { sampleSeries } from '../../core/private/sample-series.ts';
import { cutWindows } from '../../core/private/series.ts';
import { randomFill } from '../random.ts';
import { type EvaluatorLink, startEvaluatorProcess } from './evaluator-link.ts';
import { forecastPrivately } from './forecast.ts';
import { frame } from './frames.ts';
import type { ToEvaluator } from './protocol.ts';
import { createSealEngine } from './seal-engine.ts';
import { shippedNetwork } from './shipped-network.ts';

const SLOW = 120_000;
const engine = await createSealEngine();
const { network: float } = await shippedNetwork('1conv');
const network = quantise(float);
const { inputs } = cutWindows(sampleSeries(), float, 84);
const windows = inputs.slice(0, 2).map((input) => quantiseInput(network, input));

/** Evaluators in processes of their own; `crossed` gets the very bytes that are written to each. */
function tapped(crossed: Buffer[], messages: ToEvaluator[]): () => EvaluatorLink {
  return () => {
    const link = startEvaluatorProcess();
    return {
      ask: (message) => {
        messages.push(message);
        crossed.push(Buffer.concat(frame(message)));
        return link.ask(message);
      },
      close: () => link.close(),
    };
  };
}

/** The engine, and a copy of every secret key that it made. */
function keeping(secrets: Buffer[]): BfvEngine {
  return {
    ...engine,
    keyHolder: (parameters) => {
      const made = engine.keyHolder(parameters);
      secrets.push(Buffer.from(made.secretKey()));
      return made;
    },
  };
}

/** Whether 24 bytes of a key, from anywhere behind its header, lie in what crossed. Beyond the header a key is random. */
function leaks(secret: Buffer, crossed: readonly Buffer[]): boolean {
  const step = Math.floor(secret.length / 24);
  for (let at = 256; at + 24 <= secret.length; at += step)
    if (crossed.some((bytes) => bytes.includes(secret.subarray(at, at + 24)))) return true;
  return false;
}

const FIELDS: Readonly<Record<ToEvaluator['kind'], readonly string[]>> = {
  prepare: ['kind', 'network', 'plan', 'residue'],
  keys: ['kind', 'keys'],
  evaluate: ['kind', 'ciphers'],
};

describe('the boundary to the evaluating process', () => {
  it(
    'lets neither a secret key nor the series through: the bytes on the pipe are looked at',
    async () => {
      const [crossed, messages, secrets]: [Buffer[], ToEvaluator[], Buffer[]] = [[], [], []];
      await forecastPrivately({
        network,
        windows,
        engine: keeping(secrets),
        startEvaluator: tapped(crossed, messages),
        signal: new AbortController().signal,
        progress: () => undefined,
      });
      expect(secrets).toHaveLength(planFor(network).moduli.length);
      expect(crossed.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(10_000_000);
      for (const secret of secrets) {
        expect(leaks(secret, crossed)).toBe(false);
        // The search finds what it looks for: a message that carried the key would be seen.
        const planted = { kind: 'evaluate', ciphers: [Uint8Array.from(secret)] };
        expect(leaks(secret, [Buffer.concat(frame(planted))])).toBe(true);
      }
      for (const message of messages) {
        expect(Object.keys(message).sort()).toEqual([...FIELDS[message.kind]].sort());
        if (message.kind === 'keys')
          expect(Object.keys(message.keys).sort()).toEqual(['public', 'relinearisation', 'rotation']);
      }
      const plan = planFor(network);
      const plain = inputSlots(windows, plan, plan.moduli[0] ?? 1n).map((slots) => Buffer.from(slots.buffer, 64, 512));
      for (const slots of plain) expect(crossed.some((bytes) => bytes.includes(slots))).toBe(false);
    },
    SLOW,
  );
});

describe('many forecasts in one evaluator', () => {
  it.each([
    ['1conv', 12],
    ['2conv', 8],
  ] as const)(
    'leave its memory flat, %s: a sample of the fifty of test/vectors/pinpoint.ts',
    async (topology, forecasts) => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const { network: weights } = await shippedNetwork(topology);
      const network = quantise(weights);
      const windows = inputs.slice(0, 2).map((input) => quantiseInput(network, input));
      const plan = planFor(network);
      const modulus = plan.moduli[0] ?? 1n;
      const keys = engine.keyHolder({ ...plan, plainModulus: modulus });
      const evaluator = engine.evaluator({ ...plan, plainModulus: modulus });
      const circuit = new Circuit(network, plan, { evaluator, modulus, randomFill });
      evaluator.takeKeys(keys.evaluationKeys(rotationSteps(plan.layout)));
      const live = evaluator.live;
      const held: number[] = [];
      for (let i = 0; i < forecasts; i++) {
        keys.decrypt(circuit.evaluate(inputSlots(windows, plan, modulus).map((slots) => keys.encrypt(slots))));
        collect();
        held.push(process.memoryUsage().rss / 2 ** 20);
        expect(evaluator.live).toBe(live);
      }
      // A ciphertext of 1CONV has 400 kB, one of 2CONV 1.3 MB, and a forecast makes dozens of them.
      expect((held.at(-1) ?? 0) - (held[3] ?? 0)).toBeLessThan(24);
      evaluator.dispose();
      keys.dispose();
    },
    SLOW,
  );
});
