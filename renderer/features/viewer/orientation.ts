import type { Plane, Vector } from '../../cornerstone/geometry.ts';

/** Directions of the patient coordinate system (PS3.3 C.7.6.2): +x left, +y posterior, +z head. */
const NAMES = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
] as const;

/** A component smaller than this part of the direction isn't named (about 6°). */
const NAMED = 0.1;

const OPPOSITE: Readonly<Record<string, string>> = { L: 'R', R: 'L', P: 'A', A: 'P', H: 'F', F: 'H' };

/** Letters of a direction in patient space, the strongest first: `A`, `LH`. Empty for no direction. */
export function lettersOf(direction: Vector): string {
  const length = Math.hypot(...direction);
  if (length === 0) return '';
  const parts = direction.map((component, axis) => ({ size: Math.abs(component) / length, component, axis }));
  return parts
    .filter((part) => part.size > NAMED)
    .sort((a, b) => b.size - a.size)
    .map(({ component, axis }) => NAMES[axis]?.[component > 0 ? 0 : 1] ?? '')
    .join('');
}

/** Letters of Patient Orientation (0020,0020), turned round where the picture is seen from the other side. */
function opposite(letters: string): string {
  return [...letters].map((letter) => OPPOSITE[letter] ?? '').join('');
}

/** Only L R A P H F are directions of a body; paws and flippers of PS3.3 C.7.6.1.1.1 aren't shown. */
function known(letters: string): string {
  return /^[LRAPHF]{1,3}$/.test(letters) ? letters : '';
}

/**
 * Letters for a direction in the image (columns to the right, rows down). Unknown is empty: never guessed.
 * @param patientOrientation value of (0020,0020), `L\F`; used where there is no plane in space.
 */
export function edgeLetters(plane: Plane, patientOrientation: string, right: number, down: number): string {
  if (plane.patient !== null) {
    const { row, column } = plane.patient;
    return lettersOf([
      row[0] * right + column[0] * down,
      row[1] * right + column[1] * down,
      row[2] * right + column[2] * down,
    ]);
  }
  const [alongRow = '', alongColumn = ''] = patientOrientation.split('\\').map(known);
  const horizontal = Math.abs(right) > Math.abs(down);
  const letters = horizontal ? alongRow : alongColumn;
  return (horizontal ? right : down) > 0 ? letters : opposite(letters);
}
