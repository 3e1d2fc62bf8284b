/**
 * Which studies are old enough to be shredded. Everything that is unclear keeps a study: no date, a modality without a rule,
 * a birth date that is missing where minors are protected, a hold.
 */
import type { DueStudy, KeptReason, RetentionPlan, RetentionRule, RetentionRules } from '../contract/retention.ts';

/** What a rule looks at. */
export interface RetentionFacts {
  readonly studyId: string;
  readonly patientName: string;
  /** YYYYMMDD, or anything else a file holds. */
  readonly studyDate: string;
  /** ISO 8601 in UTC. */
  readonly importedAt: string;
  /** Joined by a backslash. */
  readonly modalities: string;
  /** YYYYMMDD, or anything else a file holds. */
  readonly birthDate: string;
}

/** Objects about images, not images: they go with what they are about (PS3.3 C.7.3.1.1.1). */
const ACCOMPANYING = new Set(['AU', 'DOC', 'FID', 'KO', 'PLAN', 'PR', 'REG', 'RWV', 'SEG', 'SR']);
const ADULT = 18;

/** A calendar day as a number that compares, YYYYMMDD; null for no day of the calendar. */
function dayOf(text: string): number | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text);
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal && year > 0 ? year * 10_000 + month * 100 + day : null;
}

/** The same day of the month so many months later, or the last day of that month. */
function after(day: number, months: number): number {
  const [year, month, date] = [Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100];
  const index = year * 12 + (month - 1) + months;
  const [laterYear, laterMonth] = [Math.floor(index / 12), index % 12];
  const last = new Date(Date.UTC(laterYear, laterMonth + 1, 0)).getUTCDate();
  return laterYear * 10_000 + (laterMonth + 1) * 100 + Math.min(date, last);
}

function text(day: number): string {
  const digits = String(day).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

/** The rule of a modality: the longest of its own, else the longest of those for every modality. */
function ruleFor(rules: readonly RetentionRule[], modality: string): RetentionRule | null {
  const longest = (of: string) =>
    rules.filter((rule) => rule.modality === of).sort((a, b) => b.months - a.months)[0] ?? null;
  return longest(modality) ?? longest('');
}

type Verdict =
  | { readonly kind: 'young' }
  | { readonly kind: 'kept'; readonly reason: KeptReason }
  | { readonly kind: 'due'; readonly rule: RetentionRule; readonly since: number };

/** By age and modality alone: the last of the days that the rules of its modalities give. */
function byAge(study: RetentionFacts, rules: readonly RetentionRule[], today: number): Verdict {
  const all = study.modalities === '' ? [''] : study.modalities.split('\\');
  const leading = all.filter((modality) => !ACCOMPANYING.has(modality));
  let last: { rule: RetentionRule; since: number } | null = null;
  let reason: KeptReason | null = null;
  for (const modality of leading.length > 0 ? leading : all) {
    const rule = ruleFor(rules, modality);
    const from = rule && dayOf(rule.since === 'studyDate' ? study.studyDate : study.importedAt);
    if (rule === null) reason = 'other-modality';
    else if (from === null || from > today) reason = 'no-date';
    else {
      const since = after(from, rule.months);
      if (last === null || since > last.since) last = { rule, since };
    }
  }
  if (last === null || last.since > today) return reason !== 'no-date' ? { kind: 'young' } : { kind: 'kept', reason };
  return reason === null ? { kind: 'due', ...last } : { kind: 'kept', reason };
}

/** Why somebody who was a minor on the study's day keeps it, or null. */
function asMinor(study: RetentionFacts, until: number, today: number): KeptReason | null {
  const birth = dayOf(study.birthDate);
  if (birth === null) return 'no-birth-date';
  const taken = dayOf(study.studyDate) ?? dayOf(study.importedAt) ?? today;
  const wasMinor = after(birth, 12 * ADULT) > taken;
  return wasMinor && after(birth, 12 * until) > today ? 'minor' : null;
}

function verdictOf(study: RetentionFacts, rules: RetentionRules, held: ReadonlySet<string>, today: number): Verdict {
  const verdict = byAge(study, rules.rules, today);
  if (verdict.kind !== 'due') return verdict;
  if (held.has(study.studyId)) return { kind: 'kept', reason: 'hold' };
  const reason = rules.minorsUntil === null ? null : asMinor(study, rules.minorsUntil, today);
  return reason === null ? verdict : { kind: 'kept', reason };
}

/**
 * What a run of the rules would shred today, and what it would keep although it is old enough.
 * @param held ids of studies on hold
 * @param now its day counts as it is in UTC
 */
export function planRetention(
  studies: readonly RetentionFacts[],
  rules: RetentionRules,
  held: ReadonlySet<string>,
  now: Date,
): RetentionPlan {
  const day = now.toISOString().slice(0, 10);
  const today = dayOf(day) ?? 0;
  const due: DueStudy[] = [];
  const kept: { studyId: string; reason: KeptReason }[] = [];
  for (const study of studies) {
    const verdict = verdictOf(study, rules, held, today);
    const { studyId, patientName, studyDate, importedAt, modalities } = study;
    if (verdict.kind === 'kept') kept.push({ studyId, reason: verdict.reason });
    else if (verdict.kind === 'due')
      due.push({
        ...{ studyId, patientName, studyDate, importedAt, modalities },
        ruleId: verdict.rule.ruleId,
        dueSince: text(verdict.since),
      });
  }
  return { day, studies: studies.length, due, kept };
}
