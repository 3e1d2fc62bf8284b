import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PINPOINT_SHAPES, pinpointParameters } from '../../core/infer/pinpoint.ts';
import { readParameters } from '../../core/infer/weights-file.ts';
import { type FloatNetwork, networkOf, type Topology } from '../../core/private/he/pinpoint.ts';

/** The network that Vitrine ships for a topology. @throws VitrineError infer/weights-shape, infer/weights-not-finite */
export async function shippedNetwork(
  topology: Topology,
): Promise<{ readonly network: FloatNetwork; readonly model: { readonly id: string; readonly sha256: string } }> {
  const id = `pinpoint-${topology}`;
  const bytes = await readFile(new URL(`../../models/zoo/${id}/weights.bin`, import.meta.url));
  const weights = readParameters(pinpointParameters(PINPOINT_SHAPES[topology]), bytes);
  return {
    network: networkOf(topology, weights),
    model: { id, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
}
