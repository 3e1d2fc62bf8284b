import { ChevronDown, ChevronRight, Lock, TriangleAlert } from 'lucide-react';
import type { StudyRow } from '../../../core/contract/catalogue.ts';
import { dicomDate, number, personName } from '../../text/format.ts';
import { useText } from '../../text/text.ts';

interface StudyLineProps {
  readonly row: StudyRow;
  readonly isUnfolded: boolean;
  readonly onToggle: () => void;
}

/** The cells of a study. What is missing is said, never left to be guessed. */
export function StudyLine({ row, isUnfolded, onToggle }: StudyLineProps) {
  const t = useText();
  const Chevron = isUnfolded ? ChevronDown : ChevronRight;
  const name = personName(row.patientName);
  return (
    <>
      <td className="list-lock">
        <button
          type="button"
          className="list-chevron"
          tabIndex={-1}
          aria-label={t(isUnfolded ? 'list.collapse' : 'list.expand')}
          onClick={onToggle}
        >
          <Chevron size={14} aria-hidden="true" />
        </button>
        <Lock size={12} aria-label={t('list.sealed')} />
      </td>
      <td className={name === '' ? 'quiet' : 'list-name'} title={name}>
        {name === '' ? t('list.noName') : name}
      </td>
      <td>{row.patientId}</td>
      <td>{dicomDate(row.patientBirthDate)}</td>
      <td className={row.studyDate === '' ? 'quiet' : ''}>
        {row.studyDate === '' ? t('list.noDate') : dicomDate(row.studyDate)}
      </td>
      <td>{row.modalities.replaceAll('\\', ' ')}</td>
      <td className="list-description">
        <span className={row.studyDescription === '' ? 'list-clip quiet' : 'list-clip'} title={row.studyDescription}>
          {row.studyDescription === '' ? t('list.noDescription') : row.studyDescription}
        </span>
        {row.conflictCount > 0 && (
          <span className="status status-warning" title={t('list.conflictHint')}>
            <TriangleAlert size={13} aria-hidden="true" />
            {t('list.conflict', { count: row.conflictCount })}
          </span>
        )}
      </td>
      <td>{row.accessionNumber}</td>
      <td className="list-end">{number(row.instanceCount)}</td>
    </>
  );
}
