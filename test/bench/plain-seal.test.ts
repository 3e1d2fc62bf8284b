import { expect, it } from 'vitest';
import * as sealed from '../../core/seal/seal.ts';
import * as plain from './plain-seal.ts';

it('offers all that the seal offers, so that the plain application can be bundled with it', () => {
  expect(Object.keys(plain).sort()).toEqual(Object.keys(sealed).sort());
});
