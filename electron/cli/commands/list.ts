import type { SortColumn, StudyQuery, StudyRow } from '../../../core/contract/catalogue.ts';
import { type ListReport, listReport } from '../../../core/contract/command-line.ts';
import type { StudyVault } from '../../../core/vault/types.ts';
import { catalogueHandlers } from '../../handlers/patient.ts';
import { cliError } from '../errors.ts';
import { type Column, dateText, nameText, table } from '../table.ts';
import { runCommand } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';

export interface ListOptions extends VaultOptions {
  readonly search?: string;
  readonly modality?: string;
  readonly since?: string;
  readonly sort?: SortColumn;
  readonly ascending?: boolean;
}

const PAGE = 500;

const COLUMNS: readonly Column<StudyRow>[] = [
  { title: 'STUDY', value: ({ studyId }) => studyId.slice(0, 12) },
  {
    title: 'NAME',
    value: ({ patientName, restricted }) => (restricted ? '[restricted]' : nameText(patientName)),
    width: 28,
  },
  { title: 'ID', value: ({ patientId }) => patientId, width: 16 },
  { title: 'BORN', value: ({ patientBirthDate }) => dateText(patientBirthDate) },
  { title: 'DATE', value: ({ studyDate }) => dateText(studyDate) },
  { title: 'MOD', value: ({ modalities }) => modalities.replaceAll('\\', ',') },
  { title: 'DESCRIPTION', value: ({ studyDescription }) => studyDescription, width: 32 },
  { title: 'ACCESSION', value: ({ accessionNumber }) => accessionNumber, width: 16 },
  { title: 'IMAGES', value: ({ instanceCount }) => String(instanceCount), align: 'right' },
];

/** Every study that matches, page by page. */
export async function allStudies(vault: StudyVault, query: Omit<StudyQuery, 'offset' | 'limit'>): Promise<ListReport> {
  const handlers = catalogueHandlers({ vault: () => vault });
  const studies: StudyRow[] = [];
  for (;;) {
    const page = await handlers['studies.search']({ ...query, offset: studies.length, limit: PAGE });
    studies.push(...page.rows);
    if (page.rows.length === 0 || studies.length >= page.total) return { all: page.all, studies };
  }
}

function text({ all, studies }: ListReport): string {
  const count = `${studies.length} of ${all} ${all === 1 ? 'study' : 'studies'}, all sealed\n`;
  return studies.length === 0 ? count : `${table(COLUMNS, studies)}\n${count}`;
}

/** A day as the catalogue has it (YYYYMMDD). @throws cli/bad-date */
function sinceDay(text: string): string {
  const day = new Date(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  if (!isDay) throw cliError('cli/bad-date');
  return text.replaceAll('-', '');
}

/** `vitrine list`: the studies of the vault, newest first. */
export function list(options: ListOptions): Promise<void> {
  return runCommand(options.json === true, listReport, async (terminal) => {
    const since = options.since === undefined ? '' : sinceDay(options.since);
    const report = await withVault(options, terminal, (vault) =>
      allStudies(vault, {
        text: options.search ?? '',
        modality: (options.modality ?? '').toUpperCase(),
        since,
        sort: options.sort ?? 'studyDate',
        descending: options.ascending !== true,
      }),
    );
    return { report, text: text(report), exit: 0 };
  });
}
