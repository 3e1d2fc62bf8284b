import type { FrameFacts } from '../../cornerstone/facts.ts';
import type { Opening, Window } from '../../cornerstone/view-state.ts';

/** Windows that readers know by name, in Hounsfield units (ui.md section 2). Names are keys of renderer/text. */
export const CT_PRESETS = [
  { command: 'preset.softTissue', name: 'viewer.preset.softTissue', width: 400, center: 40 },
  { command: 'preset.lung', name: 'viewer.preset.lung', width: 1500, center: -600 },
  { command: 'preset.bone', name: 'viewer.preset.bone', width: 2500, center: 480 },
  { command: 'preset.brain', name: 'viewer.preset.brain', width: 80, center: 40 },
  { command: 'preset.liver', name: 'viewer.preset.liver', width: 150, center: 90 },
  { command: 'preset.mediastinum', name: 'viewer.preset.mediastinum', width: 400, center: 80 },
  { command: 'preset.abdomen', name: 'viewer.preset.abdomen', width: 320, center: 50 },
  { command: 'preset.angio', name: 'viewer.preset.angio', width: 380, center: 120 },
] as const;

/** Upper ends of the SUV windows that the number keys give in PET; the lower end is zero. */
const SUV_UPPER = [5, 3, 7, 10, 15] as const;

/** The window of number key `which` (from 1) for this image; null when that key has no meaning here. */
export function presetWindow(facts: FrameFacts, which: number): Window | null {
  if (facts.suv !== null) {
    const upper = SUV_UPPER[which - 1];
    return upper === undefined ? null : { center: upper / 2, width: upper, name: `SUV 0\u2013${upper}` };
  }
  const preset = facts.unit === "[hnsf'U]" ? CT_PRESETS[which - 1] : undefined;
  return preset === undefined ? null : { center: preset.center, width: preset.width, name: preset.name };
}

/** How an image opens: the file's window where it has one; PET in inverted grey from 0 to 5 SUV. */
export function openingOf(facts: FrameFacts): Opening {
  if (facts.suv !== null) return { window: presetWindow(facts, 1), inverted: true };
  const [file] = facts.windows;
  const inverted = facts.modality === 'PT';
  if (file !== undefined) {
    return {
      window: { ...file, name: file.explanation || 'viewer.preset.file' },
      inverted,
    };
  }
  return { window: presetWindow(facts, 1), inverted };
}

/** Part of the window by which a key press moves level or width. */
export const WINDOW_STEP = 0.05;

/** True when no pixel of the image lies inside the window: the reader sees one shade only. */
export function isOutside(window: Window, smallest: number, largest: number): boolean {
  return window.center - window.width / 2 > largest || window.center + window.width / 2 < smallest;
}
