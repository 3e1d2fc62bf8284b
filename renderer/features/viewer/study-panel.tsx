import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { type TextKey, useText } from '../../text/text.ts';
import { InfoPanel } from './info-panel.tsx';
import { PANEL_TABS, type PanelTab } from './reading-state.ts';
import type { ReadingSession } from './session.ts';

/** The tabs of the study panel that other features fill. */
export type PanelContents = Readonly<Record<Exclude<PanelTab, 'info'>, ReactNode>>;

const NAMES: Readonly<Record<PanelTab, TextKey>> = {
  measurements: 'viewer.panel.measurements',
  findings: 'viewer.panel.findings',
  report: 'viewer.panel.report',
  info: 'viewer.panel.info',
};

interface Props {
  readonly session: ReadingSession;
  readonly panels: PanelContents;
}

/** Measurements, findings, report and information beside the images. */
export function StudyPanel({ session, panels }: Props): ReactNode {
  const t = useText();
  const tab = useStore(session.store, (state) => state.panel);
  if (tab === null) return null;
  const contents = { ...panels, info: <InfoPanel session={session} /> };
  return (
    <aside className="viewer-panel" aria-label={t('viewer.panel')} data-region="panel">
      <Tabs.Root
        value={tab}
        onValueChange={(value) => session.set({ panel: PANEL_TABS.find((known) => known === value) ?? 'measurements' })}
      >
        <Tabs.List className="tabs-list">
          {PANEL_TABS.map((value) => (
            <Tabs.Trigger key={value} value={value} className="tabs-tab">
              {t(NAMES[value])}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {PANEL_TABS.map((value) => (
          <Tabs.Content key={value} value={value} className="viewer-panel-body">
            {contents[value]}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </aside>
  );
}
