import { type SubmitEvent, useEffect, useState } from 'react';
import type { AuditForwardingState } from '../../../core/contract/audit.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { errorText } from '../../text/errors.ts';
import { number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';

/** Port of syslog over TLS (RFC 5425, 4.1). */
const PORT = '6514';

function Sending({ state, onStop }: { readonly state: AuditForwardingState; readonly onStop: () => void }) {
  const t = useText();
  if (state.to === null) return null;
  const { host, port } = state.to;
  return (
    <div className="section-actions">
      <Status kind={state.problem === null ? 'ok' : 'warning'}>
        {t('audit.sending', { host, port: String(port), formatted: number(state.sent), count: state.sent })}
      </Status>
      {state.waiting > 0 && (
        <span>{t('audit.waiting', { count: state.waiting, formatted: number(state.waiting) })}</span>
      )}
      <Button onClick={onStop}>{t('audit.stop')}</Button>
    </div>
  );
}

/** Where copies of the entries go: a collector of audit messages, as hospitals run one. */
export function CollectorForm() {
  const t = useText();
  const [state, setState] = useState<AuditForwardingState | null>(null);
  const [certificate, setCertificate] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const ask = async (work: () => Promise<AuditForwardingState>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setState(await work());
      setCertificate(null);
    } catch (error) {
      setProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    call('audit.forwarding', {}).then(setState, (error: unknown) => setProblem(codeOf(error)));
  }, []);
  const choose = async (): Promise<void> => {
    const { source } = await call('audit.chooseCertificate', {}).catch(() => ({ source: null }));
    if (source !== null) setCertificate(source);
  };
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const to = { host: String(form.get('host')).trim(), port: Number(form.get('port')) };
    void ask(() => call('audit.forward', { to, certificate }));
  };
  const stop = (): void => void ask(() => call('audit.forward', { to: null, certificate: null }));
  return (
    <Section title={t('audit.collector')} lead={t('audit.collectorLead')}>
      {state !== null && <Sending state={state} onStop={stop} />}
      {problem !== null && <ErrorNote error={errorText(problem)} code={problem} />}
      <form className="section-form audit-collector" onSubmit={submit}>
        <Field label={t('audit.host')} name="host" required maxLength={253} defaultValue={state?.to?.host ?? ''} />
        <Field label={t('audit.port')} name="port" required type="number" min={1} max={65_535} defaultValue={PORT} />
        <div className="field">
          <span className="field-label">{t('audit.certificate')}</span>
          <Button onClick={() => void choose()}>{t(certificate === null ? 'audit.chooseFile' : 'audit.chosen')}</Button>
          <span className="field-hint">{t('audit.certificateHint')}</span>
        </div>
        <div className="field">
          <span className="field-label">&nbsp;</span>
          <Button type="submit" disabled={isBusy}>
            {isBusy ? t('audit.trying') : t('audit.send')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
