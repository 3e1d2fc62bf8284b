import type { Measurement } from '../../core/annotate/annotation.ts';

/** How UCUM codes are written for readers. Empty: the file names no unit, so none is claimed. */
const SYMBOLS: Readonly<Record<string, string>> = {
  mm: 'mm',
  px: 'px',
  ml: 'ml',
  mm2: 'mm²',
  px2: 'px²',
  deg: '°',
  "[hnsf'U]": 'HU',
  '{SUVbw}g/ml': 'SUV',
  'Bq/ml': 'Bq/ml',
  '1': '',
};

/** Digits after the point that a unit deserves: what the pixels can tell, no more. */
export function placesOf(value: number, unit: string): number {
  if (unit === '{SUVbw}g/ml') return 2;
  if (unit === 'ml') return Math.abs(value) < 10 ? 2 : 1;
  if (unit === 'mm2' || unit === 'px2') return Math.abs(value) < 100 ? 1 : 0;
  if (unit === 'mm' || unit === 'px' || unit === 'deg') return 1;
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? 0 : 1;
}

/** A UCUM code as readers know it. */
export function symbolOf(unit: string): string {
  return SYMBOLS[unit] ?? unit;
}

/** A value with its unit: `23.4 mm`, `41.2 HU`, `90.0°`. A minus sign is a minus sign. */
export function formatValue(value: number, unit: string, places = placesOf(value, unit)): string {
  const rounded = value.toFixed(places).replace(/^-(?=0(\.0*)?$)/, '');
  const written = rounded.replace('-', '\u2212');
  const symbol = symbolOf(unit);
  if (symbol === '') return written;
  return symbol === '°' ? `${written}°` : `${written} ${symbol}`;
}

/** One line that names a mark by what it measures; empty for marks that measure nothing. */
export function headline(measurements: readonly Measurement[]): string {
  const by = (name: Measurement['name']): Measurement | undefined => measurements.find((m) => m.name === name);
  const mean = by('mean');
  if (mean !== undefined) return formatValue(mean.value, mean.unit);
  const short = by('short-axis');
  const length = by('length');
  if (length !== undefined && short !== undefined) {
    return `${formatValue(length.value, '1', 1)} × ${formatValue(short.value, short.unit)}`;
  }
  const first = length ?? by('angle') ?? by('area') ?? by('value');
  return first === undefined ? '' : formatValue(first.value, first.unit);
}
