import {
  ChartLine,
  CircleHelp,
  FlaskConical,
  List,
  Lock,
  type LucideIcon,
  Settings,
  SquareTerminal,
  Vault,
  X,
} from 'lucide-react';
import { type Place, showPlace, usePlace } from '../../state/places.ts';
import { closeStudy, openStudy, showList, useTabs } from '../../state/tabs.ts';
import { useText } from '../../text/text.ts';
import { CommandButton } from '../../ui/command-button.tsx';

/** What stands beside the studies, in this order. */
const PLACES: readonly { readonly id: Place; readonly Icon: LucideIcon }[] = [
  { id: 'laboratory', Icon: FlaskConical },
  { id: 'forecast', Icon: ChartLine },
  { id: 'vault', Icon: Vault },
];

/** Open studies as tabs, and what is needed everywhere. */
export function TopBar() {
  const t = useText();
  const { open, active } = useTabs();
  const place = usePlace((state) => state.place);
  const isFront = (study: string | null): boolean => place === null && active === study;
  return (
    <header className="top-bar" data-region="tabs">
      <nav className="top-tabs" aria-label={t('tabs.label')}>
        <button type="button" className="top-tab" aria-current={isFront(null) ? 'page' : undefined} onClick={showList}>
          <List size={16} aria-hidden="true" />
          {t('list.studies')}
        </button>
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
        {PLACES.map(({ id, Icon }) => (
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
      <CommandButton id="session.lock" icon={<Lock size={16} aria-hidden="true" />} />
    </header>
  );
}
