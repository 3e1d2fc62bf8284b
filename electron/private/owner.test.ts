import { describe, expect, it } from 'vitest';
import { sampleSeries } from '../../core/private/sample-series.ts';
import { EvaluatorService } from './evaluator-service.ts';
import { type EvaluatorPort, OwnerService } from './owner.ts';
import type { FromOwner } from './owner-protocol.ts';
import type { FromEvaluator, ToEvaluator } from './protocol.ts';
import { createSealEngine } from './seal-engine.ts';

const SLOW = 60_000;
const ORDER = { samples: sampleSeries(), topology: '1conv', testDays: 7 } as const;

/** A port to an evaluator in this process, as main would broker it; what crosses it is kept. */
function evaluatorPort(crossed: ToEvaluator[]): EvaluatorPort {
  const service = new EvaluatorService(createSealEngine);
  let listener: (answer: FromEvaluator) => void = () => undefined;
  return {
    postMessage: (message) => {
      crossed.push(message);
      void service.answer(message).then((answer) => listener(answer));
    },
    listen: (listening) => {
      listener = listening;
    },
    close: () => undefined,
  };
}

const isBytes = (value: unknown): boolean => value instanceof Uint8Array || value instanceof BigUint64Array;

/** Whether bytes lie anywhere in a message. */
function holdsBytes(value: unknown): boolean {
  if (isBytes(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBytes);
}

describe('the process of the data’s owner', () => {
  it(
    'asks main for evaluators and gives them keys and ciphertexts itself: main carries neither',
    async () => {
      const crossed: ToEvaluator[] = [];
      const said: FromOwner[] = [];
      const service: OwnerService = new OwnerService((message) => {
        said.push(message);
        if (message.kind === 'start-evaluator')
          void service.receive({ kind: 'evaluator', evaluator: message.evaluator }, evaluatorPort(crossed));
      });
      await service.receive({ kind: 'forecast', order: ORDER }, null);
      const last = said.at(-1);
      expect(last?.kind === 'outcome' && last.outcome.report.forecasts).toHaveLength(7);
      expect(said.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['start-evaluator', 'progress', 'outcome']));
      expect(said.filter(holdsBytes)).toEqual([]);
      // Two plain primes: network, keys and one batch each, and nothing else.
      expect(crossed.map(({ kind }) => kind).sort()).toEqual([
        'evaluate',
        'evaluate',
        'keys',
        'keys',
        'prepare',
        'prepare',
      ]);
      for (const message of crossed)
        if (message.kind === 'keys')
          expect(Object.keys(message.keys).sort()).toEqual(['public', 'relinearisation', 'rotation']);
      // The check can fail: an answer that carried a key to main would be seen.
      expect(holdsBytes({ kind: 'outcome', outcome: { key: new Uint8Array(4) } })).toBe(true);
    },
    SLOW,
  );

  it(
    'says so when an evaluator ends, and what is wrong with a series',
    async () => {
      const said: FromOwner[] = [];
      const service: OwnerService = new OwnerService((message) => {
        said.push(message);
        if (message.kind === 'start-evaluator')
          void service.receive({ kind: 'evaluator-ended', evaluator: message.evaluator }, null);
      });
      await service.receive({ kind: 'forecast', order: ORDER }, null);
      expect(said.at(-1)).toMatchObject({ kind: 'refused', code: 'private/evaluator' });
      await service.receive({ kind: 'read', source: { from: 'file', path: '/nowhere/series.csv' } }, null);
      expect(said.at(-1)).toMatchObject({ kind: 'refused', code: 'private/series' });
      await service.receive({ kind: 'forecast', order: { ...ORDER, testDays: 10_000 } }, null);
      expect(said.at(-1)).toMatchObject({ kind: 'refused', code: 'private/series-short' });
      await service.receive({ kind: 'read', source: { from: 'sample' } }, null);
      expect(said.at(-1)).toMatchObject({ kind: 'samples' });
    },
    SLOW,
  );
});
