import {
  ChartLine,
  CircleHelp,
  FlaskConical,
  List,
  Lock,
  type LucideIcon,
  Settings,
  SquareTerminal,
  UserRound,
  Vault,
  X,
} from 'lucide-react';
import type { AccountRole } from '../../../core/contract/users.ts';
import { type Place, showPlace, usePlace } from '../../state/places.ts';
import { useHasRole } from '../../state/roles.ts';
import { lock, useSession } from '../../state/session.ts';
import { closeStudy, openStudy, showList, useTabs } from '../../state/tabs.ts';
import { useText } from '../../text/text.ts';
import { CommandButton } from '../../ui/command-button.tsx';

/** What stands beside the studies, in this order. */
const PLACES: readonly { readonly id: Place; readonly Icon: LucideIcon; readonly roles: readonly AccountRole[] }[] = [
  { id: 'laboratory', Icon: FlaskConical, roles: ['radiologist'] },
  { id: 'forecast', Icon: ChartLine, roles: ['radiologist'] },
  { id: 'vault', Icon: Vault, roles: ['radiologist', 'technologist', 'administrator', 'auditor'] },
];

/** Open studies as tabs, and what is needed everywhere. */
export function TopBar() {
  const t = useText();
  const { open, active } = useTabs();
  const place = usePlace((state) => state.place);
  const user = useSession((state) => state.session?.user ?? null);
  const mayList = useHasRole('radiologist', 'technologist', 'administrator');
  const places = PLACES.filter(({ roles }) => user === null || roles.some((role) => user.roles.includes(role)));
  const isFront = (study: string | null): boolean => place === null && active === study;
  return (
    <header className="top-bar" data-region="tabs">
      <nav className="top-tabs" aria-label={t('tabs.label')}>
        {mayList && (
          <button
            type="button"
            className="top-tab"
            aria-current={isFront(null) ? 'page' : undefined}
            onClick={showList}
          >
            <List size={16} aria-hidden="true" />
            {t('list.studies')}
          </button>
        )}
        {open.map((study) => (
          <span className="top-study" key={study.studyId} data-active={isFront(study.studyId)}>
            <button
              type="button"
              className="top-tab"
              aria-current={isFront(study.studyId) ? 'page' : undefined}
              onClick={() => openStudy(study)}
            >
              <span className="top-title">{study.title}</span>
            </button>
            <button
              type="button"
              className="top-close"
              aria-label={t('tabs.close', { title: study.title })}
              onClick={() => closeStudy(study.studyId)}
            >
              <X size={14} aria-hidden="true" />
            </button>
          </span>
        ))}
      </nav>
      <nav className="top-places" aria-label={t('places.label')}>
        {places.map(({ id, Icon }) => (
          <button
            key={id}
            type="button"
            className="top-tab"
            aria-current={place === id ? 'page' : undefined}
            onClick={() => showPlace(id)}
          >
            <Icon size={16} aria-hidden="true" />
            {t(`place.${id}`)}
          </button>
        ))}
      </nav>
      <CommandButton id="palette.open" icon={<SquareTerminal size={16} aria-hidden="true" />} />
      <CommandButton id="help.keys" icon={<CircleHelp size={16} aria-hidden="true" />} />
      <CommandButton id="settings.open" icon={<Settings size={16} aria-hidden="true" />} />
      {user !== null && (
        <button type="button" className="top-tab top-user" title={t('users.switch')} onClick={() => void lock()}>
          <UserRound size={16} aria-hidden="true" />
          <span className="visually-hidden">{t('users.signedIn', { name: user.displayName })}</span>
          <span className="top-title" aria-hidden="true">
            {user.displayName}
          </span>
        </button>
      )}
      <CommandButton id="session.lock" icon={<Lock size={16} aria-hidden="true" />} />
    </header>
  );
}
