import { aesGcm } from './aes-gcm.ts';
import { ahmadPerceptual } from './ahmad-perceptual.ts';
import { schemesError } from './errors.ts';
import { deepFixCx } from './gaudio-deepfixcx.ts';
import type { Attack, Scheme } from './scheme.ts';

/**
 * Every system of the Laboratory, the comparison line first, then by reference number. The screen, the command line and
 * EVIDENCE.md are drawn from this list; a new system is its own file, its test, and a line here.
 */
export const SCHEMES: readonly Scheme[] = [aesGcm, ahmadPerceptual, deepFixCx];

/** @throws VitrineError schemes/unknown-system */
export function schemeOf(id: string): Scheme {
  const found = SCHEMES.find((scheme) => scheme.id === id);
  if (!found) throw schemesError('schemes/unknown-system', `there is no system "${id}"; see "vitrine lab list"`);
  return found;
}

/** @throws VitrineError schemes/unknown-attack */
export function attackOf(scheme: Scheme, id: string): Attack {
  const found = scheme.attacks.find((attack) => attack.id === id);
  const ids = scheme.attacks.map((attack) => attack.id).join(', ');
  if (!found)
    throw schemesError('schemes/unknown-attack', `there is no attack "${id}" on this system; there are ${ids}`);
  return found;
}
