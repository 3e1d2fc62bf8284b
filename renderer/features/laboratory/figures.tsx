import type { LabAttack, LabRun } from '../../../core/contract/lab.ts';
import type { LabPicture } from '../../../core/contract/laboratory.ts';
import { number } from '../../text/format.ts';
import { type Text, type TextKey, useText } from '../../text/text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Status } from '../../ui/status.tsx';
import type { LabSystem } from './lab-store.ts';
import { type RegistryText, useRegistryText } from './registry-text.ts';

type Figure = LabRun['metrics'][number];

function digits(value: number): string {
  if (Math.abs(value) >= 1000) return number(Math.round(value));
  if (value === 0 || Math.abs(value) >= 0.001) return number(value);
  const [factor, power] = value.toExponential(2).split('e');
  return `${number(Number(factor))}e${power}`;
}

/** A figure as it is read: four digits that count, with its unit. */
function valueText({ value, unit, note }: Figure, t: Text, registry: RegistryText): string {
  if (value === null) return note === '' ? '–' : registry.figure(note);
  if (value === 'infinity') return `${t('lab.infinite')} ${unit}`.trim();
  return `${digits(value)} ${unit}`.trim();
}

/** Where a paper's statement was found. */
function EvidenceTag({ evidence }: { readonly evidence: string }) {
  const t = useText();
  return (
    <span className="lab-tag" data-evidence={evidence}>
      {t(`lab.evidence.${evidence}` as TextKey)}
    </span>
  );
}

function Met({ meets }: { readonly meets: boolean | null }) {
  const t = useText();
  if (meets === null) return <span className="quiet">–</span>;
  return <Status kind={meets ? 'ok' : 'warning'}>{meets ? t('lab.yes') : t('lab.no')}</Status>;
}

/** The papers' figures for a metric, where the registry has one. */
function PaperCell({ systems, metric }: { readonly systems: readonly LabSystem[]; readonly metric: string }) {
  const found = systems.flatMap(({ headline }) => headline.filter(({ figure }) => figure?.metric === metric));
  if (found.length === 0) return <span className="quiet">–</span>;
  return found.map(({ text, evidence, figure }) => (
    <span key={text}>
      {figure?.value} <EvidenceTag evidence={evidence} />
    </span>
  ));
}

/** The figures for a spreadsheet: columns parted by tabs, values with all their digits. */
function tableText(runs: readonly LabRun[], t: Text, registry: RegistryText): string {
  const figures = [...new Map(runs.flatMap(({ metrics }) => metrics.map((one) => [one.name, one] as const))).values()];
  const valueIn = (run: LabRun, name: string): string =>
    String(run.metrics.find((one) => one.name === name)?.value ?? '');
  const rows = figures.map(({ name, unit, ideal }) => [
    registry.figure(name),
    ...runs.map((run) => valueIn(run, name)),
    unit,
    registry.figure(ideal),
  ]);
  const head = [t('lab.figure'), ...runs.map(({ system }) => system), t('lab.unit'), t('lab.ideal')];
  return [head, ...rows].map((row) => row.join('\t')).join('\n');
}

/** Ours, the paper's and the ideal of every figure of a run; with two runs beside each other the notes are left out. */
export function FiguresTable({
  runs,
  systems,
}: {
  readonly runs: readonly LabRun[];
  readonly systems: readonly LabSystem[];
}) {
  const t = useText();
  const registry = useRegistryText();
  const single = runs.length === 1;
  const names = [...new Set(runs.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  const find = (run: LabRun, name: string): Figure | undefined => run.metrics.find((one) => one.name === name);
  return (
    <>
      <table className="lab-table" data-table="figures">
        <thead>
          <tr>
            <th scope="col">{t('lab.figure')}</th>
            {runs.map(({ system }) => (
              <th scope="col" key={system} className="lab-number">
                {single ? t('lab.ours') : system}
              </th>
            ))}
            <th scope="col">{t('lab.paper')}</th>
            <th scope="col">{t('lab.ideal')}</th>
            {single && <th scope="col">{t('lab.meets')}</th>}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const first = runs.map((run) => find(run, name)).find((one) => one !== undefined);
            return (
              <tr key={name}>
                <th scope="row">
                  {registry.figure(name)}
                  {single && first?.value != null && first.note !== '' && (
                    <span className="quiet lab-caption"> ({registry.figure(first.note)})</span>
                  )}
                </th>
                {runs.map((run) => {
                  const figure = find(run, name);
                  const missed = !single && figure?.meets === false;
                  return (
                    <td key={run.system} className="lab-number" data-met={figure?.meets ?? 'none'}>
                      {figure === undefined ? '–' : valueText(figure, t, registry)}
                      {missed && <Status kind="warning">{t('lab.no')}</Status>}
                    </td>
                  );
                })}
                <td>
                  <PaperCell systems={systems} metric={name} />
                </td>
                <td className="quiet">{registry.figure(first?.ideal ?? '')}</td>
                {single && (
                  <td>
                    <Met meets={first?.meets ?? null} />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="quiet lab-note">{t('lab.figuresNote')}</p>
      <CopyButton label={t('lab.copy')} text={() => tableText(runs, t, registry)} />
    </>
  );
}

/** What the paper says, and where that was found. */
export function PaperTable({ system: listed }: { readonly system: LabSystem }) {
  const t = useText();
  const system = useRegistryText().system(listed);
  return (
    <div className="lab-paper">
      <p>
        {system.authors} ({system.year}): <cite lang="en">{system.title}</cite>
      </p>
      <dl className="lab-facts">
        <dt>{t('lab.does')}</dt>
        <dd>{system.does}</dd>
        <dt>{t('lab.claims')}</dt>
        <dd>{system.claims}</dd>
        <dt>{t('lab.reconstruction')}</dt>
        <dd>{system.reconstruction}</dd>
      </dl>
      <table className="lab-table">
        <thead>
          <tr>
            <th scope="col">{t('lab.paperSays')}</th>
            <th scope="col">{t('lab.foundIn')}</th>
          </tr>
        </thead>
        <tbody>
          {system.headline.map(({ text, evidence }) => (
            <tr key={text}>
              <td>{text}</td>
              <td>
                <EvidenceTag evidence={evidence} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Verdict({ title, of }: { readonly title: string; readonly of: LabAttack['bare'] }) {
  const t = useText();
  return (
    <div className="lab-verdict" data-broken={of.succeeded}>
      <span className="quiet">{title}</span>
      <Status kind={of.succeeded ? 'danger' : 'ok'}>{t(of.succeeded ? 'lab.broken' : 'lab.holds')}</Status>
      <span>{t('lab.verdict.score', { score: number(of.score), chance: number(of.chance) })}</span>
    </div>
  );
}

/** What an attack reached, bare and in the envelope. */
export function AttackResult({
  system,
  attack: made,
  part,
}: {
  readonly system: LabSystem;
  readonly attack: LabAttack;
  readonly part?: LabPicture;
}) {
  const t = useText();
  const registry = useRegistryText();
  const attack = registry.attack(made);
  const values = system.parameters
    .filter(({ name }) => name in made.parameters)
    .map((one) => {
      const { label, choices } = registry.parameter(system.id, one);
      const value = made.parameters[one.name] ?? '';
      return `${label} ${choices?.[value] ?? value}`;
    });
  return (
    <section className="lab-attack" data-attack={attack.id}>
      <h3>{attack.title}</h3>
      <Verdict title={t('lab.verdict.bare')} of={attack.bare} />
      <Verdict title={t('lab.verdict.envelope')} of={attack.envelope} />
      {part !== undefined && <p>{t('lab.attack.part', { columns: part.columns, rows: part.rows })}</p>}
      {values.length > 0 && <p>{t('lab.attack.shownWith', { values: values.join(', ') })}</p>}
      <p>{t('lab.attack.needs', { needs: attack.needs })}</p>
      <p>{t('lab.attack.measures', { measure: attack.measure })}</p>
      <p>{t('lab.attack.succeedsWhen', { when: attack.passesWhen })}</p>
      <p className="quiet">{t('lab.attack.source', { source: attack.source })}</p>
    </section>
  );
}
