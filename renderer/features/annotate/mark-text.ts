import type { Annotation, Measurement } from '../../../core/annotate/annotation.ts';
import { formatValue, headline, placesOf } from '../../cornerstone/units.ts';
import type { Text, TextKey } from '../../text/text.ts';
import type { MarkSet } from './mark-sets.ts';

/**
 * What stands beside a mark on the image, line by line. Areas are brief until they are selected, so that they don't hide
 * what lies beside them.
 */
export function markLines(mark: Annotation, t: Text, isSelected: boolean): string[] {
  const by = (name: Measurement['name']): Measurement | undefined => mark.measurements.find((m) => m.name === name);
  const named = (name: Measurement['name']): string => {
    const found = by(name);
    return found === undefined ? '' : `${t(`annotate.measure.${name}`)} ${formatValue(found.value, found.unit)}`;
  };
  const mean = by('mean');
  const std = by('std');
  const area = by('area');
  const lines = [mark.label];
  if (mean === undefined || std === undefined)
    lines.push(area === undefined ? headline(mark.measurements) : named('area'));
  else if (isSelected) lines.push(named('mean'), named('std'), `${named('min')}  ${named('max')}`, named('area'));
  else {
    // As many digits as a probe of the same pixels, and as many in both.
    const places = Math.max(1, placesOf(std.value, std.unit));
    lines.push(`${formatValue(mean.value, '1', places)} ± ${formatValue(std.value, std.unit, places)}`);
  }
  if (isSelected) lines.push(named('perimeter'));
  return lines.filter((line) => line.trim() !== '');
}

/** A mark's name in the list: what the reader called it, else what it is. */
export function markName(mark: Annotation, t: Text): string {
  const key: TextKey = `annotate.kind.${mark.kind}`;
  return mark.label === '' ? t(key) : mark.label;
}

/** What a mark lies on: its image by number, or the plane that it was measured on. */
export function markPlace({ reformat }: Annotation, image: number | null, t: Text): string {
  if (reformat === undefined) return image === null ? t('annotate.elsewhere') : t('annotate.image', { index: image });
  const { plane, slab } = reformat;
  const made = slab === null ? '' : t(`viewer.slab.${slab.mode}`, { millimetres: slab.millimetres });
  return `${t(`viewer.plane.${plane}`)} ${made}`.trim();
}

/** Each measurement of a study as one line of a report: name, value with its unit, image. */
export function measurementLines(
  { marks, layer }: MarkSet,
  imageNumber: (imageId: string) => number | null,
  t: Text,
): string[] {
  return marks.state.marks.flatMap((mark) => {
    const value = headline(mark.measurements);
    const imageId = layer.sliceOf(mark);
    const index = imageId === null ? null : imageNumber(imageId);
    if (value === '' || (index === null && mark.reformat === undefined)) return [];
    return [`${markName(mark, t)}: ${value} (${markPlace(mark, index, t)})`];
  });
}
