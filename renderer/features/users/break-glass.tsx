import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { UserDialog } from './user-form.tsx';

interface BreakGlassProps {
  readonly studyId: string;
  /** Gets the handle under which the study is open. */
  readonly onOpen: (handle: string) => void;
}

/** Offers to open a study past its rule, and asks for the reason first. */
export function BreakGlass({ studyId, onOpen }: BreakGlassProps) {
  const t = useText();
  const [isAsking, setAsking] = useState(false);
  const act = async (fields: FormData): Promise<void> => {
    const { handle } = await call('policy.breakGlass', { studyId, reason: String(fields.get('reason') ?? '') });
    onOpen(handle);
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('glass.break')}</Button>
      {isAsking && (
        <UserDialog
          title={t('glass.breakTitle')}
          action={t('glass.breakAction')}
          isDanger
          onClose={() => setAsking(false)}
          act={act}
        >
          <p>{t('glass.breakLead')}</p>
          <Field label={t('glass.reason')} name="reason" required maxLength={300} hint={t('glass.reasonHint')} />
        </UserDialog>
      )}
    </>
  );
}
