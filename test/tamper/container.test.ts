import { describe, expect, it } from 'vitest';
import { utf8 } from '../../core/bytes.ts';
import { type Container, examine, jsonMeaning } from './container.ts';

const whole = utf8('{"a":1}\n');
const container = (read: (bytes: Uint8Array) => string | null): Container => ({
  ...{ kind: 'test', way: 'test', bytes: whole, bits: 'one', meaning: jsonMeaning },
  ways: [{ read }],
});
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('an examination', () => {
  it('counts what is refused, and what means the same', async () => {
    const strict = container((bytes) => (text(bytes).trimEnd() === '{"a":1}' ? 'a' : null));
    const found = await examine(strict, 1);
    expect(found).toMatchObject({ bytesFlipped: 8, flips: 8, truncations: 8, accepted: 0, sameMeaning: 1 });
  });

  it('finds one byte that nobody looks at, and one that is read as another', async () => {
    const careless = container((bytes) => (bytes.length === 8 && text(bytes).startsWith('{"a"') ? 'a' : null));
    expect(await examine(careless, 1)).toMatchObject({
      accepted: 4,
      which: expect.arrayContaining(['bit 5 of byte 5']),
    });
    const trusting = container((bytes) => (bytes.length === 8 ? text(bytes) : null));
    expect(await examine(trusting, 1)).toMatchObject({ accepted: 8 });
    expect(await examine(trusting, 5)).toMatchObject({ bytesFlipped: 3, accepted: 3 });
  });

  it('proves nothing of what isn’t opened untouched', async () => {
    await expect(
      examine(
        container(() => null),
        1,
      ),
    ).rejects.toThrow('untouched');
  });

  it('wants every change refused by somebody, and nobody told anything else', async () => {
    const [first, second] = [0, 4].map((at) => ({
      read: (bytes: Uint8Array) =>
        text(bytes.subarray(at, at + 4)) === text(whole.subarray(at, at + 4)) ? 'key' : null,
    }));
    if (first === undefined || second === undefined) throw new Error('two ways');
    const shared = { ...container(() => 'key'), ways: [first, second] };
    expect(await examine(shared, 1)).toMatchObject({ accepted: 0 });
    expect(await examine({ ...shared, ways: [first] }, 1)).toMatchObject({ accepted: 8 - 1, sameMeaning: 1 });
  });
});
