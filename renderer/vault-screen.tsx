import './vault-screen.css';
import { HeartPulse, KeyRound, type LucideIcon, ScrollText, Users } from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useState } from 'react';
import type { AccountRole } from '../core/contract/users.ts';
import { useSession } from './state/session.ts';
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
  /** Who sees it, beside the owner. */
  readonly roles: readonly AccountRole[];
  readonly Shown: LazyExoticComponent<ComponentType>;
}

/** In the order of the list; a section is fetched when it is first wanted (`lazy`). */
const SECTIONS: readonly Section[] = [
  {
    id: 'keys',
    label: 'vault.keys',
    Icon: KeyRound,
    roles: ['administrator'],
    Shown: lazy(async () => ({ default: (await import('./features/keys/keys-section.tsx')).KeysSection })),
  },
  {
    id: 'users',
    label: 'vault.users',
    Icon: Users,
    roles: ['administrator', 'radiologist', 'technologist', 'auditor'],
    Shown: lazy(async () => ({ default: (await import('./features/users/users-section.tsx')).UsersSection })),
  },
  {
    id: 'care',
    label: 'vault.care',
    Icon: HeartPulse,
    roles: ['administrator'],
    Shown: lazy(async () => ({ default: (await import('./features/care/care-section.tsx')).CareSection })),
  },
  {
    id: 'audit',
    label: 'vault.audit',
    Icon: ScrollText,
    roles: ['administrator', 'auditor'],
    Shown: lazy(async () => ({ default: (await import('./features/audit/audit-section.tsx')).AuditSection })),
  },
];

/** The place "Vault": sections at the left, one of them shown. */
export function VaultScreen() {
  const t = useText();
  const roles = useSession((state) => state.session?.user?.roles ?? null);
  const sections = SECTIONS.filter((one) => roles === null || one.roles.some((role) => roles.includes(role)));
  const [chosen, setChosen] = useState(sections[0]?.id);
  const shown = sections.find(({ id }) => id === chosen) ?? sections[0];
  return (
    <div className="vault-screen">
      <nav className="vault-sections" aria-label={t('vault.sections')} data-region="sections">
        {sections.map(({ id, label, Icon }) => (
          <button
            key={id}
            type="button"
            className="vault-section"
            aria-current={shown?.id === id ? 'page' : undefined}
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
