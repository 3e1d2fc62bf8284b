import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BfvEngine, Evaluator } from '../../core/private/he/engine.ts';
import { forecastExact, INPUT_BOUND, quantise, quantiseInput, readNetwork } from '../../core/private/he/pinpoint.ts';
import { parseSeries } from '../../core/private/series.ts';
import { randomInputs, randomWeights } from '../../test/fixtures/pinpoint-network.ts';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import { type EvaluatorLink, startEvaluatorProcess } from './evaluator-link.ts';
import { EvaluatorService } from './evaluator-service.ts';
import { forecastPrivately } from './forecast.ts';
import type { ToEvaluator } from './protocol.ts';
import { privateForecast } from './report.ts';
import { createSealEngine } from './seal-engine.ts';

const SLOW = 120_000;
const engine = await createSealEngine();
const quiet = { signal: new AbortController().signal, progress: () => undefined };

/** An evaluator in this process that keeps what it was told. */
function overheard(messages: ToEvaluator[], evaluators: Evaluator[] = []): () => EvaluatorLink {
  const watched: BfvEngine = {
    ...engine,
    evaluator: (parameters) => {
      const made = engine.evaluator(parameters);
      evaluators.push(made);
      return made;
    },
  };
  return () => {
    const service = new EvaluatorService(async () => watched);
    return {
      ask: async (message) => {
        messages.push(message);
        const answer = await service.answer(message);
        if (answer.kind === 'refused') throw new Error(answer.reason);
        return answer;
      },
      close: () => undefined,
    };
  };
}

/** Every byte string of a message. */
function byteStrings(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(byteStrings) : [];
}

function job(topology: '1conv' | '2conv', windows: number) {
  const network = quantise(readNetwork(randomWeights(topology, 11), topology));
  return {
    network,
    windows: randomInputs(5, windows, INPUT_BOUND).map((input) => quantiseInput(network, input)),
    engine,
    ...quiet,
  };
}

describe('a forecast on ciphertexts', () => {
  it.each(['1conv', '2conv'] as const)(
    'of %s equals the integer network bit for bit, computed in another process',
    async (topology) => {
      const given = job(topology, 3);
      const made = await forecastPrivately({ ...given, startEvaluator: startEvaluatorProcess });
      expect(made.outputs).toEqual(given.windows.map((window) => forecastExact(given.network, window)));
      expect(made.noiseBits).toBeGreaterThanOrEqual(Math.min(made.plan.noiseBits, 4));
    },
    SLOW,
  );

  it(
    'gives the evaluator no secret key, and frees what it made',
    async () => {
      const messages: ToEvaluator[] = [];
      const evaluators: Evaluator[] = [];
      const secrets: Buffer[] = [];
      const keeping: BfvEngine = {
        ...engine,
        keyHolder: (parameters) => {
          const made = engine.keyHolder(parameters);
          secrets.push(Buffer.from(made.secretKey()));
          return made;
        },
      };
      await forecastPrivately({
        ...job('1conv', 20),
        engine: keeping,
        startEvaluator: overheard(messages, evaluators),
      });
      expect(messages.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['prepare', 'keys', 'evaluate']));
      expect(secrets).toHaveLength(2);
      const crossed = messages.flatMap(byteStrings).map((bytes) => Buffer.from(bytes));
      expect(crossed.length).toBeGreaterThan(10);
      // Beyond its header a key is random; any 32 bytes of it are its own.
      for (const secret of secrets)
        for (let at = 256; at + 32 <= secret.length; at += Math.floor(secret.length / 16))
          expect(crossed.some((bytes) => bytes.includes(secret.subarray(at, at + 32)))).toBe(false);
      // Weights stay encoded for the next batch; nothing of a batch does.
      expect(evaluators.map(({ live }) => live)).toEqual([11, 11]);
    },
    SLOW,
  );

  it('ends with its own code when the evaluator dies, and when the caller gives up', async () => {
    const dying = (): EvaluatorLink => {
      const link = startEvaluatorProcess();
      setTimeout(() => link.close(), 50);
      return link;
    };
    await expect(forecastPrivately({ ...job('1conv', 1), startEvaluator: dying })).rejects.toMatchObject({
      code: 'private/evaluator',
    });
    const abort = new AbortController();
    const late = forecastPrivately({
      ...job('1conv', 1),
      signal: abort.signal,
      startEvaluator: startEvaluatorProcess,
    });
    abort.abort();
    await expect(late).rejects.toMatchObject({ code: 'private/cancelled' });
  });

  it(
    'can be cancelled at every step, and leaves nothing in the evaluators but their weights',
    async () => {
      const steps = 6;
      for (let at = 1; at < steps; at++) {
        const abort = new AbortController();
        const progress = (done: number, total: number): void => {
          expect(total).toBe(steps);
          if (done === at) abort.abort();
        };
        const evaluators: Evaluator[] = [];
        const cancelled = forecastPrivately({
          ...job('1conv', 1),
          signal: abort.signal,
          progress,
          startEvaluator: overheard([], evaluators),
        });
        await expect(cancelled, `step ${at}`).rejects.toMatchObject({ code: 'private/cancelled' });
        for (const { live } of evaluators) expect(live).toBeLessThanOrEqual(11);
      }
    },
    SLOW,
  );

  it('refuses bytes that are no ciphertext', async () => {
    const parameters = { degree: 8192, coefficientBits: [54, 54, 54, 56], plainModulus: 1073692673n };
    const keys = engine.keyHolder(parameters);
    const evaluator = engine.evaluator(parameters);
    evaluator.takeKeys(keys.evaluationKeys([1]));
    const good = keys.encrypt(new BigUint64Array(8192).fill(5n));
    for (const bad of [new Uint8Array(0), new Uint8Array(64), good.subarray(0, good.length >> 1)]) {
      expect(() => evaluator.read(bad)).toThrow(expect.objectContaining({ code: 'private/payload' }));
      expect(() => keys.decrypt(bad)).toThrow(expect.objectContaining({ code: 'private/payload' }));
    }
    expect(() => evaluator.takeKeys({ public: good, relinearisation: good, rotation: good })).toThrow(
      expect.objectContaining({ code: 'private/payload' }),
    );
    expect(evaluator.live).toBe(0);
    evaluator.dispose();
    keys.dispose();
  });
});

const folder = sharedData('pinpoint');

describe.skipIf(folder === null)('the authors’ weights on their series', () => {
  const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');

  it(
    'forecast the first days as printed (1CONV)',
    async () => {
      const printed = JSON.parse(read('printed-forecasts.json'));
      const lines = read('covid19-italy-daily-cases.csv').trim().split('\n');
      // Up to the fourteenth test day, so that scaling and windows are those of the whole series.
      const { report } = await privateForecast({
        samples: parseSeries(lines.slice(0, 1 + 341 + 14).join('\n')),
        network: readNetwork(JSON.parse(read('weights-1conv.json')), '1conv'),
        testDays: 14,
        engine,
        startEvaluator: overheard([]),
        ...quiet,
      });
      expect(report.forecasts).toHaveLength(14);
      expect(report.forecasts.slice(0, 5).map(({ date }) => date)).toEqual(printed.dates.slice(0, 5));
      report.forecasts.slice(0, 5).forEach(({ plain, encrypted }, i) => {
        expect(Math.abs(plain - printed['1conv'].plain[i])).toBeLessThan(3);
        expect(Math.abs(encrypted - plain)).toBeLessThan(40);
      });
    },
    SLOW,
  );
});
