import type { ParameterValues } from '../published.ts';
import { cipherPicture } from './aes-gcm.ts';
import { objectKey, sealPayload } from './envelope.ts';
import { cropped, type Picture } from './picture.ts';
import { seededNumbers } from './random.ts';
import { type Attack, type AttackOutcome, type Oracle, parameterValues, type Scheme, type Tools } from './scheme.ts';

/** An attack on the scheme alone, and the same attack on the scheme inside the envelope. */
export interface Trial {
  readonly values: ParameterValues;
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
  const run = (oracle: Oracle): AttackOutcome => attack.run({ secret, values, oracle, numbers: seededNumbers(seed) });
  return { values, bare: run(bare), envelope: run(envelope) };
}
