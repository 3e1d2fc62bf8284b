import { z } from 'zod';

/**
 * What the catalogue tells a window. Patient values are for display only; ids are Vitrine's own, so that nothing that
 * a window sends back names a patient or a path.
 */
export const id = z.string().regex(/^[0-9a-f]{32}$/);

/** A row of the study list. Dates are DICOM DA (YYYYMMDD) or empty, times DICOM TM. */
export const studyRow = z.strictObject({
  studyId: id,
  patientName: z.string(),
  patientId: z.string(),
  patientBirthDate: z.string(),
  patientSex: z.string(),
  studyDate: z.string(),
  studyTime: z.string(),
  /** Modalities in the study, sorted, joined by a backslash as in (0008,0061). */
  modalities: z.string(),
  studyDescription: z.string(),
  accessionNumber: z.string(),
  seriesCount: z.int().nonnegative(),
  instanceCount: z.int().nonnegative(),
  conflictCount: z.int().nonnegative(),
  annotationCount: z.int().nonnegative(),
  /** ISO 8601, UTC. */
  importedAt: z.string(),
  /**
   * The account's keys don't open the study (another's role, or a rule that it doesn't satisfy): name, id, birth date, sex,
   * description and accession number are withheld, and empty here. They come back when the glass is broken.
   */
  restricted: z.boolean(),
});
export type StudyRow = z.infer<typeof studyRow>;

export const sortColumn = z.enum([
  'patientName',
  'patientId',
  'patientBirthDate',
  'studyDate',
  'modalities',
  'studyDescription',
  'accessionNumber',
  'instanceCount',
  'importedAt',
]);
export type SortColumn = z.infer<typeof sortColumn>;

export const studyQuery = z.strictObject({
  /** Words, each of which must begin a word of some column. Empty means every study. */
  text: z.string().max(256),
  /** Empty means every modality. */
  modality: z.string().max(16),
  /** Studies dated on this day (YYYYMMDD) or later. Empty means no limit. */
  since: z.string().regex(/^(\d{8})?$/),
  sort: sortColumn,
  descending: z.boolean(),
  offset: z.int().nonnegative(),
  limit: z.int().positive().max(500),
});
export type StudyQuery = z.infer<typeof studyQuery>;

export const studyPage = z.strictObject({
  /** Studies that match, whatever the page. */
  total: z.int().nonnegative(),
  /** Studies in the vault. */
  all: z.int().nonnegative(),
  rows: z.array(studyRow),
});
export type StudyPage = z.infer<typeof studyPage>;

/** An instance as the rail and the viewer need it. Pixel attributes are zero for objects without pixels (SR, RT plan). */
export const instanceRow = z.strictObject({
  objectId: id,
  sopInstanceUid: z.string(),
  sopClassUid: z.string(),
  instanceNumber: z.int().nullable(),
  rows: z.int().nonnegative(),
  columns: z.int().nonnegative(),
  /** Frames that can be shown; 0 for objects without pixels. */
  frames: z.int().nonnegative(),
  /** Another object of this study has the same SOP Instance UID and other bytes. */
  conflict: z.boolean(),
  /** Closed codes of core/dicom: the file was accepted, but something about it is to be seen by the reader. */
  warnings: z.array(z.string()),
});
export type InstanceRow = z.infer<typeof instanceRow>;

export const seriesRow = z.strictObject({
  seriesInstanceUid: z.string(),
  modality: z.string(),
  seriesNumber: z.int().nullable(),
  seriesDescription: z.string(),
  bodyPart: z.string(),
  laterality: z.string(),
  seriesDate: z.string(),
  seriesTime: z.string(),
  /** In slice order where the geometry gives one, else by instance number, then by UID. */
  instances: z.array(instanceRow),
});
export type SeriesRow = z.infer<typeof seriesRow>;

export const studyDetails = z.strictObject({
  study: studyRow,
  /** By series number, then time (ui.md section 3). */
  series: z.array(seriesRow),
  /** Other studies of the same patient id (and name, where the id is empty), newest first. */
  priors: z.array(studyRow),
});
export type StudyDetails = z.infer<typeof studyDetails>;
