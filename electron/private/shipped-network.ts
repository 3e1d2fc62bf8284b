import { PINPOINT_SHAPES, pinpointParameters } from '../../core/infer/pinpoint.ts';
import { readParameters } from '../../core/infer/weights-file.ts';
import { type FloatNetwork, networkOf, type Topology } from '../../core/private/he/pinpoint.ts';
import { readForecastModel } from '../infer/zoo.ts';

/**
 * The network that Vitrine ships for a topology.
 * @throws VitrineError of the zoo (core/infer/errors.ts) when it is missing, altered or not signed
 */
export async function shippedNetwork(
  topology: Topology,
): Promise<{ readonly network: FloatNetwork; readonly model: { readonly id: string; readonly sha256: string } }> {
  const { manifest, weights } = await readForecastModel(`pinpoint-${topology}`);
  const parameters = readParameters(pinpointParameters(PINPOINT_SHAPES[topology]), weights);
  return { network: networkOf(topology, parameters), model: { id: manifest.id, sha256: manifest.weights.sha256 } };
}
