import type { Argon2id } from '../../core/keys/types.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';
import { type Hardened, loadNativeEngine } from '../../native/engine/index.ts';
import { createNativeArgon2, createNativeEngine } from './native-engine.ts';
import { createPlatformEngine } from './platform-engine.ts';

/** The engine that seals here: the native one where it is built, else the platform's. Both make the same bytes. */
export function chooseEngine(): AeadEngine {
  const { engine } = loadNativeEngine();
  return engine === null ? createPlatformEngine() : createNativeEngine(engine);
}

/** Which engine `chooseEngine` gives, and why it isn't the native one: a sentence for a log. */
export function engineChoice(): { readonly id: 'native' | 'platform'; readonly reason: string | null } {
  const { engine, reason } = loadNativeEngine();
  return { id: engine === null ? 'platform' : 'native', reason };
}

/** Argon2id by the add-on, else by `otherwise`. */
export function chooseArgon2(otherwise: () => Argon2id): Argon2id {
  const { engine } = loadNativeEngine();
  return engine === null ? otherwise() : createNativeArgon2(engine);
}

/**
 * No core dumps and no debuggers for this process from now on, as far as the system and the add-on allow.
 * @returns what was reached, or null where the add-on isn't built
 */
export function hardenProcess(): Hardened | null {
  return loadNativeEngine().engine?.hardenProcess() ?? null;
}
