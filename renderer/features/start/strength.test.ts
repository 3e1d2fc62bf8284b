import { describe, expect, it } from 'vitest';
import { strengthOf } from './strength.ts';

describe('strengthOf', () => {
  it.each([
    ['', 'empty'],
    ['abc', 'short'],
    ['aaaaaaaaaaaa', 'weak'],
    ['abcdefgh', 'weak'],
    ['12345678', 'weak'],
    ['19611961', 'weak'],
    ['radiology', 'fair'],
    ['correct horse battery staple', 'strong'],
    ['Kf7#qp2!xW9z', 'strong'],
  ])('%s', (passphrase, level) => expect(strengthOf(passphrase)).toBe(level));
});
