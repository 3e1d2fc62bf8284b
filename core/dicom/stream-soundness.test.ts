import { describe, expect, it } from 'vitest';
import { isSoundStream } from './stream-soundness.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

const JPEG = 'ffd8 ffdb 0004 0000 ffc0 0005 080001 ffda 0003 00';
const JPEG_2000 = 'ff4f ff51 0004 0000';

describe('isSoundStream', () => {
  it('takes a JPEG with stuffed bytes, restarts and an end', () => {
    expect(isSoundStream('jpeg', hex(`${JPEG} 1234 ff00 56 ffd3 78 ffd9`))).toBe(true);
    expect(isSoundStream('jpeg-lossless', hex(`${JPEG} 12 ffd9 00`))).toBe(true);
  });

  it('notices a marker that can not be there, and a missing end', () => {
    expect(isSoundStream('jpeg', hex(`${JPEG} 1234 ff05 56 ffd9`))).toBe(false);
    expect(isSoundStream('jpeg', hex(`${JPEG} 1234 56`))).toBe(false);
  });

  it('knows that JPEG-LS stuffs a bit where JPEG stuffs a byte', () => {
    const scan = `${JPEG} 1234 ff7f 56 ffd9`;
    expect(isSoundStream('jpeg-ls', hex(scan))).toBe(true);
    expect(isSoundStream('jpeg', hex(scan))).toBe(false);
    expect(isSoundStream('jpeg-ls', hex(`${JPEG} 1234 ff80 56 ffd9`))).toBe(false);
  });

  it('follows the tile-parts of JPEG 2000', () => {
    const part = (data: string, length: string): string => `ff90 000a 0000 ${length} 00 01 ff93 ${data}`;
    expect(isSoundStream('jpeg-2000', hex(`${JPEG_2000} ${part('12ff8f34', '00000012')} ffd9`))).toBe(true);
    expect(isSoundStream('jpeg-2000', hex(`${JPEG_2000} ${part('12ff8f34', '00000000')} ffd9`))).toBe(true);
    expect(isSoundStream('jpeg-2000', hex(`${JPEG_2000} ${part('12ff9a34', '00000012')} ffd9`))).toBe(false);
    expect(isSoundStream('jpeg-2000', hex(`${JPEG_2000} ${part('12ff8f34', '00000099')} ffd9`))).toBe(false);
    expect(isSoundStream('htj2k', hex(`${JPEG_2000} ${part('1234', '00000010')}`))).toBe(false);
  });
});
