import type { Architecture } from '../../core/infer/architecture.ts';
import { inferError } from '../../core/infer/errors.ts';
import { kumar } from './kumar.ts';

/** Every network that a manifest may name. */
const NETWORKS: readonly Architecture[] = [kumar];

/** @throws VitrineError infer/manifest where this build has no network of this name */
export function networkOf(id: string): Architecture {
  const found = NETWORKS.find((network) => network.id === id);
  if (!found) throw inferError('infer/manifest', 'the model is of a network that this Vitrine lacks; update Vitrine');
  return found;
}
