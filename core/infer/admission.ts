import { inferError } from './errors.ts';
import type { Manifest } from './manifest.ts';

/** What a model may be used for. */
export type Use = 'research' | 'clinical';

/** What keeps a model from clinical use; empty where nothing does. */
export type Obstacle = 'no-robustness-report' | 'too-few-validation-pictures' | 'class-missed' | 'no-licence';

/** Fewest validation pictures of a class: below it a sensitivity's interval is wider than half of the scale. */
const FEWEST = 10;
/** Least share of a class that must be found, by the lower end of its interval: below it a coin finds more. */
const LEAST_FOUND = 0.5;

/**
 * Why a model can't be admitted to clinical use. A signature is no ground for admission: nothing unsigned is ever loaded.
 * Passing here is necessary, not sufficient: a person decides, and the law of the place does.
 */
export function obstacles({ robustness, metrics, licence }: Manifest): Obstacle[] {
  const found: Obstacle[] = [];
  if (robustness === null) found.push('no-robustness-report');
  if (metrics.classes.some(({ sensitivity }) => sensitivity.of < FEWEST)) found.push('too-few-validation-pictures');
  if (metrics.classes.some(({ sensitivity }) => sensitivity.low < LEAST_FOUND)) found.push('class-missed');
  if (licence.trim() === '') found.push('no-licence');
  return found;
}

/** The gate that whoever runs a model for a use goes through. @throws VitrineError infer/not-admitted */
export function admit(manifest: Manifest, use: Use): void {
  if (use === 'research') return;
  const [first] = obstacles(manifest);
  if (first === undefined) return;
  throw inferError('infer/not-admitted', `the model is not admitted to clinical use: ${OBSTACLES[first]}`, {
    details: { obstacle: first },
  });
}

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  'no-robustness-report': 'it has no robustness report; make one with "npm run robustness"',
  'too-few-validation-pictures': 'a class was validated on too few pictures',
  'class-missed': 'it may miss more than half of the images of a class',
  'no-licence': 'its licence is not stated',
};
