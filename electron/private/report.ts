import type { PrivateForecastReport } from '../../core/contract/private.ts';
import {
  dequantise,
  type FloatNetwork,
  forecastPlain,
  quantise,
  quantiseInput,
} from '../../core/private/he/pinpoint.ts';
import type { Plan } from '../../core/private/he/plan.ts';
import { cutWindows, fromScale, meanAbsoluteError, type Sample } from '../../core/private/series.ts';
import { forecastPrivately, type PrivateJob } from './forecast.ts';

/** What a forecast is made of. */
export interface ForecastRequest extends Pick<PrivateJob, 'engine' | 'startEvaluator' | 'signal' | 'progress'> {
  readonly network: FloatNetwork;
  readonly samples: readonly Sample[];
  /** How many of the last rows are forecast. */
  readonly testDays: number;
}

/**
 * Forecasts the last rows of a series in floating point and on ciphertexts.
 * @throws VitrineError private/series-short, private/series-flat, private/range and those of `forecastPrivately`
 */
export async function privateForecast(
  request: ForecastRequest,
): Promise<{ readonly report: PrivateForecastReport; readonly plan: Plan }> {
  const { network } = request;
  const { scaling, inputs, test } = cutWindows(request.samples, network, request.testDays);
  const exact = quantise(network);
  const windows = inputs.map((input) => quantiseInput(exact, input));
  const made = await forecastPrivately({ ...request, network: exact, windows });
  const unit = (scaled: number): number => fromScale(scaled, scaling);
  const plain = inputs.flatMap((input) => forecastPlain(network, input)).map(unit);
  const encrypted = made.outputs.flatMap((window) => window.map((output) => unit(dequantise(exact, output))));
  const report = {
    topology: network.topology,
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
  return { report, plan: made.plan };
}
