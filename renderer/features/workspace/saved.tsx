import { useId, useRef, useState } from 'react';
import { useCommands } from '../../commands/use-commands.ts';
import { announce, type SaveState, useStatus } from '../../state/status.ts';
import { timeOfDay } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Status } from '../../ui/status.tsx';
import { saveReport } from './save-report.ts';

function Short({ save }: { readonly save: SaveState }) {
  const t = useText();
  if (save.kind === 'saving') return <Status kind="busy">{t('status.saving')}</Status>;
  if (save.kind === 'failed') return <Status kind="danger">{t('status.notSaved')}</Status>;
  return (
    <Status kind="ok">
      {save.at === null ? t('status.allSaved') : t('status.savedAt', { time: timeOfDay(save.at, true) })}
    </Status>
  );
}

/**
 * Whether everything is saved, and on Ctrl+S or a click the whole answer above it. The answer takes no focus, so that a
 * reader's next key still means the image; Escape, a click elsewhere or Ctrl+S again takes it away.
 */
export function Saved() {
  const t = useText();
  const save = useStatus((state) => state.save);
  const [isShown, setShown] = useState(false);
  const answer = useRef<HTMLDivElement>(null);
  const id = useId();
  useCommands({ 'save.show': () => void answer.current?.togglePopover() });
  const onChange = (isOpening: boolean): void => {
    setShown(isOpening);
    if (isOpening) announce(saveReport(save).join(' '));
  };
  return (
    <>
      <button
        type="button"
        className="status-saved"
        title={t('saved.title')}
        aria-expanded={isShown}
        onPointerDown={(event) => event.preventDefault()}
        popoverTarget={id}
      >
        <Short save={save} />
      </button>
      <div
        ref={answer}
        id={id}
        className="saved-answer"
        popover="auto"
        data-testid="what-is-saved"
        onBeforeToggle={({ newState }) => onChange(newState === 'open')}
      >
        <h3>{t('saved.title')}</h3>
        {isShown && saveReport(save).map((sentence) => <p key={sentence}>{sentence}</p>)}
      </div>
    </>
  );
}
