import { DropdownMenu } from 'radix-ui';
import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { isBlank, REPORT_SECTIONS, type Report, type ReportSection } from '../../../core/annotate/report.ts';
import { errorText } from '../../text/errors.ts';
import { timeOfDay } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import type { ReportStore } from './report-store.ts';
import { SignDialog } from './sign-dialog.tsx';
import './report.css';

interface Props {
  readonly report: ReportStore;
  /** Each measurement of the study as one line, with its value and unit. */
  readonly measurements: () => readonly string[];
}

/** Most characters of one section (core/contract). */
const LONGEST = 100_000;

/** `2026-11-25 14:02`, in the reader's time. */
function moment(instant: string): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${timeOfDay(instant)}`;
}

function Signed({ report }: { readonly report: Report }): ReactNode {
  const t = useText();
  return (
    <article className="report-signed selectable" data-report="final">
      <h3>
        {t(report.amends === null ? 'report.signed' : 'report.signedAmendment', { time: moment(report.writtenAt) })}
      </h3>
      {REPORT_SECTIONS.filter((section) => report.sections[section].trim() !== '').map((section) => (
        <section key={section}>
          <h4>{t(`report.section.${section}`)}</h4>
          <p>{report.sections[section]}</p>
        </section>
      ))}
    </article>
  );
}

/** Puts a text where the caret is, as if it were typed: the field's own undo takes it back. */
function typeInto(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  const before = field.value.slice(0, field.selectionStart);
  const line = before === '' || before.endsWith('\n') ? text : `\n${text}`;
  document.execCommand('insertText', false, line);
}

function Insert({
  measurements,
  field,
}: {
  readonly measurements: Props['measurements'];
  readonly field: RefObject<HTMLTextAreaElement | null>;
}): ReactNode {
  const t = useText();
  const [lines, setLines] = useState<readonly string[]>([]);
  const chosen = useRef('');
  const put = (event: Event): void => {
    event.preventDefault();
    if (field.current !== null && chosen.current !== '') typeInto(field.current, chosen.current);
    chosen.current = '';
  };
  const choose = (text: string) => (): void => {
    chosen.current = text;
  };
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && setLines([...new Set(measurements())])}>
      <DropdownMenu.Trigger asChild>
        <Button>{t('report.insert')}</Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" collisionPadding={8} onCloseAutoFocus={put}>
          {lines.length === 0 ? (
            <DropdownMenu.Label className="menu-item quiet">{t('report.nothingToInsert')}</DropdownMenu.Label>
          ) : (
            <DropdownMenu.Item className="menu-item" onSelect={choose(lines.join('\n'))}>
              {t('report.insertAll', { count: lines.length })}
            </DropdownMenu.Item>
          )}
          {lines.map((line) => (
            <DropdownMenu.Item key={line} className="menu-item" onSelect={choose(line)}>
              {line}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function SaveLine({ report }: { readonly report: ReportStore }): ReactNode {
  const t = useText();
  const save = useStore(report.store, (state) => state.save);
  if (save.kind === 'failed') {
    const again = <Button onClick={() => void report.flush()}>{t('annotate.retry')}</Button>;
    return <ErrorNote code={save.code} error={errorText(save.code)} actions={again} />;
  }
  const saved =
    save.kind === 'saved' && save.at !== null ? t('annotate.saved', { time: timeOfDay(save.at, true) }) : '';
  return (
    <p className="report-saved" data-save={save.kind} role="status">
      {save.kind === 'saving' ? t('annotate.saving') : saved}
    </p>
  );
}

function Section({
  report,
  draft,
  section,
  last,
}: {
  readonly report: ReportStore;
  readonly draft: Report;
  readonly section: ReportSection;
  readonly last: RefObject<HTMLTextAreaElement | null>;
}): ReactNode {
  const t = useText();
  const id = `report-${section}`;
  // Until a field has been written in, measurements go where they are looked for.
  const findings = (node: HTMLTextAreaElement | null): void => {
    if (last.current === null) last.current = node;
  };
  return (
    <div className="report-section">
      <label htmlFor={id}>{t(`report.section.${section}`)}</label>
      <textarea
        id={id}
        ref={section === 'findings' ? findings : undefined}
        className="report-field"
        data-section={section}
        defaultValue={draft.sections[section]}
        maxLength={LONGEST}
        spellCheck={false}
        onFocus={(event) => {
          last.current = event.currentTarget;
        }}
        onChange={(event) => report.write(section, event.currentTarget.value)}
        onBlur={() => void report.flush()}
      />
    </div>
  );
}

function Draft({ report, draft, measurements }: Props & { readonly draft: Report }): ReactNode {
  const t = useText();
  const last = useRef<HTMLTextAreaElement | null>(null);
  const [isSigning, setSigning] = useState(false);
  return (
    <div className="report-draft" data-report="draft">
      {draft.amends === null ? null : <h3>{t('report.amendment')}</h3>}
      {REPORT_SECTIONS.map((section) => (
        <Section key={section} report={report} draft={draft} section={section} last={last} />
      ))}
      <div className="report-acts">
        <Insert measurements={measurements} field={last} />
        <Button look="filled" disabled={isBlank(draft)} onClick={() => setSigning(true)}>
          {t('report.sign')}
        </Button>
      </div>
      {isSigning ? <SignDialog report={report} onClose={() => setSigning(false)} /> : null}
    </div>
  );
}

/** The written report beside the images: what was signed off, and what is being written. */
export function ReportPanel({ report, measurements }: Props): ReactNode {
  const t = useText();
  const { signed, draft, loadError, isLoaded } = useStore(report.store);
  if (!isLoaded) return null;
  if (loadError !== null) {
    return (
      <div className="report">
        <ErrorNote code={loadError} error={errorText(loadError)} />
      </div>
    );
  }
  return (
    <div className="report">
      {signed.map((one) => (
        <Signed key={one.uid} report={one} />
      ))}
      {draft === null ? (
        <Button onClick={() => report.amend()}>{t('report.amend')}</Button>
      ) : (
        <Draft key={draft.uid} report={report} draft={draft} measurements={measurements} />
      )}
      <SaveLine report={report} />
    </div>
  );
}
