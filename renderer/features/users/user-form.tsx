import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { UiError } from '../../bridge/bridge.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';

/** What a person can mistype is said without a code; the rest with it. */
const MISTYPED =
  /^(keys\/(wrong|weak)-passphrase|users\/(exists|bad-name|no-role|own-account)|policy\/(bad-rule|no-reason))$/;

/** Says what came of an act. */
export function Failure({ failure }: { readonly failure: UiError | null }) {
  if (failure === null) return null;
  const error = errorText(failure.code, failure.details);
  if (!MISTYPED.test(failure.code)) return <ErrorNote error={error} code={failure.code} />;
  return (
    <Note tone="danger" alert>
      <h3>{error.what}</h3>
      <p>
        {error.kept} {error.next}
      </p>
    </Note>
  );
}

interface UserDialogProps {
  readonly title: string;
  /** What the button says: it names the act. */
  readonly action: string;
  readonly isDanger?: boolean;
  readonly children?: ReactNode;
  readonly onClose: () => void;
  act(fields: FormData): Promise<void>;
}

/** A dialog that does one thing with an account. Passphrases stay in their fields, which are emptied once they are sent. */
export function UserDialog({ title, action, isDanger = false, children, onClose, act }: UserDialogProps) {
  const t = useText();
  const formId = useId();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const fields = new FormData(form);
    for (const field of form.querySelectorAll<HTMLInputElement>('input[type=password]')) field.value = '';
    setBusy(true);
    setFailure(null);
    act(fields)
      .then(onClose, (error: unknown) => setFailure(error instanceof UiError ? error : new UiError('ipc/unexpected')))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('users.cancel')}</Button>
          <Button look={isDanger ? 'danger' : 'filled'} type="submit" form={formId} disabled={busy}>
            {busy ? t('users.working') : action}
          </Button>
        </>
      }
    >
      <form id={formId} className="users-form" onSubmit={submit} autoComplete="off">
        <Failure failure={failure} />
        {children}
      </form>
    </Dialog>
  );
}
