import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { chordOf } from '../../commands/chord.ts';
import { type ChordProblem, chordProblem } from '../../commands/profiles.ts';
import type { CommandId } from '../../commands/table.ts';
import { changeSettings, currentKeys, useSettings } from '../../state/settings.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { chordText } from '../../ui/key-caps.tsx';

const isMac = navigator.userAgent.includes('Macintosh');

function problemText(problem: ChordProblem, chord: string, t: Text): string {
  const shown = chordText(chord, t);
  if (problem.kind === 'taken') return t('help.taken', { chord: shown, command: t(`command.${problem.by}`) });
  return t(problem.kind === 'reserved' ? 'help.reserved' : 'help.typesText', { chord: shown });
}

/** Sets the keys of a command; null gives it back to the profile. Main keeps them; a failed write holds for this run. */
function setKeys(id: CommandId, chords: string | null): void {
  const { [id]: _old, ...others } = useSettings.getState().keys;
  void changeSettings({ keys: chords === null ? others : { ...others, [id]: chords } }).catch(() => undefined);
}

/** Waits for a key press and makes it the command's key, unless it is taken, reserved, or would be typed into fields. */
export function KeyEditor({ id, onDone }: { readonly id: CommandId; readonly onDone: () => void }) {
  const t = useText();
  const isChanged = useSettings((state) => state.keys[id] !== undefined);
  const [refusal, setRefusal] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const finish = (chords: string | null): void => {
    setKeys(id, chords);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const chord = event.key === 'Escape' ? null : chordOf(event.nativeEvent, isMac);
    const problem = chord === null ? null : chordProblem(id, chord, currentKeys());
    if (chord !== null && problem !== null) setRefusal(problemText(problem, chord, t));
    else if (chord !== null) finish(chord);
    else if (event.key === 'Escape') onDone();
  };
  return (
    <div className="help-capture">
      <input
        ref={field}
        className="input"
        readOnly
        data-testid="key-capture"
        aria-label={t('help.press')}
        placeholder={t('help.press')}
        onKeyDown={onKeyDown}
      />
      <p className="field-hint field-error" aria-live="assertive">
        {refusal}
      </p>
      <div className="help-capture-actions">
        <Button onClick={() => finish('')}>{t('help.remove')}</Button>
        {isChanged && <Button onClick={() => finish(null)}>{t('help.reset')}</Button>}
      </div>
    </div>
  );
}
