import { beforeAll, describe, expect, it } from 'vitest';
import type { operations } from '../../core/contract/operations.ts';
import type { DicomCode, DicomWarning } from '../../core/dicom/errors.ts';
import type { KeychainCode, KeysCode } from '../../core/keys/errors.ts';
import type { UsersCode } from '../../core/keys/users/errors.ts';
import type { PrivateCode } from '../../core/private/errors.ts';
import type { SealCode } from '../../core/seal/errors.ts';
import type { CareCode, ImportCode, VaultCode, VaultWarning } from '../../core/vault/errors.ts';
import type { SourceCode } from '../../electron/sources/types.ts';
import { UiError } from '../bridge/bridge.ts';
import type { ImageCode } from '../cornerstone/errors.ts';
import { FAULT_CODES, type FaultCode, FILE_CODES, type FileCode, WARNING_CODES, type WarningCode } from './codes.ts';
import { errorText, errorTextOf, fileReason, warningText } from './errors.ts';
import { changeLanguage, startText } from './text.ts';

type Declared =
  | PrivateCode
  | DicomCode
  | KeysCode
  | KeychainCode
  | UsersCode
  | SealCode
  | VaultCode
  | CareCode
  | ImportCode
  | SourceCode
  | ImageCode;
type OfOperations = (typeof operations)[keyof typeof operations]['errors'][number];

/** Fails the type check, naming the codes, when a stage declares one that this room has no words for. */
type Unworded = Exclude<Declared | OfOperations, FaultCode | FileCode>;
const unworded: [Unworded] extends [never] ? true : Unworded = true;
type UnwordedWarning = Exclude<DicomWarning | VaultWarning, WarningCode>;
const unwordedWarning: [UnwordedWarning] extends [never] ? true : UnwordedWarning = true;

beforeAll(() => startText('en'));

describe('the words for errors', () => {
  it('cover every declared code (checked by the compiler)', () => {
    expect([unworded, unwordedWarning]).toEqual([true, true]);
  });

  it.each(['en', 'de'] as const)('say what happened, what was kept and what is next (%s)', async (language) => {
    await changeLanguage(language);
    for (const code of [...FAULT_CODES, ...FILE_CODES]) {
      const { what, kept, next } = errorText(code, { minimum: 8, version: 2 });
      for (const sentence of [what, kept, next]) {
        expect(sentence, code).toMatch(/^\p{Lu}.*\.$/u);
        expect(sentence, code).not.toMatch(/\{\{|undefined|oops|invalid|fatal|illegal/i);
      }
    }
    for (const code of FILE_CODES) expect(fileReason(code), code).toMatch(/^\p{Ll}/u);
    for (const code of WARNING_CODES) expect(warningText(code), code).toMatch(/^\p{Lu}.*\.$/u);
    await changeLanguage('en');
  });

  it('name a code that nobody worded, and say nothing of what was thrown', () => {
    expect(errorText('future/thing').what).toContain('future/thing');
    expect(fileReason('future/thing')).toContain('future/thing');
    expect(errorTextOf(new Error('DOE^JANE')).what).not.toContain('DOE');
    expect(errorTextOf(new UiError('keys/weak-passphrase', { minimum: 12 })).next).toContain('12');
  });

  it('put the reason after the name of a file', () => {
    expect(`IM_0442 ${fileReason('dicom/pixels-short')}`).toBe('IM_0442 ends before its pixels do');
    expect(errorText('dicom/not-dicom').what).toBe('A file is not a DICOM file.');
  });
});
