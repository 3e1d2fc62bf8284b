import { readFile, stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type PrivateForecastReport, privateForecastReport } from '../../../core/contract/private.ts';
import { type PrivateCode, privateError } from '../../../core/private/errors.ts';
import { readNetwork, topology } from '../../../core/private/he/pinpoint.ts';
import { parseSeries } from '../../../core/private/series.ts';
import { startEvaluatorProcess } from '../../private/evaluator-link.ts';
import { privateForecast } from '../../private/report.ts';
import { createSealEngine } from '../../private/seal-engine.ts';
import { bytesText, table } from '../table.ts';
import { runCommand } from '../terminal.ts';

interface Options {
  readonly topology: string;
  readonly weights: string;
  readonly testDays: string;
  readonly json?: boolean;
}

const MAX_SERIES_BYTES = 16_000_000;
const MAX_WEIGHTS_BYTES = 64_000_000;
/** The paper's test days. */
const TEST_DAYS = '305';

/** @throws VitrineError `code` for a file that is too large or no text; errors of the file system as they are */
async function readText(path: string, limit: number, code: PrivateCode): Promise<string> {
  const { size } = await stat(path);
  if (size > limit) throw privateError(code, `the file is larger than ${limit / 1_000_000} MB; give a smaller one`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw privateError(code, 'the file is no text; give one in UTF-8');
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw privateError('private/weights', 'the weights file is no JSON; use the file that training wrote');
  }
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
    const [series, weights] = [
      await readText(path, MAX_SERIES_BYTES, 'private/series'),
      await readText(options.weights, MAX_WEIGHTS_BYTES, 'private/weights'),
    ];
    const { report } = await privateForecast({
      network: readNetwork(json(weights), topology.parse(options.topology)),
      samples: parseSeries(series),
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
    .requiredOption('--weights <file>', 'the network’s weights (JSON)')
    .option('--test-days <days>', 'how many of the last rows to forecast', TEST_DAYS)
    .option('--json', 'print one JSON document')
    .action((path: string, options: Options) => forecast(path, options));
  return command;
}
