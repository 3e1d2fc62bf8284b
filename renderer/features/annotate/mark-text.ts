import type { Annotation, Measurement } from '../../../core/annotate/annotation.ts';
import { formatValue, headline } from '../../cornerstone/units.ts';
import type { Text, TextKey } from '../../text/text.ts';

/** What stands beside a mark on the image, line by line. */
export function markLines(mark: Annotation, t: Text): string[] {
  const by = (name: Measurement['name']): Measurement | undefined => mark.measurements.find((m) => m.name === name);
  const named = (name: Measurement['name']): string => {
    const found = by(name);
    return found === undefined ? '' : `${t(`annotate.measure.${name}`)} ${formatValue(found.value, found.unit)}`;
  };
  const label = mark.label === '' ? [] : [mark.label];
  if (by('mean') === undefined) {
    const area = by('area') === undefined ? [] : [named('area')];
    const line = headline(mark.measurements);
    return [...label, ...(area.length > 0 ? area : [line])].filter((text) => text !== '');
  }
  return [...label, named('mean'), named('std'), `${named('min')}  ${named('max')}`, named('area')].filter(
    (text) => text.trim() !== '',
  );
}

/** A mark's name in the list: what the reader called it, else what it is. */
export function markName(mark: Annotation, t: Text): string {
  const key: TextKey = `annotate.kind.${mark.kind}`;
  return mark.label === '' ? t(key) : mark.label;
}
