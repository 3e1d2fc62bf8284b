import { windowsOf } from '../../core/private/he/layout.ts';
import type { PrivateJob } from './forecast.ts';
import type { ForecastOrder, ForecastOutcome } from './forecaster.ts';
import { privateForecast } from './report.ts';
import { createSealEngine } from './seal-engine.ts';
import { shippedNetwork } from './shipped-network.ts';

/**
 * A forecast with the network that Vitrine ships, and node-seal.
 * @throws VitrineError those of `privateForecast`, and of the zoo when the network isn't whole
 */
export async function forecastWithShipped(
  { samples, topology, testDays }: ForecastOrder,
  control: Pick<PrivateJob, 'startEvaluator' | 'signal' | 'progress'>,
): Promise<ForecastOutcome> {
  const { network, model } = await shippedNetwork(topology);
  const engine = await createSealEngine();
  const { report, plan } = await privateForecast({ network, samples, testDays, engine, ...control });
  const { degree, moduli, layout } = plan;
  return { report, model, engine: engine.id, degree, primes: moduli.length, windows: windowsOf(layout, degree) };
}
