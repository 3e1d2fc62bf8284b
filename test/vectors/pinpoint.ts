/**
 * All 305 test days with the authors' weights, plain and on ciphertexts:
 * `node --expose-gc --import tsx test/vectors/pinpoint.ts [--only days|memory] [--topology 1conv|2conv]`. Held to the mean errors that the authors print, to our own plain forecast, and bit for bit to the integer network;
 * then 50 forecasts in one evaluator, whose memory must stay flat.
 */
import { readFileSync } from 'node:fs';
import { Circuit } from '../../core/private/he/circuit.ts';
import { inputSlots } from '../../core/private/he/client.ts';
import { rotationSteps } from '../../core/private/he/layout.ts';
import {
  dequantise,
  forecastExact,
  quantise,
  quantiseInput,
  readNetwork,
  type Topology,
  topology,
} from '../../core/private/he/pinpoint.ts';
import { planFor } from '../../core/private/he/plan.ts';
import { cutWindows, fromScale, parseSeries } from '../../core/private/series.ts';
import { startEvaluatorProcess } from '../../electron/private/evaluator-link.ts';
import { privateForecast } from '../../electron/private/report.ts';
import { createSealEngine } from '../../electron/private/seal-engine.ts';
import { randomFill } from '../../electron/random.ts';
import { options, say } from '../command.ts';
import { sharedData } from '../fixtures/shared-data.ts';

const PRINTED: Readonly<Record<Topology, number>> = { '1conv': 1063.07, '2conv': 998.13 };
const DAYS = 305;
const FORECASTS = 50;
/** MiB that the resident memory may grow by between the tenth and the last forecast. */
const FLAT = 16;

if (globalThis.gc === undefined) throw new Error('start this with --expose-gc');
const folder = sharedData('pinpoint');
if (folder === null)
  throw new Error('the data of the paper’s authors lie beside the checkout, in shared/data/pinpoint');
const series = readFileSync(`${folder}/covid19-italy-daily-cases.csv`, 'utf8');
const weightsOf = (which: Topology): unknown => JSON.parse(readFileSync(`${folder}/weights-${which}.json`, 'utf8'));
const engine = await createSealEngine();

function hold(holds: boolean, line: string): void {
  say(`${holds ? 'ok  ' : 'FAIL'}  ${line}`);
  if (!holds) process.exitCode = 1;
}

async function allDays(which: Topology): Promise<void> {
  const weights = weightsOf(which);
  const float = readNetwork(weights, which);
  const samples = parseSeries(series);
  const { report } = await privateForecast({
    network: float,
    samples,
    testDays: DAYS,
    engine,
    startEvaluator: startEvaluatorProcess,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const exact = quantise(float);
  const { inputs, scaling } = cutWindows(samples, float, DAYS);
  const oracle = inputs
    .flatMap((input) => forecastExact(exact, quantiseInput(exact, input)))
    .map((output) => fromScale(dequantise(exact, output), scaling));
  const { plainMae, encryptedMae, forecasts, seconds, bytesSent, bytesBack, noiseBitsLeft } = report;
  say(
    `${which}: ${seconds.toFixed(1)} s, ${bytesSent} bytes sent, ${bytesBack} back, ${noiseBitsLeft} bits of noise left`,
  );
  hold(Math.abs(plainMae - PRINTED[which]) <= 0.5, `plain ${plainMae.toFixed(3)}, printed ${PRINTED[which]}`);
  hold(Math.abs(encryptedMae - plainMae) <= 1, `encrypted ${encryptedMae.toFixed(3)}`);
  hold(
    forecasts.length === DAYS && forecasts.every(({ encrypted }, i) => encrypted === oracle[i]),
    `${forecasts.length} encrypted forecasts equal the integer network`,
  );
}

function memory(which: Topology): void {
  const exact = quantise(readNetwork(weightsOf(which), which));
  const plan = planFor(exact);
  const modulus = plan.moduli[0] ?? 1n;
  const keys = engine.keyHolder({ ...plan, plainModulus: modulus });
  const evaluator = engine.evaluator({ ...plan, plainModulus: modulus });
  const circuit = new Circuit(exact, plan, { evaluator, modulus, randomFill });
  evaluator.takeKeys(keys.evaluationKeys(rotationSteps(plan.layout)));
  const window = quantiseInput(
    exact,
    Array.from({ length: exact.input }, (_, i) => i / exact.input),
  );
  let [tenth, last] = [0, 0];
  for (let i = 1; i <= FORECASTS; i++) {
    keys.decrypt(circuit.evaluate(inputSlots([window], plan, modulus).map((slots) => keys.encrypt(slots))));
    if (i !== 10 && i !== FORECASTS) continue;
    // What is held is measured, not what waits to be collected.
    globalThis.gc?.();
    last = process.memoryUsage().rss / 2 ** 20;
    if (i === 10) tenth = last;
  }
  hold(
    last - tenth <= FLAT,
    `${which}: ${FORECASTS} forecasts, ${tenth.toFixed(0)} MiB at the tenth, ${last.toFixed(0)} at the last`,
  );
  evaluator.dispose();
  keys.dispose();
}

const given = options({ only: '', topology: '' });
const asked = topology.options.filter((which) => given.topology === '' || given.topology === which);
if (given.only !== 'memory') for (const which of asked) await allDays(which);
if (given.only !== 'days') for (const which of asked) memory(which);
