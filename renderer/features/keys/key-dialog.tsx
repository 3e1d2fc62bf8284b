import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { UiError } from '../../bridge/bridge.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { asUiError, refreshKeys, useKeys } from './state.ts';

interface KeyDialogProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** What the button says: it names the act. */
  readonly action: string;
  /** The act takes something away for good. */
  readonly isDanger?: boolean;
  /** Ask for the passphrase of the vault, unless this unlock showed the owner already. */
  readonly asksOwner?: boolean;
  /** Something that has to be there before the act. */
  readonly isReady?: boolean;
  readonly children?: ReactNode;
  readonly onClose: () => void;
  /**
   * Does it. `owner` is the passphrase, or null where none was asked for.
   * @returns what is then said in the place of the form, or null: the dialog closes
   */
  act(fields: FormData, owner: string | null): Promise<string | null>;
}

/** What a person can mistype is said without a code; the rest with it. */
const MISTYPED = /^keys\/(wrong-|recovery-code-|share-|too-few|mixed|unknown-s|retired|weak-passphrase)/;

function Failure({ failure }: { readonly failure: UiError }) {
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

/** A dialog that changes or tests a way into the vault. Its secret fields keep their text to themselves and are emptied once sent. */
export function KeyDialog(props: KeyDialogProps) {
  const { title, lead, action, isDanger = false, asksOwner = true, isReady = true, children, onClose, act } = props;
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const formId = useId();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const ownerShown = useKeys((state) => state.list?.ownerShown === true);
  const needsOwner = asksOwner && !ownerShown;

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    const owner = needsOwner ? String(fields.get('owner') ?? '') : null;
    if (owner === '') return;
    for (const field of form.current?.querySelectorAll<HTMLInputElement>('[data-secret]') ?? []) field.value = '';
    setBusy(true);
    setFailure(null);
    act(fields, owner)
      .then(
        (words) => (words === null ? onClose() : setSaid(words)),
        (error: unknown) => setFailure(asUiError(error)),
      )
      .finally(() => {
        setBusy(false);
        void refreshKeys();
      });
  };

  const foot =
    said !== null ? (
      <Button look="filled" onClick={onClose}>
        {t('keys.done')}
      </Button>
    ) : (
      <>
        <Button onClick={onClose}>{t('keys.cancel')}</Button>
        <Button look={isDanger ? 'danger' : 'filled'} type="submit" form={formId} disabled={busy || !isReady}>
          {busy ? t('keys.working') : action}
        </Button>
      </>
    );
  return (
    <Dialog title={title} onClose={onClose} foot={foot}>
      {said !== null ? (
        <Note tone="neutral" alert>
          <p>{said}</p>
        </Note>
      ) : (
        <form id={formId} ref={form} className="keys-form" onSubmit={submit} autoComplete="off">
          {lead !== undefined && <p className="quiet">{lead}</p>}
          {failure !== null && <Failure failure={failure} />}
          {children}
          {needsOwner && <OwnerField name="owner" />}
        </form>
      )}
    </Dialog>
  );
}

/** Where the owner types the passphrase of the vault. */
export function OwnerField({ name }: { readonly name: string }) {
  const t = useText();
  return (
    <Field
      name={name}
      type="password"
      data-secret
      label={t('keys.owner')}
      hint={t('keys.ownerHint')}
      maxLength={1024}
      autoComplete="off"
    />
  );
}
