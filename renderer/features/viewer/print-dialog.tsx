import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { codeOf } from '../../bridge/bridge.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { printView } from './print-view.ts';
import type { ReadingSession } from './session.ts';
import './print.css';

type Problem = { readonly code: string } | 'refused' | null;

function Asking({ session }: { readonly session: ReadingSession }): ReactNode {
  const t = useText();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>(null);
  const close = (): void => session.set({ asksToPrint: false });
  const print = async (to: 'paper' | 'pdf'): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const outcome = await printView(session, to);
      if (outcome === 'failed') return setProblem('refused');
      close();
      if (outcome === 'done') session.say(`print.done.${to}`);
    } catch (error) {
      setProblem({ code: codeOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const foot = (
    <>
      <Button onClick={close}>{t('print.cancel')}</Button>
      <Button disabled={isBusy} onClick={() => void print('pdf')}>
        {t('print.pdf')}
      </Button>
      <Button look="filled" disabled={isBusy} onClick={() => void print('paper')}>
        {t('print.paper')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('print.title')} onClose={close} foot={foot}>
      <div className="print-asking">
        <p>{t('print.what')}</p>
        <p className="quiet">{t('print.identity')}</p>
        {problem === 'refused' ? (
          <Note tone="danger" alert>
            <p>{t('print.failed')}</p>
          </Note>
        ) : null}
        {problem !== null && problem !== 'refused' ? (
          <ErrorNote code={problem.code} error={errorText(problem.code)} />
        ) : null}
        {isBusy ? <p role="status">{t('print.working')}</p> : null}
      </div>
    </Dialog>
  );
}

/** A readable copy leaves the vault: asked once, and the button names what is done. */
export function PrintDialog({ session }: { readonly session: ReadingSession }): ReactNode {
  const asks = useStore(session.store, (state) => state.asksToPrint);
  return asks ? <Asking session={session} /> : null;
}
