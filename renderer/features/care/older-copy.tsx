import { useState } from 'react';
import type { OlderCopyState } from '../../../core/contract/care.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { dateAndTime, number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/note.tsx';
import { refreshCare, useCare } from './state.ts';

/** The vault is older than what is remembered of it: what is missing, since when, and the question that only a person can answer. */
export function OlderCopy({ older }: { readonly older: OlderCopyState }) {
  const t = useText();
  const [isAsking, setAsking] = useState(false);
  const accept = async (): Promise<void> => {
    setAsking(false);
    await call('care.acceptCopy', {}).catch((error: unknown) => useCare.setState({ problem: codeOf(error) }));
    await refreshCare();
  };
  const missing = [
    t('care.older.studies', { count: older.studies, formatted: number(older.studies) }),
    t('care.older.images', { count: older.images, formatted: number(older.images) }),
    t('care.older.notes', { count: older.notes, formatted: number(older.notes) }),
  ].join(', ');
  return (
    <>
      <Note tone="danger" alert actions={<Button onClick={() => setAsking(true)}>{t('care.older.accept')}</Button>}>
        <h3>{t('care.older.what')}</h3>
        <p>{t(`care.older.by.${older.by}`, { at: dateAndTime(older.rememberedAt), missing })}</p>
        {older.lastImport !== null && <p>{t('care.older.last', { at: dateAndTime(older.lastImport) })}</p>}
        {older.restoredFrom !== null && <p>{t('care.older.restored', { at: dateAndTime(older.restoredFrom) })}</p>}
        <p>{t('care.older.next')}</p>
      </Note>
      {isAsking && (
        <Dialog
          title={t('care.older.title')}
          onClose={() => setAsking(false)}
          foot={
            <>
              <Button onClick={() => setAsking(false)}>{t('care.older.keep')}</Button>
              <Button look="danger" onClick={() => void accept()}>
                {t('care.older.accept')}
              </Button>
            </>
          }
        >
          <p>{t('care.older.ask', { missing })}</p>
        </Dialog>
      )}
    </>
  );
}
