import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateRawLimited } from '../../electron/decode/inflate.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { toBase64 } from './base64.ts';
import { readHeader } from './read-header.ts';
import type { DicomHeader } from './types.ts';

/** A hand-made dataset, one element after the other, in any of the three uncompressed syntaxes. */
class Writer {
  readonly parts: Buffer[] = [];
  readonly syntax: 'implicit' | 'explicit' | 'big';

  constructor(syntax: Writer['syntax']) {
    this.syntax = syntax;
  }

  /** `length` overrides the true length. */
  put(tag: string, vr: string, value: Buffer | string, length?: number): this {
    const text = Buffer.from(value as string, 'latin1');
    const bytes = text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
    const group = Number.parseInt(tag.slice(0, 4), 16);
    const element = Number.parseInt(tag.slice(4), 16);
    this.parts.push(this.u16(group), this.u16(element));
    const long = /^(O.|SQ|UN|UT|UC|UR|UV|SV)$/.test(vr);
    if (this.syntax !== 'implicit') this.parts.push(Buffer.from(vr));
    if (this.syntax !== 'implicit' && !long) this.parts.push(this.u16(length ?? bytes.length));
    else {
      if (this.syntax !== 'implicit') this.parts.push(Buffer.alloc(2));
      this.parts.push(this.u32(length ?? bytes.length));
    }
    this.parts.push(bytes);
    return this;
  }

  u16(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    if (this.syntax === 'big') bytes.writeUInt16BE(value);
    else bytes.writeUInt16LE(value);
    return bytes;
  }

  u32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (this.syntax === 'big') bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  }

  u64(...values: number[]): Buffer {
    return Buffer.concat(values.map((value) => Buffer.concat([this.u32(value), this.u32(0)])));
  }

  item(inner: Writer, undefinedLength = false): Buffer {
    const bytes = Buffer.concat(inner.parts);
    const start = [this.u16(0xfffe), this.u16(0xe000), this.u32(undefinedLength ? 0xffffffff : bytes.length), bytes];
    const end = [this.u16(0xfffe), this.u16(0xe00d), this.u32(0)];
    return Buffer.concat(undefinedLength ? [...start, ...end] : start);
  }

  /** The whole file, File Meta Information and all. */
  file(): Uint8Array {
    const uid = { implicit: '1.2.840.10008.1.2', explicit: '1.2.840.10008.1.2.1', big: '1.2.840.10008.1.2.2' };
    const meta = new Writer('explicit').put('00020010', 'UI', uid[this.syntax]);
    const length = new Writer('explicit').put('00020000', 'UL', this.le32(Buffer.concat(meta.parts).length));
    const start = [Buffer.alloc(128), Buffer.from('DICM'), ...length.parts, ...meta.parts];
    return new Uint8Array(Buffer.concat([...start, ...this.parts]));
  }

  private le32(value: number): Buffer {
    return new Writer('explicit').u32(value);
  }
}

function read(bytes: Uint8Array): DicomHeader {
  const header = readHeader(bytes, bytes.length, inflateRawLimited);
  if ('need' in header) throw new Error('the whole file was given');
  return header;
}

function start(syntax: Writer['syntax']): Writer {
  return new Writer(syntax).put('00080005', 'CS', 'ISO_IR 100').put('00080018', 'UI', '1.2.3');
}

const SYNTAXES = ['implicit', 'explicit', 'big'] as const;

describe.each(SYNTAXES)('a dataset in %s', (syntax) => {
  it('gives the same JSON, sequences and numbers included', () => {
    const writer = start(syntax);
    const inner = new Writer(syntax).put('00080100', 'SH', 'CODE').put('00080104', 'LO', 'M\xfcller');
    writer.put('00081032', 'SQ', Buffer.concat([writer.item(inner), writer.item(inner, true)]));
    writer.put('00100010', 'PN', 'M\xfcller^J\xf6rg');
    writer.put('00280010', 'US', writer.u16(513)).put('00281052', 'DS', '-1024.5\\2');
    const { json, summary, warnings } = read(writer.file());
    const code = { '00080100': { vr: 'SH', Value: ['CODE'] }, '00080104': { vr: 'LO', Value: ['Müller'] } };
    expect(json['00081032']).toEqual({ vr: 'SQ', Value: [code, code] });
    expect(summary.patientName).toBe('Müller^Jörg');
    expect(summary.rows).toBe(513);
    expect(json['00281052']).toEqual({ vr: 'DS', Value: [-1024.5, 2] });
    expect(warnings).toEqual([]);
  });

  it('reads look-up tables as numbers and bulk data as little endian', () => {
    const writer = start(syntax);
    const table = Buffer.concat([writer.u16(1), writer.u16(2), writer.u16(65535)]);
    writer.put('00281201', 'OW', table).put('60003000', 'OW', Buffer.concat([writer.u16(0x0102), writer.u16(0x0304)]));
    const { json } = read(writer.file());
    expect(json['00281201']?.Value).toEqual([1, 2, 65535]);
    expect(json['60003000']?.InlineBinary).toBe(Buffer.from([2, 1, 4, 3]).toString('base64'));
  });
});

describe('the header reader', () => {
  it('reads representations younger than its parser, and the Extended Offset Table', () => {
    const writer = start('explicit').put('00080302', 'UV', Buffer.alloc(8, 1));
    writer.put('7FE00001', 'OV', writer.u64(0, 4000)).put('7FE00002', 'OV', writer.u64(3990, 17));
    const bytes = Buffer.from(writer.put('7FE00010', 'OB', '', 0xffffffff).file());
    const at = bytes.indexOf('1.2.840.10008.1.2.1\0', 'latin1');
    bytes.write('1.2.840.10008.1.2.5\0', at, 'latin1');
    const { pixels, json } = read(bytes);
    expect(pixels?.element).toBe('encapsulated');
    expect(pixels?.extendedOffsets).toEqual([0, 4000]);
    expect(pixels?.extendedLengths).toEqual([3990, 17]);
    expect(json['00080302']?.vr).toBe('UV');
  });

  it('says what is odd', () => {
    const warningsOf = (writer: Writer): readonly string[] => read(writer.file()).warnings;
    expect(warningsOf(start('explicit').put('00100020', 'LO', 'A').put('00100020', 'LO', 'B'))).toEqual([
      'dicom/repeated-attribute',
    ]);
    expect(warningsOf(start('explicit').put('00100020', 'LO', 'A').put('00080060', 'CS', 'CT'))).toEqual([
      'dicom/out-of-order',
    ]);
    expect(warningsOf(start('explicit').put('00200013', 'IS', 'seven'))).toEqual(['dicom/invalid-value']);
    expect(warningsOf(start('explicit').put('00280030', 'DS', '0\\0'))).toEqual(['dicom/spacing']);
    expect(warningsOf(new Writer('explicit').put('00080005', 'CS', 'KLINGON').put('00080018', 'UI', '1.2'))).toEqual([
      'dicom/unknown-charset',
    ]);
    const open = start('explicit');
    expect(warningsOf(open.put('00081032', 'SQ', open.item(new Writer('explicit'), true), 0xffffffff))).toEqual([
      'dicom/undelimited',
    ]);
  });

  it('refuses lengths beyond the file at once, whatever the prefix', () => {
    const bytes = start('explicit').put('00100020', 'LO', 'A', 65534).file();
    for (const size of [bytes.length, bytes.length + 5000]) {
      expect(() => readHeader(bytes, size, inflateRawLimited)).toThrowError(
        expect.objectContaining({ code: 'dicom/value-length' }),
      );
    }
  });

  it('does not ask for a document that fills the rest of the file', () => {
    const bytes = start('explicit').put('00420011', 'OB', '', 50_000_000).file();
    const header = readHeader(bytes, bytes.length + 50_000_000, inflateRawLimited);
    expect('need' in header).toBe(false);
  });

  it('cuts sequences deeper than 64 levels, and says so', () => {
    let inner = new Writer('explicit').put('00080100', 'SH', 'DEEP');
    for (let level = 0; level < 80; level++) {
      const outer = new Writer('explicit');
      inner = outer.put('00081032', 'SQ', outer.item(inner));
    }
    const writer = start('explicit');
    writer.parts.push(...inner.parts);
    const { json, warnings } = read(writer.file());
    expect(warnings).toEqual(['dicom/nesting-cut']);
    expect(JSON.stringify(json)).not.toContain('DEEP');
  });
});

describe('toBase64', () => {
  it('agrees with the platform', async () => {
    await assertProperty(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        (bytes) => toBase64(bytes) === Buffer.from(bytes).toString('base64'),
      ),
    );
    const long = Buffer.alloc(20_000, 'vitrine');
    expect(toBase64(long)).toBe(long.toString('base64'));
  });
});
