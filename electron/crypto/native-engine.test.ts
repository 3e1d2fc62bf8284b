import { describe, expect, it } from 'vitest';
import { utf8 } from '../../core/bytes.ts';
import { createChunkSealer } from '../../core/seal/v1/chunk-sealer.ts';
import { createSealer } from '../../core/seal/v1/floe.ts';
import type { NativeEngine } from '../../native/engine/index.ts';
import { nativeEngine, nativeTitle } from '../../test/fixtures/engines.ts';
import { argon2idDirect } from './argon2.ts';
import { chooseArgon2, chooseEngine, engineChoice } from './choose-engine.ts';
import { createNativeArgon2, createNativeEngine } from './native-engine.ts';
import { createPlatformEngine } from './platform-engine.ts';

describe('the chosen engine', () => {
  it('is the one that is named, and a reason is given where it is the slower one', () => {
    const { id, reason } = engineChoice();
    expect(chooseEngine().id).toBe(id);
    expect(reason === null).toBe(id === 'native');
    expect(chooseArgon2(() => argon2idDirect) === argon2idDirect).toBe(id === 'platform');
  });
});

describe.skipIf(nativeEngine === null)(nativeTitle, () => {
  const native = nativeEngine as NativeEngine;

  it.each([
    [2, 256, 1],
    [1, 1024, 4],
    [3, 100, 2],
  ])('derives by Argon2id what hash-wasm derives: t=%i m=%i p=%i', async (iterations, memoryKiB, parallelism) => {
    const request = [utf8('password'), utf8('somesalt'), { iterations, memoryKiB, parallelism }, 32] as const;
    expect(await createNativeArgon2(native)(...request)).toEqual(await argon2idDirect(...request));
  });

  it('takes no key that another holds, and gives none of its own away', () => {
    const engine = createNativeEngine(native);
    const held = engine.bulk?.generateKey();
    if (held === undefined) throw new Error('the native engine holds keys');
    const code = expect.objectContaining({ code: 'seal/bad-argument' });
    expect(() => createSealer(createPlatformEngine(), held, new Uint8Array(0))).toThrow(code);
    expect(() => createSealer(engine, { close: () => undefined }, new Uint8Array(0))).toThrow();
    expect(() => createSealer(engine, new Uint8Array(31), new Uint8Array(0))).toThrow(code);
  });

  it('refuses memory that is too small for what it seals', () => {
    const sealer = createChunkSealer(
      createNativeEngine(native),
      new Uint8Array(32),
      new Uint8Array(0),
      new Uint8Array(8),
    );
    const chunk = new Uint8Array(300_000);
    const code = expect.objectContaining({ code: 'seal/bad-argument' });
    expect(() => sealer.updateInto(chunk, new Uint8Array(100_000))).toThrow(code);
  });
});
