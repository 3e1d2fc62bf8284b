import { useEffect, useState } from 'react';
import type { VaultNotice } from '../../../core/contract/session.ts';
import { useSession } from '../../state/session.ts';
import { announce } from '../../state/status.ts';
import { useTabs } from '../../state/tabs.ts';
import { text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';

/** The banner itself: of each notice what happened, what was kept, and what to do next. */
export function NoticeBanner({
  notices,
  onDismiss,
}: {
  readonly notices: readonly VaultNotice[];
  readonly onDismiss: () => void;
}) {
  const t = useText();
  return (
    <div className="workspace-note" data-testid="vault-notices">
      <Note tone="warning" actions={<Button onClick={onDismiss}>{t('app.dismiss')}</Button>}>
        {notices.map((notice) => (
          <div key={notice} data-notice={notice}>
            <h3>{t(`notice.${notice}.what`)}</h3>
            <p>
              {t(`notice.${notice}.kept`)} {t(`notice.${notice}.next`)}
            </p>
          </div>
        ))}
      </Note>
    </div>
  );
}

const NONE: readonly VaultNotice[] = [];

/** Says above the study list what the last unlock found and set right, until it is dismissed. */
export function VaultNotices() {
  const notices = useSession((state) => state.session?.notices ?? NONE);
  const isList = useTabs((state) => state.active === null);
  const [dismissed, setDismissed] = useState(NONE);
  // A vault that was opened anew while it was unlocked may have more to say: only that is shown then.
  const shown = notices.filter((notice) => !dismissed.includes(notice));
  const names = shown.join(' ');
  useEffect(() => {
    if (names === '') return;
    announce((names.split(' ') as VaultNotice[]).map((notice) => text(`notice.${notice}.what`)).join(' '));
  }, [names]);
  if (shown.length === 0 || !isList) return null;
  return <NoticeBanner notices={shown} onDismiss={() => setDismissed(notices)} />;
}
