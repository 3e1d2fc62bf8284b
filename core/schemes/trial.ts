import type { ParameterValues } from '../published.ts';
import { cipherPicture } from './aes-gcm.ts';
import { objectKey, sealPayload } from './envelope.ts';
import { cropped, type Picture } from './picture.ts';
import { seededNumbers } from './random.ts';
import {
  type Attack,
  type AttackOutcome,
  type Oracle,
  parameterValues,
  type Scheme,
  type Step,
  type Tools,
} from './scheme.ts';

/** An attack on the scheme alone, and the same attack on the scheme inside the envelope. */
export interface Trial {
  readonly values: ParameterValues;
  /** What was attacked: the middle of the picture. */
  readonly secret: Picture;
  readonly bare: AttackOutcome;
  readonly envelope: AttackOutcome;
}

/** Attacks compare every block with every other, so they get the middle of larger pictures: at most this many pixels a side. */
const SIDE = 256;

function middle(picture: Picture, side: number): Picture {
  const [columns, rows] = [Math.min(side, picture.columns), Math.min(side, picture.rows)];
  return cropped(picture, (picture.columns - columns) >> 1, (picture.rows - rows) >> 1, columns, rows);
}

/** What an attack is run on. */
export interface TrialCase {
  readonly secret: Picture;
  readonly key: Uint8Array;
  readonly values: ParameterValues;
  readonly tools: Tools;
  /** The attacker's dice. */
  readonly seed: number;
  /** In hundredths of both attacks. */
  readonly step?: Step;
}

/**
 * Runs an attack twice. Bare, the same key encrypts whatever the attacker asks for, as the papers have it; in the envelope
 * every object has a key and a nonce of its own, and the attacker sees its bytes.
 */
export function runTrial(scheme: Scheme, attack: Attack, trial: TrialCase): Trial {
  const { key, tools, seed } = trial;
  const secret = middle(trial.secret, attack.side ?? SIDE);
  const known = Object.entries(attack.values ?? {}).filter(([name]) =>
    scheme.parameters.some((one) => one.name === name),
  );
  const values = parameterValues(scheme, { ...trial.values, ...Object.fromEntries(known) });
  const bare: Oracle = (picture) => scheme.encrypt(picture, { key, values, tools });
  const envelope: Oracle = (picture) => {
    const fresh = objectKey(tools.engine);
    const made = scheme.encrypt(picture, { key: fresh, values, tools });
    const context = { scheme, values, shape: picture, place: 'laboratory' };
    const payload = sealPayload(tools.engine, fresh, context, made.payload);
    return { cipher: cipherPicture(made.cipher, payload), payload };
  };
  const told = trial.step ?? (() => undefined);
  const run = (oracle: Oracle, before: number): AttackOutcome => {
    const step: Step = (done, total) => told(before + Math.floor((50 * done) / total), 100);
    const outcome = attack.run({ secret, values, oracle, numbers: seededNumbers(seed), step });
    step(1, 1);
    return outcome;
  };
  return { values, secret, bare: run(bare, 0), envelope: run(envelope, 50) };
}
