import type { SeriesRow, StudyDetails, StudyRow } from '../../../core/contract/catalogue.ts';
import { dicomDate, personName } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import type { OpenedStudy } from './study.ts';

/** A prior of the patient in the rail. */
export interface Prior {
  readonly row: StudyRow;
  readonly state: 'closed' | 'opening' | 'open' | 'failed';
  readonly expanded: boolean;
  /** Null until it is open. */
  readonly study: OpenedStudy | null;
}

/** The date of a study as it is shown; words where it has none. */
export function studyDate(row: StudyRow): string {
  return row.studyDate === '' ? text('viewer.noDate') : dicomDate(row.studyDate);
}

function plainName(raw: string): string {
  return personName(raw).normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
}

/** The name on a prior where it isn't the study's own: people change their names, and files are mixed up. Else null. */
export function otherName(prior: StudyRow, study: StudyRow): string | null {
  return plainName(prior.patientName) === plainName(study.patientName) ? null : personName(prior.patientName);
}

/** How well a series compares with the one that is read; lower is better, null not at all. */
type Kinship = 0 | 1 | 2 | null;

function bare(value: string): string {
  return value.trim().toUpperCase();
}

/** Same modality and body part come first, then an unnamed body part, then another one. Never another modality. */
function kinship(current: SeriesRow, other: SeriesRow): Kinship {
  if (bare(current.modality) !== bare(other.modality)) return null;
  if (other.instances.every(({ frames }) => frames === 0)) return null;
  const a = bare(current.bodyPart);
  const b = bare(other.bodyPart);
  if (a === '' || b === '') return 1;
  return a === b ? 0 : 2;
}

function wordsOf(description: string): ReadonlySet<string> {
  return new Set(
    description
      .toLowerCase()
      .split(/[^\p{L}\p{N}.]+/u)
      .filter((word) => word !== ''),
  );
}

function images(row: SeriesRow): number {
  return row.instances.reduce((sum, { frames }) => sum + frames, 0);
}

/** Of two series of one kinship: the same side, the same words, about as many images. Higher is nearer. */
function nearness(current: SeriesRow, other: SeriesRow): number {
  const mine = wordsOf(current.seriesDescription);
  const shared = [...wordsOf(other.seriesDescription)].filter((word) => mine.has(word)).length;
  const sides = [bare(current.laterality), bare(other.laterality)];
  const side = sides.includes('') ? 0 : sides[0] === sides[1] ? 4 : -8;
  const [few = 0, many = 1] = [images(current), images(other)].sort((a, b) => a - b);
  return side + shared + few / Math.max(many, 1);
}

/** The series of a study that compares best, by its place; null where none is of the same modality. */
export function bestSeries(
  current: SeriesRow,
  series: readonly SeriesRow[],
): { readonly place: number; readonly kin: 0 | 1 | 2 } | null {
  let best: { place: number; kin: 0 | 1 | 2; near: number } | null = null;
  for (const [place, other] of series.entries()) {
    const kin = kinship(current, other);
    if (kin === null) continue;
    const near = nearness(current, other);
    if (best === null || kin < best.kin || (kin === best.kin && near > best.near)) best = { place, kin, near };
  }
  return best;
}

/** Order of studies in time: date, then time. */
export function instantOf(row: StudyRow): string {
  return `${row.studyDate.padEnd(8, '0')}${row.studyTime}`;
}

/**
 * The prior to put beside a series, and the series in it: the newest of those that compare best. `before` leaves out what
 * isn't older than that instant.
 */
export function choosePrior(
  current: SeriesRow,
  priors: readonly StudyDetails[],
  before: string | null,
): { readonly studyId: string; readonly place: number } | null {
  let best: { studyId: string; place: number; kin: number; at: string } | null = null;
  for (const { study, series } of priors) {
    const at = instantOf(study);
    if (before !== null && at >= before) continue;
    const found = bestSeries(current, series);
    if (found === null) continue;
    if (best === null || found.kin < best.kin || (found.kin === best.kin && at > best.at))
      best = { studyId: study.studyId, ...found, at };
  }
  return best;
}
