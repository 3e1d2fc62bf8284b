import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inflateRawLimited } from '../../electron/decode/inflate.ts';
import { memoryReader, pixelsOf } from '../../electron/decode/pixels-of.ts';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import { VitrineError } from '../errors.ts';
import { ImageWalker } from './image-walker.ts';
import { HEADER_FIRST_READ, readHeader } from './read-header.ts';
import type { DicomHeader } from './types.ts';

interface Outcome {
  refused: string | null;
  warnings: string[];
  header: DicomHeader | null;
}

function importOutcome(path: string): Outcome {
  const bytes = new Uint8Array(readFileSync(path));
  try {
    let length = Math.min(HEADER_FIRST_READ, bytes.length);
    let header: DicomHeader | null = null;
    while (!header) {
      const result = readHeader(bytes.slice(0, length), bytes.length, inflateRawLimited);
      if ('need' in result) length = result.need;
      else header = result;
    }
    const walker = new ImageWalker(header);
    for (let at = 0; at < bytes.length; at += 4096) walker.push(bytes.subarray(at, at + 4096));
    return { refused: null, warnings: [...header.warnings, ...walker.finish().warnings], header };
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    return { refused: error.code, warnings: [], header: null };
  }
}

const broken = sharedData('dicom/broken');
const table = broken ? readFileSync(join(broken, 'made', 'expected.csv'), 'utf8') : '';
const expected = table
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => ({ file: line.split(',')[0] ?? '', line }))
  .filter(({ file }) => file.endsWith('.dcm'));

/** Flips inside an entropy-coded stream show, if at all, when the frame is decoded: import doesn't decode. */
const SHOWS_WHEN_DECODED = /^stream-bitflips-/;

describe.skipIf(!broken)('made files end as expected.csv says', () => {
  it.each(expected)('$file', ({ file, line }) => {
    const { refused, warnings } = importOutcome(join(broken ?? '', 'made', file));
    if (line.includes('open with a visible warning, or reject')) {
      if (!SHOWS_WHEN_DECODED.test(file)) expect(refused !== null || warnings.length > 0).toBe(true);
    } else if (/no crash, no hang/.test(line)) expect(true).toBe(true);
    else if (/reject/.test(line)) expect(refused).not.toBeNull();
    else expect({ refused, warnings }).toEqual({ refused: null, warnings: [] });
  });

  it('flips in the streams are shown or decode to something', async () => {
    for (const kind of ['rle', 'j2k', 'jls']) {
      const path = join(broken ?? '', 'made', `stream-bitflips-${kind}.dcm`);
      await pixelsOf(memoryReader(new Uint8Array(readFileSync(path)))).catch((error: unknown) => {
        expect(error).toBeInstanceOf(VitrineError);
      });
    }
    const rle = importOutcome(join(broken ?? '', 'made', 'stream-bitflips-rle.dcm'));
    expect(rle.warnings).toContain('dicom/stream-damaged');
  });
});

/** What is sensible for each file found in the wild. */
const WILD: Record<string, string> = {
  'ExplVR_BigEndNoMeta.dcm': 'dicom/no-preamble',
  'ExplVR_LitEndNoMeta.dcm': 'dicom/no-preamble',
  'J2K_pixelrep_mismatch.dcm': 'dicom/stream-bits',
  'JPEG2000-embedded-sequence-delimiter.dcm': 'refused dicom/codestream-size',
  'MR_small_padded.dcm': 'dicom/pixel-length',
  'MR_truncated.dcm': 'refused dicom/pixels-short',
  'UN_sequence.dcm': 'refused dicom/no-identity',
  'badVR.dcm': 'dicom/invalid-value',
  'bad_sequence.dcm': '',
  'emri_small_jpeg_2k_lossless_too_short.dcm': 'dicom/undelimited',
  'meta_missing_tsyntax.dcm': 'refused dicom/malformed',
  'no_meta.dcm': 'refused dicom/not-dicom',
  'no_meta_group_length.dcm': 'refused dicom/no-identity',
  'reportsi_with_empty_number_tags.dcm': '',
  'rtplan_truncated.dcm': 'refused dicom/value-length',
};

describe.skipIf(!broken)('files found in the wild', () => {
  it.each(Object.entries(WILD))('%s', (file, outcome) => {
    const { refused, warnings } = importOutcome(join(broken ?? '', file));
    if (outcome.startsWith('refused')) expect(`refused ${refused}`).toBe(outcome);
    else {
      expect(refused).toBeNull();
      if (outcome === '') expect(warnings).toEqual([]);
      else expect(warnings).toContain(outcome);
    }
  });
});

const charsets = sharedData('dicom/charset');
const NAMES: Record<string, [string, string | null]> = {
  'chrArab.dcm': ['قباني^لنزار', null],
  'chrFren.dcm': ['Buc^Jérôme', null],
  'chrGerm.dcm': ['Äneas^Rüdiger', null],
  'chrGreek.dcm': ['Διονυσιος', null],
  'chrH31.dcm': ['Yamada^Tarou', '山田^太郎'],
  'chrH32.dcm': ['ﾔﾏﾀﾞ^ﾀﾛｳ', '山田^太郎'],
  'chrHbrw.dcm': ['שרון^דבורה', null],
  'chrI2.dcm': ['Hong^Gildong', '洪^吉洞'],
  'chrRuss.dcm': ['Люкceмбypг', null],
  'chrX1.dcm': ['Wang^XiaoDong', '王^小東'],
  'chrX2.dcm': ['Wang^XiaoDong', '王^小东'],
};

describe.skipIf(!charsets)('character sets', () => {
  it.each(Object.entries(NAMES))('%s', (file, [alphabetic, ideographic]) => {
    const { header } = importOutcome(join(charsets ?? '', file));
    expect(header?.summary.patientName).toBe(alphabetic);
    expect(header?.summary.patientNameIdeographic).toBe(ideographic);
    expect(header?.warnings).toEqual([]);
  });

  it('an item may have a character set of its own', () => {
    const bytes = new Uint8Array(readFileSync(join(charsets ?? '', 'chrSQEncoding.dcm')));
    const header = readHeader(bytes, bytes.length, inflateRawLimited);
    if ('need' in header) throw new Error('the whole file was given');
    expect(JSON.stringify(header.json['00321064'])).toContain('ﾔﾏﾀﾞ^ﾀﾛｳ');
    expect(header.warnings).toEqual([]);
  });
});

const syntaxes = sharedData('dicom/syntaxes');

describe.skipIf(!syntaxes)('every transfer syntax', () => {
  const groups = syntaxes ? readdirSync(syntaxes) : [];
  it.each(groups)('%s opens without a warning', (group) => {
    for (const file of readdirSync(join(syntaxes ?? '', group))) {
      const { refused, warnings } = importOutcome(join(syntaxes ?? '', group, file));
      // These two samples carry no Study or Series Instance UID.
      expect([file, refused]).toEqual([file, group === 'htj2k' ? 'dicom/no-identity' : null]);
      expect([file, warnings]).toEqual([file, []]);
    }
  });
});
