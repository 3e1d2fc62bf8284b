import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import type { ReadingSession } from './session.ts';

/** One sentence about what was asked and can't be, or what is on its way. A line of its own: no pixel is covered. */
export function NoticeLine({ session }: { readonly session: ReadingSession }): ReactNode {
  const t = useText();
  const notice = useStore(session.store, (state) => state.notice);
  return (
    <div className="viewer-notice" role="status" data-notice={notice?.key ?? ''} hidden={notice === null}>
      {notice === null ? null : (
        <>
          <p>{t(notice.key, notice.values)}</p>
          <Button look="icon" aria-label={t('viewer.notice.close')} onClick={() => session.say(null)}>
            <X size={16} aria-hidden="true" />
          </Button>
        </>
      )}
    </div>
  );
}
