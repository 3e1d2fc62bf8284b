/// <reference path="./vendor.d.ts" />
import dictionary from 'dcmjs/dictionary';

/** Value representations whose text follows Specific Character Set (PS3.5 6.1.2.3). */
export const CHARSET_VRS: ReadonlySet<string> = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
/** Text that holds one value: a backslash in it is a character, not a separator. */
export const SINGLE_TEXT_VRS: ReadonlySet<string> = new Set(['LT', 'ST', 'UT', 'UR']);
/** Text in the default repertoire. */
const ASCII_VRS: ReadonlySet<string> = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI', 'UR']);
/** Bytes per value of the binary number representations. */
export const NUMBER_SIZE: ReadonlyMap<string, number> = new Map([
  ['US', 2],
  ['SS', 2],
  ['UL', 4],
  ['SL', 4],
  ['FL', 4],
  ['FD', 8],
  ['UV', 8],
  ['SV', 8],
  ['OV', 8],
  ['AT', 4],
]);

const OTHER_VRS = ['OB', 'OD', 'OF', 'OL', 'OW', 'SQ', 'UN'];
const KNOWN_VRS: ReadonlySet<string> = new Set([...CHARSET_VRS, ...ASCII_VRS, ...NUMBER_SIZE.keys(), ...OTHER_VRS]);

/** True for the 34 value representations of PS3.5 6.2. */
export function isKnownVr(vr: string): boolean {
  return KNOWN_VRS.has(vr);
}

/** The dictionary's names for "one of several", resolved to the one that is right for values we read as numbers. */
const RESOLVED: Readonly<Record<string, string>> = { ox: 'OW', lt: 'OW', up: 'UL', na: 'UN' };

const found = new Map<string, string | null>();

/**
 * Value representation of a standard attribute by the dictionary, or null for private and unknown ones.
 * @param tag eight hexadecimal digits, upper case.
 * @param signed whether Pixel Representation says two's complement; decides "US or SS".
 */
export function vrOf(tag: string, signed = false): string | null {
  let vr = found.get(tag);
  if (vr === undefined) {
    vr = lookUp(tag);
    found.set(tag, vr);
  }
  if (vr === 'xs') return signed ? 'SS' : 'US';
  return vr;
}

function lookUp(tag: string): string | null {
  const group = tag.slice(0, 4);
  const element = tag.slice(4);
  if (Number.parseInt(group, 16) % 2 === 1) return privateVr(element);
  if (element === '0000') return 'UL';
  const entry = dictionary[`(${group},${element})`] ?? dictionary[`(${repeatingGroup(group)},${element})`];
  if (!entry) return null;
  return RESOLVED[entry.vr] ?? entry.vr;
}

/** Private creators are LO (PS3.5 7.8.1); of the rest nothing is known. */
function privateVr(element: string): string | null {
  return element >= '0010' && element <= '00FF' ? 'LO' : null;
}

function repeatingGroup(group: string): string {
  if (group.startsWith('60')) return '6000-60FF';
  if (group.startsWith('50')) return '5000-50FF';
  return group;
}
