import type { PrivateForecastReport } from '../../core/contract/private.ts';
import {
  dequantise,
  forecastPlain,
  quantise,
  quantiseInput,
  readNetwork,
  type Topology,
} from '../../core/private/he/pinpoint.ts';
import { cutWindows, fromScale, meanAbsoluteError, parseSeries } from '../../core/private/series.ts';
import { forecastPrivately, type PrivateJob } from './forecast.ts';

/** What a forecast is made of. */
export interface ForecastRequest extends Pick<PrivateJob, 'engine' | 'startEvaluator' | 'signal' | 'progress'> {
  readonly topology: Topology;
  /** CSV */
  readonly series: string;
  /** The parsed weights file. */
  readonly weights: unknown;
  /** How many of the last rows are forecast. */
  readonly testDays: number;
}

/**
 * Forecasts the last rows of a series in floating point and on ciphertexts.
 * @throws VitrineError private/weights, private/series, private/range and those of `forecastPrivately`
 */
export async function privateForecast(request: ForecastRequest): Promise<PrivateForecastReport> {
  const network = readNetwork(request.weights, request.topology);
  const { scaling, inputs, test } = cutWindows(parseSeries(request.series), network, request.testDays);
  const exact = quantise(network);
  const windows = inputs.map((input) => quantiseInput(exact, input));
  const made = await forecastPrivately({ ...request, network: exact, windows });
  const unit = (scaled: number): number => fromScale(scaled, scaling);
  const plain = inputs.flatMap((input) => forecastPlain(network, input)).map(unit);
  const encrypted = made.outputs.flatMap((window) => window.map((output) => unit(dequantise(exact, output))));
  return {
    topology: request.topology,
    plainMae: meanAbsoluteError(plain, test),
    encryptedMae: meanAbsoluteError(encrypted, test),
    // The last window may reach beyond the series.
    forecasts: test.map(({ date }, i) => ({
      date,
      plain: plain[i] ?? Number.NaN,
      encrypted: encrypted[i] ?? Number.NaN,
    })),
    seconds: made.seconds,
    bytesSent: made.bytesSent,
    bytesBack: made.bytesBack,
    noiseBitsLeft: made.noiseBits,
  };
}
