import { Play, Swords } from 'lucide-react';
import { useEffect, useId } from 'react';
import { useActiveImage } from '../../state/active-image.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import {
  attackSystem,
  cancelRun,
  chooseAttack,
  chooseOther,
  chooseSystem,
  compareSystems,
  type LabSystem,
  openActiveImage,
  openChosenFile,
  openPhantom,
  runSystem,
  systemOf,
  useLab,
} from './lab-store.ts';
import { ParameterForm } from './parameter-form.tsx';
import { useRegistryText } from './registry-text.ts';

const numberOf = ({ reference }: LabSystem): string => (reference === null ? '' : `[${reference}] `);

/** Number and name, as the review has them. */
export function systemName(system: LabSystem): string {
  return `${numberOf(system)}${system.authors.split(',')[0]}: ${system.title}`;
}

function SystemChoice({ systems, system }: { readonly systems: readonly LabSystem[]; readonly system: string }) {
  const t = useText();
  const id = useId();
  const groups = [
    { label: t('lab.ciphers'), of: systems.filter(({ kind }) => kind === 'image-scheme') },
    { label: t('lab.others'), of: systems.filter(({ kind }) => kind !== 'image-scheme') },
  ];
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {t('lab.system')}
      </label>
      <select id={id} className="select" value={system} onChange={(event) => chooseSystem(event.currentTarget.value)}>
        {groups
          .filter(({ of }) => of.length > 0)
          .map(({ label, of }) => (
            <optgroup key={label} label={label}>
              {of.map((one) => (
                <option key={one.id} value={one.id}>
                  {systemName(one)}
                </option>
              ))}
            </optgroup>
          ))}
      </select>
    </div>
  );
}

function PictureChoice() {
  const t = useText();
  const picture = useLab((state) => state.picture);
  const opening = useLab((state) => state.opening);
  const job = useLab((state) => state.job);
  const image = useActiveImage((state) => state.image);
  const isBusy = opening || job !== null;
  return (
    <section className="lab-group" aria-label={t('lab.picture')}>
      <h3>{t('lab.picture')}</h3>
      <div className="lab-buttons">
        <Button
          onClick={() => void openActiveImage()}
          disabled={isBusy || image === null}
          title={image === null ? t('lab.picture.noStudy') : image.label}
        >
          {t('lab.picture.study')}
        </Button>
        <Button onClick={() => void openPhantom()} disabled={isBusy}>
          {t('lab.picture.phantom')}
        </Button>
        <Button onClick={() => void openChosenFile()} disabled={isBusy}>
          {t('lab.picture.file')}
        </Button>
      </div>
      <p className="quiet lab-caption" aria-live="polite" data-picture={picture?.kind ?? ''}>
        {opening
          ? t('lab.picture.reading')
          : picture === null
            ? t('lab.picture.drop')
            : t('lab.picture.is', {
                kind: t(`lab.kind.${picture.kind}`),
                columns: picture.original.columns,
                rows: picture.original.rows,
                depth: picture.original.bits,
              })}
      </p>
    </section>
  );
}

function RunButtons({ system }: { readonly system: LabSystem }) {
  const t = useText();
  const { picture, job, opening } = useLab();
  const isReady = picture !== null && job === null && !opening;
  return (
    <div className="lab-buttons">
      <Button look="filled" disabled={!isReady} onClick={() => void runSystem()} data-run={system.id}>
        <Play size={16} aria-hidden="true" />
        {t('lab.run')}
      </Button>
      {job !== null && <Button onClick={cancelRun}>{t('lab.cancel')}</Button>}
    </div>
  );
}

function AttackChoice({ system }: { readonly system: LabSystem }) {
  const t = useText();
  const registry = useRegistryText();
  const { picture, job, attack, opening } = useLab();
  const attacks = system.attacks.map(registry.attack);
  const chosen = attacks.find(({ id }) => id === attack) ?? attacks[0];
  if (chosen === undefined) return null;
  return (
    <section className="lab-group" aria-label={t('lab.attack')}>
      <Choice
        label={t('lab.attack')}
        value={chosen.id}
        options={attacks.map(({ id, title }) => [id, title] as const)}
        onChoose={chooseAttack}
      />
      <p className="quiet lab-caption">{t('lab.attack.needs', { needs: chosen.needs })}</p>
      <Button disabled={picture === null || job !== null || opening} onClick={() => void attackSystem()}>
        <Swords size={16} aria-hidden="true" />
        {t('lab.attackIt')}
      </Button>
    </section>
  );
}

function CompareChoice({ systems, system }: { readonly systems: readonly LabSystem[]; readonly system: LabSystem }) {
  const t = useText();
  const { picture, job, other, opening } = useLab();
  const others = systems.filter(({ kind, id }) => kind === 'image-scheme' && id !== system.id);
  const chosen = others.find(({ id }) => id === other) ?? others[0];
  useEffect(() => {
    if (chosen !== undefined && chosen.id !== other) chooseOther(chosen.id);
  }, [chosen, other]);
  if (chosen === undefined) return null;
  return (
    <section className="lab-group" aria-label={t('lab.compareWith')}>
      <Choice
        label={t('lab.compareWith')}
        value={chosen.id}
        options={others.map((one) => [one.id, systemName(one)] as const)}
        onChoose={chooseOther}
      />
      <Button disabled={picture === null || job !== null || opening} onClick={() => void compareSystems()}>
        {t('lab.compare')}
      </Button>
    </section>
  );
}

/** What is run, on what, with which settings. */
export function SidePanel() {
  const systems = useLab((state) => state.systems);
  const system = useLab(systemOf);
  if (systems === null || system === null) return null;
  const isCipher = system.kind === 'image-scheme';
  return (
    <aside className="lab-side">
      <SystemChoice systems={systems} system={system.id} />
      {isCipher && (
        <>
          <PictureChoice />
          <ParameterForm system={system} />
          <RunButtons system={system} />
          <AttackChoice system={system} />
          <CompareChoice systems={systems} system={system} />
        </>
      )}
    </aside>
  );
}
