import type { SeriesRow } from '../../../core/contract/catalogue.ts';
import { type ShowReport, showReport } from '../../../core/contract/command-line.ts';
import { VitrineError } from '../../../core/errors.ts';
import type { StudyVault } from '../../../core/vault/types.ts';
import { catalogueHandlers } from '../../handlers/patient.ts';
import { cliError } from '../errors.ts';
import { withStudy } from '../glass.ts';
import { type Column, dateText, nameText, printable, table } from '../table.ts';
import { runCommand } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';
import { allStudies } from './list.ts';

/** The one study whose id begins with `start`. @throws vault/no-such-study, cli/ambiguous-study */
export async function findStudy(vault: StudyVault, start: string): Promise<string> {
  if (/^[0-9a-f]{32}$/.test(start)) return start;
  const { studies } = await allStudies(vault, {
    text: '',
    modality: '',
    since: '',
    sort: 'studyDate',
    descending: true,
  });
  const found = start === '' ? [] : studies.filter(({ studyId }) => studyId.startsWith(start.toLowerCase()));
  if (found.length > 1) throw cliError('cli/ambiguous-study');
  const [study] = found;
  if (study === undefined) throw new VitrineError('vault/no-such-study', 'no study begins so');
  return study.studyId;
}

export interface ShowOptions extends VaultOptions {
  /** Reason for looking at a study that the account's keys don't open. */
  readonly breakGlass?: string;
}

const COLUMNS: readonly Column<SeriesRow>[] = [
  { title: 'SERIES', value: ({ seriesNumber }) => (seriesNumber === null ? '' : String(seriesNumber)), align: 'right' },
  { title: 'MOD', value: ({ modality }) => modality },
  { title: 'DESCRIPTION', value: ({ seriesDescription }) => seriesDescription, width: 36 },
  { title: 'IMAGES', value: ({ instances }) => String(instances.length), align: 'right' },
  {
    title: 'FRAMES',
    value: ({ instances }) => String(instances.reduce((sum, { frames }) => sum + frames, 0)),
    align: 'right',
  },
  {
    title: 'SIZE',
    value: ({ instances: [first] }) => (first && first.rows > 0 ? `${first.columns}×${first.rows}` : ''),
  },
  { title: 'UID', value: ({ seriesInstanceUid }) => seriesInstanceUid },
];

/** Who opens it, where that isn't every reader of the vault. */
function accessText({ study, rule }: ShowReport): string {
  const hidden = 'restricted: the keys of this account don’t open it, and its patient is withheld';
  return [study.restricted ? hidden : '', rule === null ? '' : `under the rule ${rule}`]
    .filter((part) => part !== '')
    .join('; ');
}

function text(report: ShowReport): string {
  const { study, series, priors } = report;
  const lines: [string, string][] = [
    ['study', study.studyId],
    ['access', accessText(report)],
    [
      'patient',
      [nameText(study.patientName), study.patientId, study.patientSex].filter((part) => part !== '').join(', '),
    ],
    ['born', dateText(study.patientBirthDate)],
    ['date', dateText(study.studyDate)],
    ['description', study.studyDescription],
    ['accession', study.accessionNumber],
    ['annotations', String(study.annotationCount)],
    ['conflicts', String(study.conflictCount)],
    ['priors', priors.map(({ studyId, studyDate }) => `${dateText(studyDate)} ${studyId.slice(0, 12)}`).join(', ')],
  ];
  const head = lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(12)} ${printable(value)}`);
  return `${head.join('\n')}\n\n${table(COLUMNS, series)}`;
}

/** `vitrine show`: one study with its series. */
export function show(study: string, options: ShowOptions): Promise<void> {
  return runCommand(options.json === true, showReport, async (terminal) => {
    const report = await withVault(options, terminal, async (vault, use) => {
      const studyId = await findStudy(vault, study);
      use.audit.record({ kind: 'study-opened', studyIds: [studyId], code: null });
      const handlers = catalogueHandlers({ vault: () => vault });
      const { rule } = await vault.access('recipients', { studyId });
      const asked = { studyId, reason: options.breakGlass ?? null };
      const details = await withStudy(vault, use, asked, () => handlers['studies.details']({ studyId }));
      return { ...details, rule };
    });
    return { report, text: text(report), exit: 0 };
  });
}
