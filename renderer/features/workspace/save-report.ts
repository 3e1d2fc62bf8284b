import type { SaveState } from '../../state/status.ts';
import { errorText } from '../../text/errors.ts';
import { timeOfDay } from '../../text/format.ts';
import { text } from '../../text/text.ts';

/** What is saved, in sentences of the language in force: the last change, what isn't on disk, and that all of it is sealed. */
export function saveReport(save: SaveState): readonly string[] {
  if (save.kind === 'saving') return [text('saved.saving'), text('saved.sealed')];
  if (save.kind === 'failed') {
    const { what, kept, next } = errorText(save.code);
    return [text('saved.failed'), what, kept, next, text('saved.sealed')];
  }
  const last = save.at === null ? text('saved.none') : text('saved.last', { time: timeOfDay(save.at, true) });
  return [last, text('saved.all'), text('saved.sealed')];
}
