import './section.css';
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  /** One or two sentences on what this is. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A part of a screen about the vault: heading, what it is, what can be done, and its content. */
export function Section({ title, lead, actions, children }: SectionProps) {
  return (
    <section className="section">
      <header className="section-head">
        <div>
          <h2>{title}</h2>
          {lead !== undefined && <p className="section-lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="section-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
