import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ErrorText } from '../text/errors.ts';
import { useText } from '../text/text.ts';
import { Button } from './button.tsx';

type Tone = 'neutral' | 'warning' | 'danger';

const ICONS = { neutral: Info, warning: TriangleAlert, danger: CircleAlert } as const;

interface NoteProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** Said at once by screen readers. */
  readonly alert?: boolean;
}

/** A boxed message: glyph, words, actions. */
export function Note({ tone, children, actions, alert = false }: NoteProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`note note-${tone}`} role={alert ? 'alert' : undefined}>
      <Icon size={16} aria-hidden="true" />
      <div className="note-body">{children}</div>
      {actions !== undefined && <div className="note-actions">{actions}</div>}
    </div>
  );
}

interface ErrorNoteProps {
  readonly error: ErrorText;
  readonly code: string;
  readonly actions?: ReactNode;
}

/** An error as ui.md section 6 wants it: what, kept, next, code, [Copy details]. */
export function ErrorNote({ error, code, actions }: ErrorNoteProps) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    const details = [code, error.what, error.kept, error.next].join('\n');
    navigator.clipboard.writeText(details).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <Note
      tone="danger"
      alert
      actions={
        <>
          {actions}
          <Button onClick={copy}>{copied ? t('app.copied') : t('app.copyDetails')}</Button>
        </>
      }
    >
      <h3>{error.what}</h3>
      <p>{error.kept}</p>
      <p>{error.next}</p>
      <p className="note-code mono">{t('app.code', { code })}</p>
    </Note>
  );
}
