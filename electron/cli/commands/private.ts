import { Command, Option } from 'commander';
import { type PrivateForecastReport, privateForecastReport } from '../../../core/contract/private.ts';
import { privateError } from '../../../core/private/errors.ts';
import { type FloatNetwork, readNetwork, type Topology, topology } from '../../../core/private/he/pinpoint.ts';
import { startEvaluatorProcess } from '../../private/evaluator-link.ts';
import { readSeries, readText } from '../../private/read-series.ts';
import { privateForecast } from '../../private/report.ts';
import { createSealEngine } from '../../private/seal-engine.ts';
import { shippedNetwork } from '../../private/shipped-network.ts';
import { bytesText, table } from '../table.ts';
import { runCommand } from '../terminal.ts';

interface Options {
  readonly topology: string;
  /** Undefined: the shipped ones. */
  readonly weights?: string;
  readonly testDays: string;
  readonly json?: boolean;
}

const MAX_WEIGHTS_BYTES = 64_000_000;
/** The paper's test days. */
const TEST_DAYS = '305';

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw privateError('private/weights', 'the weights file is no JSON; use the file that training wrote');
  }
}

async function networkFrom(weights: string | undefined, which: Topology): Promise<FloatNetwork> {
  if (weights === undefined) return (await shippedNetwork(which)).network;
  return readNetwork(json(await readText(weights, MAX_WEIGHTS_BYTES, 'private/weights')), which);
}

function wholeDays(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw privateError('private/series', '"--test-days" takes a whole number from 1');
  return Number(text);
}

function text(report: PrivateForecastReport): string {
  const { forecasts, seconds, bytesSent, bytesBack, noiseBitsLeft } = report;
  const rows = table(
    [
      { title: 'Date', value: ({ date }) => date },
      { title: 'Plain', value: ({ plain }) => plain.toFixed(1), align: 'right' },
      { title: 'Encrypted', value: ({ encrypted }) => encrypted.toFixed(1), align: 'right' },
    ],
    forecasts,
  );
  return `${rows}
Mean absolute error: ${report.plainMae.toFixed(2)} plain, ${report.encryptedMae.toFixed(2)} encrypted
${seconds.toFixed(1)} s, ${bytesText(bytesSent)} sent, ${bytesText(bytesBack)} back, ${noiseBitsLeft} bits of noise budget left
The evaluating process saw the network, ciphertexts and evaluation keys; neither the series nor the forecasts.
`;
}

function forecast(path: string, options: Options): Promise<void> {
  return runCommand(options.json === true, privateForecastReport, async (terminal) => {
    const which = topology.parse(options.topology);
    const samples = await readSeries({ from: 'file', path });
    const { report } = await privateForecast({
      network: await networkFrom(options.weights, which),
      samples,
      testDays: wholeDays(options.testDays),
      engine: await createSealEngine(),
      startEvaluator: startEvaluatorProcess,
      signal: terminal.signal,
      progress: (done, total) => terminal.progress(`${done} of ${total} steps`),
    });
    return { report, text: text(report), exit: 0 };
  });
}

/** `vitrine private`: computing on data that the computing process can't read. @param exit as the program's */
export function privateCommand(exit: Parameters<Command['exitOverride']>[0]): Command {
  const command = new Command('private').description('compute on data that the computing process cannot read');
  command.exitOverride(exit);
  command
    .command('forecast <csv>')
    .description('forecast the last days of a series, plain and encrypted (Falcetta, PINPOINT)')
    .addOption(new Option('--topology <topology>', 'which network').choices(topology.options).makeOptionMandatory())
    .option('--weights <file>', 'other weights than those that Vitrine ships (JSON)')
    .option('--test-days <days>', 'how many of the last rows to forecast', TEST_DAYS)
    .option('--json', 'print one JSON document')
    .action((path: string, options: Options) => forecast(path, options));
  return command;
}
