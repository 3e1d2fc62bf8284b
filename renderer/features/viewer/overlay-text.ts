import { type Dataset, number, numbers, TAG, text } from '../../cornerstone/dataset.ts';
import type { FrameFacts } from '../../cornerstone/facts.ts';
import type { ViewState } from '../../cornerstone/view-state.ts';
import type { Faults } from './study.ts';

/** Lines of the four corners (ui.md section 2). Bottom corners read upwards from the edge in the same order. */
export interface Corners {
  readonly topLeft: readonly string[];
  readonly topRight: readonly string[];
  readonly bottomLeft: readonly string[];
  readonly bottomRight: readonly string[];
}

/** Words that the overlay needs from renderer/text, so that this stays free of it. */
export interface OverlayWords {
  image(index: number, count: number): string;
  zoom(percent: number): string;
  window(width: string, level: string, name: string): string;
  series(number: number): string;
  thickness(millimetres: string): string;
  location(millimetres: string): string;
  contrast(agent: string): string;
  sex(code: string): string;
}

/** False for a value that is there only to say that nothing is. */
const said = (value: string): boolean => !/^(none|no|n\/?a)?$/i.test(value.trim());

const present = (line: string): boolean => line.trim() !== '';

/** `DOE^Jane` as `DOE, Jane`. */
export function personName(raw: string): string {
  const [family = '', given = '', middle = ''] = raw.split('=')[0]?.split('^') ?? [];
  const rest = [given, middle].filter(present).join(' ');
  return rest === '' ? family.trim() : `${family.trim()}, ${rest}`;
}

/** DA as ISO 8601: `20261125` to `2026-11-25`. Anything else as it is. */
export function isoDate(raw: string): string {
  return /^\d{8}$/.test(raw) ? `${raw.slice(0, 4)}-${raw.slice(4, 6)}-${raw.slice(6)}` : raw;
}

/** TM to seconds: `142907.31` to `14:29:07`. */
export function isoTime(raw: string): string {
  const match = /^(\d{2})(\d{2})?(\d{2})?/.exec(raw);
  if (match === null) return '';
  return [match[1], match[2], match[3]].filter((part) => part !== undefined).join(':');
}

/** AS without its leading zeros: `045Y` to `45 Y`. */
function age(raw: string): string {
  const match = /^0*(\d+)([DWMY])$/.exec(raw);
  return match === null ? raw : `${match[1]} ${match[2]}`;
}

function few(value: number, places: number): string {
  return String(Number(value.toFixed(places))).replace('-', '\u2212');
}

function acquired(dataset: Dataset): string {
  const both = text(dataset, TAG.acquisitionDateTime);
  if (/^\d{14}/.test(both)) return `${isoDate(both.slice(0, 8))} ${isoTime(both.slice(8))}`;
  const date = text(dataset, TAG.acquisitionDate) || text(dataset, TAG.seriesDate) || text(dataset, TAG.studyDate);
  const time = text(dataset, TAG.acquisitionTime) || text(dataset, TAG.seriesTime) || text(dataset, TAG.studyTime);
  return `${isoDate(date)} ${isoTime(time)}`.trim();
}

function pair(dataset: Dataset, tag: string, name: string, unit: string): string {
  const value = number(dataset, tag);
  return value === null ? '' : `${name} ${few(value, 1)}${unit}`;
}

function joined(...parts: string[]): string {
  return parts.filter(present).join('  ');
}

/** What a modality adds: how the image was made. */
function technique(facts: FrameFacts): string[] {
  const { dataset, modality } = facts;
  if (modality === 'CT') {
    return [
      joined(pair(dataset, TAG.kvp, '', ' kV').trim(), pair(dataset, TAG.exposure, '', ' mAs').trim()),
      text(dataset, TAG.kernel).split('\\').filter(said).join(' '),
    ];
  }
  if (modality === 'MR')
    return [joined(pair(dataset, TAG.repetitionTime, 'TR', ' ms'), pair(dataset, TAG.echoTime, 'TE', ' ms'))];
  if (modality === 'PT' || modality === 'NM') return [facts.suv === null ? '' : 'SUV bw'];
  if (modality === 'XA' || modality === 'RF') {
    return [joined(pair(dataset, TAG.primaryAngle, 'LAO/RAO', '°'), pair(dataset, TAG.secondaryAngle, 'CRA/CAU', '°'))];
  }
  if (modality === 'US') {
    return [
      pair(dataset, TAG.scanDepth, '', ' mm').trim(),
      joined(
        pair(dataset, TAG.mechanicalIndex, 'MI', ''),
        pair(dataset, TAG.softTissueThermalIndex, 'TIs', ''),
        pair(dataset, TAG.boneThermalIndex, 'TIb', ''),
        pair(dataset, TAG.cranialThermalIndex, 'TIc', ''),
      ),
    ];
  }
  if (modality === 'MG' || modality === 'DX' || modality === 'CR') return [text(dataset, TAG.viewPosition)];
  if (modality === 'ES' || modality === 'XC' || modality === 'SM') {
    return [text(dataset, TAG.bodyPart), text(dataset, TAG.imageComments).slice(0, 60)];
  }
  return [];
}

function lateralityOf(dataset: Dataset): string {
  return text(dataset, TAG.imageLaterality) || text(dataset, TAG.laterality);
}

/** Distance of the slice along its normal, from Slice Location or from the position in space. */
function location(facts: FrameFacts): number | null {
  const { patient } = facts.plane;
  if (patient === null) return number(facts.dataset, TAG.sliceLocation);
  const { row, column, position } = patient;
  const normal = [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ] as const;
  return position[0] * normal[0] + position[1] * normal[1] + position[2] * normal[2];
}

function windowLine(state: ViewState, words: OverlayWords, suv: boolean): string {
  if (state.window === null) return '';
  const { width, center, name } = state.window;
  const places = suv || width < 10 ? 2 : 0;
  return words.window(few(width, places), few(center, places), name);
}

function lossyLine(facts: FrameFacts): string {
  const ratios = numbers(facts.dataset, TAG.lossyRatio);
  const ratio = ratios.reduce((product, value) => product * value, 1);
  return facts.lossy && ratios.length > 0 ? `${few(ratio, 1)}:1` : '';
}

/** Text of the four corners. `value` is what lies under the pointer, or empty. */
export function cornerTexts(
  facts: FrameFacts,
  state: ViewState,
  minimal: boolean,
  words: OverlayWords,
  value: string,
): Corners {
  const { dataset } = facts;
  const count = state.stack?.imageIds.length ?? 0;
  const name = personName(text(dataset, TAG.patientName));
  const id = text(dataset, TAG.patientId);
  const image = words.image(state.index + 1, count);
  const window = windowLine(state, words, facts.suv !== null);
  const laterality = lateralityOf(dataset);
  // Nothing is drawn then: it has no zoom and no window.
  const failed = state.error !== null;
  if (minimal) {
    const date = isoDate(text(dataset, TAG.studyDate));
    return {
      topLeft: [name, id].filter(present),
      topRight: [date].filter(present),
      bottomLeft: (failed ? [image] : [image, window]).filter(present),
      bottomRight: [laterality].filter(present),
    };
  }
  const birth = isoDate(text(dataset, TAG.birthDate));
  const series = number(dataset, TAG.seriesNumber);
  const thickness = number(dataset, TAG.sliceThickness);
  const place = location(facts);
  const agent = text(dataset, TAG.contrast);
  const contrast = said(agent) ? agent : '';
  return {
    topLeft: [name, joined(birth, age(text(dataset, TAG.age)), words.sex(text(dataset, TAG.sex))), id].filter(present),
    topRight: [
      text(dataset, TAG.institution),
      text(dataset, TAG.studyDescription),
      text(dataset, TAG.accession),
      acquired(dataset),
    ].filter(present),
    bottomLeft: (failed
      ? [image]
      : [image, words.zoom(Math.round(state.zoom * 100)), window, value, lossyLine(facts)]
    ).filter(present),
    bottomRight: [
      series === null ? '' : words.series(series),
      text(dataset, TAG.seriesDescription),
      ...technique(facts),
      laterality,
      contrast === '' ? '' : words.contrast(contrast),
      thickness === null ? '' : words.thickness(few(thickness, 2)),
      place === null ? '' : words.location(few(place, 1)),
    ].filter(present),
  };
}

/** What must be said on the image even when the overlays are off. Keys of renderer/text. */
export type Badge =
  | 'viewer.badge.doubtful'
  | 'viewer.badge.remarks'
  | 'viewer.badge.lossy'
  | 'viewer.badge.flipped'
  | 'viewer.badge.rotated'
  | 'viewer.badge.uncalibrated'
  | 'viewer.badge.detector'
  | 'viewer.badge.corrected'
  | 'viewer.badge.outside';

/** Remarks of the import that concern the grey values themselves. */
const PIXEL_WARNINGS: ReadonlySet<string> = new Set([
  'dicom/stream-bits',
  'dicom/stream-damaged',
  'dicom/pixels-doubtful',
  'dicom/high-bit',
]);

/** Characters up to which a line with a number is never cut: a cut number reads as another one. */
const WHOLE = 20;

/** Whether a line must be shown whole, however narrow the viewport is. Longer ones hold words, which come last. */
export function mustBeWhole(line: string): boolean {
  return line.length <= WHOLE && /\d/.test(line);
}

/** Badges of an image as it is shown. The gravest stands first; the reasons are in the info panel. */
export function badgesOf(facts: FrameFacts, state: ViewState, outside: boolean, faults: Faults): Badge[] {
  const { calibration } = facts.plane;
  const doubtful = faults.doubts.length > 0 || faults.warnings.some((code) => PIXEL_WARNINGS.has(code));
  const remarked = faults.conflict || faults.warnings.some((code) => !PIXEL_WARNINGS.has(code));
  const badges: [Badge, boolean][] = [
    ['viewer.badge.doubtful', doubtful],
    ['viewer.badge.remarks', remarked],
    ['viewer.badge.outside', outside],
    ['viewer.badge.lossy', facts.lossy],
    ['viewer.badge.flipped', state.flippedHorizontally || state.flippedVertically],
    ['viewer.badge.rotated', state.rotation !== 0],
    ['viewer.badge.uncalibrated', calibration.kind === 'none'],
    ['viewer.badge.detector', calibration.kind === 'detector'],
    ['viewer.badge.corrected', calibration.kind === 'patient' && calibration.corrected],
  ];
  return badges.filter(([, shown]) => shown).map(([badge]) => badge);
}

/** Height of a line, and of what must stay free above, below and around the letter in the middle; overlay.css, CSS pixels. */
const LINE = 18;
const MARGIN = 6;
const HALF_LETTER = 10;

/**
 * Whether the corners stay clear of each other and of the letters between them. The line under the pointer is always
 * counted, so that the overlay doesn't change when the pointer comes.
 */
export function fitsHeight(corners: Corners, badges: number, height: number): boolean {
  const left = Math.max(corners.topLeft.length + badges, corners.bottomLeft.length + 1);
  const right = Math.max(corners.topRight.length, corners.bottomRight.length);
  return MARGIN + LINE * Math.max(left, right) <= height / 2 - HALF_LETTER;
}
