import { type ReactNode, useState } from 'react';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/note.tsx';
import type { ReportStore } from './report-store.ts';

interface Props {
  readonly report: ReportStore;
  readonly onClose: () => void;
}

/** Signing off can't be undone, so it is asked; the button names what it does. */
export function SignDialog({ report, onClose }: Props): ReactNode {
  const t = useText();
  const [isFailed, setFailed] = useState(false);
  const sign = async (): Promise<void> => {
    if (await report.sign()) onClose();
    else setFailed(true);
  };
  const foot = (
    <Button look="filled" onClick={() => void sign()}>
      {t('report.signNow')}
    </Button>
  );
  return (
    <Dialog title={t('report.signTitle')} onClose={onClose} foot={foot}>
      <p>{t('report.signWhat')}</p>
      {isFailed ? (
        <Note tone="danger" alert>
          <p>{t('report.notSigned')}</p>
        </Note>
      ) : null}
    </Dialog>
  );
}
