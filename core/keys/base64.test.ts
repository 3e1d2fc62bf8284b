import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProperty } from '../../test/fixtures/property.ts';
import { fromBase64, toBase64 } from './base64.ts';

describe('base64', () => {
  it('is what Buffer writes, and reads back', async () => {
    await assertProperty(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AAA', 'AA=A', '====', 'A===', 'AB==', 'AAB=', 'AA-_', 'AAA\n'])('refuses %j', (text) => {
    expect(() => fromBase64(text)).toThrow(RangeError);
  });
});
