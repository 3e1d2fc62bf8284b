import './vault-screen.css';
import { HeartPulse, KeyRound, type LucideIcon, ScrollText } from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useState } from 'react';
import { type TextKey, useText } from './text/text.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';

/**
 * The vault itself, not what is in it: its keys, users, care and audit log. Each section is a feature; they don't import each
 * other, so this file puts them side by side.
 */
interface Section {
  readonly id: string;
  readonly label: TextKey;
  readonly Icon: LucideIcon;
  readonly Shown: LazyExoticComponent<ComponentType>;
}

/** In the order of the list; a section is fetched when it is first wanted (`lazy`). */
const SECTIONS: readonly Section[] = [
  {
    id: 'keys',
    label: 'vault.keys',
    Icon: KeyRound,
    Shown: lazy(async () => ({ default: (await import('./features/keys/keys-section.tsx')).KeysSection })),
  },
  {
    id: 'care',
    label: 'vault.care',
    Icon: HeartPulse,
    Shown: lazy(async () => ({ default: (await import('./features/care/care-section.tsx')).CareSection })),
  },
  {
    id: 'audit',
    label: 'vault.audit',
    Icon: ScrollText,
    Shown: lazy(async () => ({ default: (await import('./features/audit/audit-section.tsx')).AuditSection })),
  },
];

/** The place "Vault": sections at the left, one of them shown. */
export function VaultScreen() {
  const t = useText();
  const [chosen, setChosen] = useState(SECTIONS[0]?.id);
  const shown = SECTIONS.find(({ id }) => id === chosen);
  return (
    <div className="vault-screen">
      <nav className="vault-sections" aria-label={t('vault.sections')} data-region="sections">
        {SECTIONS.map(({ id, label, Icon }) => (
          <button
            key={id}
            type="button"
            className="vault-section"
            aria-current={chosen === id ? 'page' : undefined}
            onClick={() => setChosen(id)}
          >
            <Icon size={16} aria-hidden="true" />
            {t(label)}
          </button>
        ))}
      </nav>
      {shown !== undefined && (
        <main className="vault-section-body" data-section={shown.id} data-region="section">
          <ErrorBoundary resetKey={shown.id}>
            <Suspense fallback={<p className="quiet">{t('place.opening')}</p>}>
              <shown.Shown />
            </Suspense>
          </ErrorBoundary>
        </main>
      )}
    </div>
  );
}
