import { useState } from 'react';
import { call, codeOf } from '../../bridge/bridge.ts';
import { takeSession, useSession } from '../../state/session.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';

/** Offers to renew a keychain entry that is gone or changed. Nothing is done unasked: the change may be the sign of an attack. */
export function KeychainRepair() {
  const t = useText();
  const keychain = useSession((state) => state.session?.keychain);
  const [isDismissed, setDismissed] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  if (isDismissed || (keychain !== 'missing' && keychain !== 'changed')) return null;
  const repair = (): void => {
    call('session.repairKeychain', {}).then(takeSession, (error: unknown) => setFailure(codeOf(error)));
  };
  const dismiss = <Button onClick={() => setDismissed(true)}>{t('app.dismiss')}</Button>;
  return (
    <div className="workspace-note">
      {failure !== null ? (
        <ErrorNote error={errorText(failure)} code={failure} actions={dismiss} />
      ) : (
        <Note
          tone="warning"
          actions={
            <>
              <Button onClick={repair}>{t('keychain.repair')}</Button>
              {dismiss}
            </>
          }
        >
          <h3>{t('keychain.repairTitle')}</h3>
          <p>{t('keychain.repairHint')}</p>
        </Note>
      )}
    </div>
  );
}
