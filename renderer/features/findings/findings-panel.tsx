import type { ReactNode } from 'react';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import './findings.css';

interface Props {
  /** Opens the measurements instead. */
  readonly onMeasure: () => void;
}

/** What models found in this study. Nothing has looked at it yet: one sentence, one action. */
export function FindingsPanel({ onMeasure }: Props): ReactNode {
  const t = useText();
  return (
    <div className="findings-none">
      <p className="quiet">{t('viewer.findings.none')}</p>
      <Button onClick={onMeasure}>{t('viewer.findings.action')}</Button>
    </div>
  );
}
