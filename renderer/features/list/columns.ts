import type { SortColumn } from '../../../core/contract/catalogue.ts';
import type { TextKey } from '../../text/text.ts';

interface Column {
  readonly key: SortColumn;
  readonly label: TextKey;
  readonly align?: 'end';
}

/** Columns in order (ui.md section 3). The first shows the lock, and sorts by the time of sealing, which is the import's. */
export const COLUMNS: readonly Column[] = [
  { key: 'importedAt', label: 'list.sealed' },
  { key: 'patientName', label: 'list.name' },
  { key: 'patientId', label: 'list.id' },
  { key: 'patientBirthDate', label: 'list.birth' },
  { key: 'studyDate', label: 'list.date' },
  { key: 'modalities', label: 'list.modalities' },
  { key: 'studyDescription', label: 'list.description' },
  { key: 'accessionNumber', label: 'list.accession' },
  { key: 'instanceCount', label: 'list.images', align: 'end' },
];

/** Modalities that the filter offers: the common ones of PS3.3 C.7.3.1.1.1. Others are found by typing. */
export const MODALITIES = ['CT', 'MR', 'CR', 'DX', 'MG', 'US', 'NM', 'PT', 'XA', 'RF', 'OT', 'SR'] as const;

/** The last choice of the date filter, which has a name of its own. */
export const DAYS_OF_A_YEAR = 365;

/** Choices of the date filter, in days; 0 is any date. */
export const DAYS = [0, 1, 7, 30, 90, DAYS_OF_A_YEAR] as const;
