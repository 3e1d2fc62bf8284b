import { CollectorForm } from './collector-form.tsx';
import { LogView } from './log-view.tsx';

/** The audit log: what was done, whether the log is whole, and where copies of it go. */
export function AuditSection() {
  return (
    <>
      <LogView />
      <CollectorForm />
    </>
  );
}
