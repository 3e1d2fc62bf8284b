import { randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProperty } from '../../test/fixtures/property.ts';
import { createRecoverySecret, formatRecoveryCode, parseRecoveryCode } from './recovery-code.ts';

const code = () => formatRecoveryCode(createRecoverySecret((out) => randomFillSync(out)));

describe('recovery code', () => {
  it('has nine groups of four from an alphabet without 0 O 1 I', () => {
    for (let i = 0; i < 200; i++) expect(code()).toMatch(/^([2-9A-HJ-NP-Z]{4}-){8}[2-9A-HJ-NP-Z]{4}$/);
  });

  it('reads back, however it is typed', async () => {
    await assertProperty(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (secret) => {
        const text = formatRecoveryCode(secret);
        for (const typed of [
          text,
          text.toLowerCase(),
          text.replaceAll('-', ''),
          ` ${text.replaceAll('-', ' \u2013 ')}\n`,
        ])
          expect(parseRecoveryCode(typed)).toEqual(secret);
      }),
    );
  });

  it('tells every single wrong character and every swap of neighbours', () => {
    const text = code().replaceAll('-', '');
    for (let at = 0; at < text.length; at++) {
      for (const other of '23456789ABCDEFGHJKLMNPQRSTUVWXYZ') {
        if (other === text[at]) continue;
        const typed = text.slice(0, at) + other + text.slice(at + 1);
        expect(() => parseRecoveryCode(typed)).toThrow(
          expect.objectContaining({ code: 'keys/recovery-code-mistyped' }),
        );
      }
      const swapped = text.slice(0, at) + text.slice(at + 1, at + 2) + text[at] + text.slice(at + 2);
      if (swapped !== text) expect(() => parseRecoveryCode(swapped)).toThrow();
    }
  });

  it('names the group of a character that no code has', () => {
    const text = code();
    const typed = `${text.slice(0, 11)}O${text.slice(12)}`;
    expect(() => parseRecoveryCode(typed)).toThrow(expect.objectContaining({ details: { group: 3 } }));
    expect(() => parseRecoveryCode('')).toThrow(expect.objectContaining({ details: { group: 0 } }));
    expect(() => parseRecoveryCode(text.slice(0, -1))).toThrow(expect.objectContaining({ details: { group: 0 } }));
  });
});
