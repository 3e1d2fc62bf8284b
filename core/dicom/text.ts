/// <reference path="./vendor.d.ts" />
import { convertBytes } from 'dicom-character-set';
import type { Element } from 'dicom-parser';
import type { DicomWarning } from './errors.ts';
import { CHARSET_VRS } from './vr.ts';

const PROBE = new Uint8Array(0);
/** UTF-8 agrees with ASCII, and engines decode it in one step. */
const ASCII = new TextDecoder();

/**
 * Specific Character Set of a level, or null where it has none and the surrounding level's holds (PS3.3 C.12.1.1.2).
 * An unknown term is a warning and means ISO-8859-1, in which every byte is some character.
 */
export function readCharset(
  bytes: Uint8Array,
  element: Element | undefined,
  warnings: Set<DicomWarning>,
): string | null {
  if (!element || element.length === 0) return null;
  let text = '';
  for (const byte of bytes.subarray(element.dataOffset, element.dataOffset + Math.min(element.length, 512))) {
    text += byte < 0x80 ? String.fromCharCode(byte) : '?';
  }
  const terms = text
    .replace(/\0/g, '')
    .split('\\')
    .map((term) => correctSpelling(term.trim().toUpperCase()));
  // Every text may return to ASCII (PS3.5 6.1.2.5.3), whether or not the term is listed.
  const extended = terms.some((term) => term.startsWith('ISO 2022')) && !terms.includes('ISO 2022 IR 6');
  const charset = (extended ? [...terms, 'ISO 2022 IR 6'] : terms).join('\\');
  try {
    convertBytes(charset, PROBE);
    return charset;
  } catch {
    warnings.add('dicom/unknown-charset');
    return 'ISO_IR 100';
  }
}

/** Spellings that are wrong and unmistakable: `ISO IR 100`, `ISO-IR 192`, `ISO 2022-IR 87`. */
function correctSpelling(term: string): string {
  return term.replace(/^ISO[ _-]?2022[ _-]IR[ _-]/, 'ISO 2022 IR ').replace(/^ISO[ _-]IR[ _-]/, 'ISO_IR ');
}

/** Decodes text by its VR: VRs outside Specific Character Set are read byte by byte. */
export function decodeText(bytes: Uint8Array, vr: string, charset: string, warnings: Set<DicomWarning>): string {
  if (isAscii(bytes)) return ASCII.decode(bytes);
  if (!CHARSET_VRS.has(vr)) return latin1(bytes);
  try {
    return convertBytes(charset === '' ? 'ISO_IR 100' : charset, bytes, { vr });
  } catch {
    warnings.add('dicom/unknown-charset');
    return latin1(bytes);
  }
}

/** No escape and no high byte: every character set of DICOM but Shift-JIS' yen sign agrees on these. */
function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80 || byte === 0x1b) return false;
  return true;
}

function latin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return parts.join('');
}
