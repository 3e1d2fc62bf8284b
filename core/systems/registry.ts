import { kumar113, naik112 } from '../infer/classifiers.ts';
import { bim, deepFool, fgsm, pgd } from '../infer/model-attacks.ts';
import { moreAccess } from '../keys/abe/published.ts';
import { pinpoint } from '../private/he/published.ts';
import type { PublishedAccess, PublishedClassifier, PublishedForecast, PublishedModelAttack } from '../published.ts';
import { aesGcm } from '../schemes/aes-gcm.ts';
import { ahmadPerceptual } from '../schemes/ahmad-perceptual.ts';
import { deepFixCx } from '../schemes/gaudio-deepfixcx.ts';
import type { Attack, Scheme } from '../schemes/scheme.ts';
import { systemsError } from './errors.ts';

/** Every kind of published system. */
export type System = Scheme | PublishedAccess | PublishedClassifier | PublishedModelAttack | PublishedForecast;

/**
 * Every published system, the comparison line first, then by reference number. The Laboratory, the command line and
 * EVIDENCE.md are drawn from this list; a new system is its own file, its test, and a line here.
 */
export const SYSTEMS: readonly System[] = [
  aesGcm,
  fgsm,
  bim,
  pgd,
  deepFool,
  naik112,
  kumar113,
  pinpoint,
  moreAccess,
  ahmadPerceptual,
  deepFixCx,
];

/** The image ciphers among them. */
export const SCHEMES: readonly Scheme[] = SYSTEMS.filter((system) => system.kind === 'image-scheme');

/** @throws VitrineError systems/unknown-system, and systems/other-kind for a system that is no image cipher */
export function schemeOf(id: string): Scheme {
  const found = SYSTEMS.find((system) => system.id === id);
  if (!found) throw systemsError('systems/unknown-system', `there is no system "${id}"; see "vitrine lab list"`);
  if (found.kind !== 'image-scheme')
    throw systemsError('systems/other-kind', `"${id}" is no image cipher; run it with "${found.command}"`);
  return found;
}

/** @throws VitrineError systems/unknown-attack */
export function attackOf(scheme: Scheme, id: string): Attack {
  const found = scheme.attacks.find((attack) => attack.id === id);
  const ids = scheme.attacks.map((attack) => attack.id).join(', ');
  if (!found)
    throw systemsError('systems/unknown-attack', `there is no attack "${id}" on this system; there are ${ids}`);
  return found;
}
