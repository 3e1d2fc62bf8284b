import './laboratory.css';
import { Lock, ShieldAlert } from 'lucide-react';
import { type DragEvent, useEffect } from 'react';
import { showPlace } from '../../state/places.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { PaperTable } from './figures.tsx';
import { type LabSystem, openDropped, startLab, systemOf, useLab } from './lab-store.ts';
import { Panes } from './panes.tsx';
import { useRegistryText } from './registry-text.ts';
import { Results } from './results.tsx';
import { SidePanel, systemName } from './side-panel.tsx';

/** What a system does and doesn't protect: always on the screen, whatever its figures are. */
function Protection({ system }: { readonly system: LabSystem }) {
  const t = useText();
  const registry = useRegistryText();
  const systems = useLab((state) => state.systems) ?? [];
  const compared = useLab((state) => state.compared?.report.systems.map(({ run }) => run.system).join() ?? '');
  // In the order of the pictures.
  const shown =
    compared === '' ? [system] : compared.split(',').flatMap((id) => systems.find((one) => one.id === id) ?? []);
  return (
    <section className="lab-protection" aria-label={t('lab.protects')}>
      {shown.map(registry.system).map(({ id, protects }) => (
        <p key={id}>
          <ShieldAlert size={16} aria-hidden="true" />
          <span>
            <strong>
              {t('lab.protects')}
              {shown.length > 1 && ` (${id})`}:
            </strong>{' '}
            <span>{protects}</span>
          </span>
        </p>
      ))}
      <p className="quiet">
        <Lock size={16} aria-hidden="true" />
        <span>{t('lab.sealed')}</span>
      </p>
    </section>
  );
}

/** A system that isn't an image cipher: what it is, and where it runs. */
function OtherSystem({ system }: { readonly system: LabSystem }) {
  const t = useText();
  return (
    <div className="lab-other">
      <h2>{systemName(system)}</h2>
      <p className="lab-command">
        <span className="quiet">{t('lab.runs')}</span> <code className="mono">{system.command}</code>
      </p>
      {system.kind === 'forecast' && (
        <Button look="filled" onClick={() => showPlace('forecast')}>
          {t('lab.goForecast')}
        </Button>
      )}
      {(system.kind === 'classifier' || system.kind === 'model-attack') && <p>{t('lab.goViewer')}</p>}
      <PaperTable system={system} />
    </div>
  );
}

function Problem() {
  const problem = useLab((state) => state.problem);
  if (problem === null) return null;
  return <ErrorNote error={errorText(problem.code, problem.details)} code={problem.code} />;
}

const takesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** Published systems on the user's own images, measured, attacked and compared. */
export function LaboratoryDesk() {
  const t = useText();
  const system = useLab(systemOf);
  const isReading = useLab((state) => state.systems === null && state.problem === null);
  useEffect(() => void startLab(), []);
  const drop = (event: DragEvent): void => {
    if (!takesFiles(event)) return;
    event.preventDefault();
    void openDropped([...event.dataTransfer.files]);
  };
  return (
    <section
      className="lab"
      aria-label={t('lab.title')}
      data-takes-files
      onDragOver={(event) => takesFiles(event) && event.preventDefault()}
      onDrop={drop}
    >
      <SidePanel />
      <div className="lab-main">
        <Problem />
        {isReading && <p className="quiet lab-wait">{t('lab.loading')}</p>}
        {system !== null && system.kind !== 'image-scheme' && (
          <>
            <OtherSystem system={system} />
            <Protection system={system} />
          </>
        )}
        {system?.kind === 'image-scheme' && (
          <>
            <Panes system={system} />
            <Protection system={system} />
            <Results system={system} />
          </>
        )}
      </div>
    </section>
  );
}
