import { type Dataset, items, number, TAG, text } from './dataset.ts';

/** Seconds since the day's start of a DICOM TM; null when it can't be read. */
function secondsOf(time: string): number | null {
  const match = /^(\d{2})(\d{2})?(\d{2}(?:\.\d+)?)?/.exec(time);
  if (match === null) return null;
  return Number(match[1]) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}

/** Seconds since 1970 of a DICOM date and time, both read as the same unnamed time zone; null when unreadable. */
function instant(date: string, time: string): number | null {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  const seconds = secondsOf(time);
  if (match === null || seconds === null) return null;
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / 1000 + seconds;
}

function injectedAt(isotope: Dataset, seriesDate: string): number | null {
  const full = text(isotope, TAG.injectionDateTime);
  if (full.length >= 14) return instant(full.slice(0, 8), full.slice(8));
  return instant(seriesDate, text(isotope, TAG.injectionTime));
}

/** The earlier of series and acquisition time: a series time after the acquisition was written by a later derivation. */
function scannedAt(dataset: Dataset): number | null {
  const series = instant(text(dataset, TAG.seriesDate), text(dataset, TAG.seriesTime));
  const acquisition = instant(text(dataset, TAG.acquisitionDate), text(dataset, TAG.acquisitionTime));
  if (series === null) return null;
  return acquisition !== null && acquisition < series ? null : series;
}

/**
 * Factor from activity concentration (Bq/ml) to SUV by body weight (g/ml), by the vendor-neutral recipe of the
 * Quantitative Imaging Biomarkers Alliance. Null wherever an input is missing or ambiguous: then no SUV is shown.
 */
export function suvBodyWeightFactor(dataset: Dataset): number | null {
  if (text(dataset, TAG.modality) !== 'PT') return null;
  const units = text(dataset, TAG.units);
  if (units === 'GML') return 1;
  const corrections = text(dataset, TAG.correctedImage);
  if (units !== 'BQML' || !corrections.includes('ATTN') || !/DECY|DECAY/.test(corrections)) return null;
  const isotope = items(dataset, TAG.radiopharmaceutical)[0];
  const weight = number(dataset, TAG.weight);
  if (isotope === undefined || weight === null || weight <= 0) return null;
  const dose = number(isotope, TAG.dose);
  const halfLife = number(isotope, TAG.halfLife);
  if (dose === null || dose <= 0) return null;
  const correction = text(dataset, TAG.decayCorrection);
  if (correction === 'ADMIN') return (weight * 1000) / dose;
  if (correction !== 'START' || halfLife === null || halfLife <= 0) return null;
  const injected = injectedAt(isotope, text(dataset, TAG.seriesDate));
  const scanned = scannedAt(dataset);
  if (injected === null || scanned === null || scanned < injected || scanned - injected > 86_400) return null;
  return (weight * 1000) / (dose * 2 ** (-(scanned - injected) / halfLife));
}
