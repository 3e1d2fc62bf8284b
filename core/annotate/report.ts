/**
 * The written report of a study: a few sections of plain text, kept in the study's sealed journal as the marks are. Each
 * saved version is an entry of its own; one that was signed off is never changed, only amended by a report that names it.
 */

/** Sections in the order in which they are read (after PS3.16 TID 2000 and IHE RAD's simple report). */
export const REPORT_SECTIONS = ['indication', 'technique', 'findings', 'impression'] as const;
export type ReportSection = (typeof REPORT_SECTIONS)[number];

/** One version of a report. */
export interface Report {
  /** Random UUID; the same for every version of one report. */
  readonly uid: string;
  readonly status: 'draft' | 'final';
  readonly sections: Readonly<Record<ReportSection, string>>;
  /** The signed report that this one amends; null for the first. */
  readonly amends: string | null;
  /** ISO 8601, UTC: when this version was written; of a final one, when it was signed off. */
  readonly writtenAt: string;
}

/** A report's step in a study's journal. */
export interface ReportEntry {
  readonly op: 'report';
  readonly report: Report;
}

/**
 * What the journal's reports add up to: the last version of each, in the order in which they were begun. A signed version
 * stands whatever is appended after it.
 */
export function replayReports(entries: Iterable<{ readonly op: string } | ReportEntry>): Report[] {
  const current = new Map<string, Report>();
  for (const entry of entries) {
    if (!('report' in entry)) continue;
    const { report } = entry;
    if (current.get(report.uid)?.status !== 'final') current.set(report.uid, report);
  }
  return [...current.values()];
}

/** True for a report in which nothing is written. */
export function isBlank({ sections }: Pick<Report, 'sections'>): boolean {
  return REPORT_SECTIONS.every((section) => sections[section].trim() === '');
}
