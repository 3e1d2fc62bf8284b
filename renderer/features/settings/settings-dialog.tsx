import './settings.css';
import { useState } from 'react';
import type { Settings } from '../../../core/contract/session.ts';
import { codeOf } from '../../bridge/bridge.ts';
import { closeLayer } from '../../state/layers.ts';
import { useSession } from '../../state/session.ts';
import { changeSettings, useSettings } from '../../state/settings.ts';
import { errorText } from '../../text/errors.ts';
import { LANGUAGES, useText } from '../../text/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice } from '../../ui/field.tsx';
import { ErrorNote } from '../../ui/note.tsx';

/** Minutes without input after which the vault locks. "Never" is not among them. */
const MINUTES = [1, 2, 5, 10, 15, 30, 60] as const;

/** The person's choices. Each takes effect at once; there is nothing to confirm. */
export function SettingsDialog() {
  const t = useText();
  const settings = useSettings();
  const info = useSession((state) => state.info);
  const [failure, setFailure] = useState<string | null>(null);
  const save = (change: Partial<Settings>): void => {
    setFailure(null);
    changeSettings(change).catch((error: unknown) => setFailure(codeOf(error)));
  };
  const minutes = [...new Set([...MINUTES, settings.autoLockMinutes])].sort((a, b) => a - b);
  return (
    <Dialog title={t('settings.title')} onClose={closeLayer}>
      {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
      <div className="settings-form">
        <Choice
          label={t('settings.autoLock')}
          hint={t('settings.autoLockHint')}
          value={String(settings.autoLockMinutes)}
          options={minutes.map((count) => [String(count), t('settings.minutes', { count })] as const)}
          onChoose={(chosen) => save({ autoLockMinutes: Number(chosen) })}
        />
        <Choice
          label={t('settings.theme')}
          value={settings.theme}
          options={[
            ['dark', t('settings.dark')],
            ['high-contrast', t('settings.highContrast')],
          ]}
          onChoose={(theme) => save({ theme })}
        />
        <Choice
          label={t('settings.language')}
          value={settings.language}
          options={[
            ['system', t('settings.systemLanguage')],
            ['en', LANGUAGES.en],
            ['de', LANGUAGES.de],
          ]}
          onChoose={(language) => save({ language })}
        />
        <Choice
          label={t('settings.overlays')}
          value={settings.overlays}
          options={[
            ['full', t('settings.full')],
            ['minimal', t('settings.minimal')],
            ['off', t('settings.off')],
          ]}
          onChoose={(overlays) => save({ overlays })}
        />
        <Choice
          label={t('settings.profile')}
          value={settings.keyProfile}
          options={[
            ['vitrine', 'Vitrine'],
            ['weasis', 'Weasis'],
            ['ohif', 'OHIF'],
          ]}
          onChoose={(keyProfile) => save({ keyProfile })}
        />
      </div>
      {info !== null && (
        <p className="quiet selectable">
          {t('settings.about', { version: info.version, electron: info.electron, chrome: info.chrome })}
        </p>
      )}
    </Dialog>
  );
}
