import { ChevronDown, ChevronRight, Lock, LockKeyhole, TriangleAlert } from 'lucide-react';
import type { StudyRow } from '../../../core/contract/catalogue.ts';
import { dicomDate, number, personName } from '../../text/format.ts';
import { useText } from '../../text/text.ts';

interface StudyLineProps {
  readonly row: StudyRow;
  readonly isUnfolded: boolean;
  readonly onToggle: () => void;
}

function NameCell({ row }: { readonly row: StudyRow }) {
  const t = useText();
  if (row.restricted)
    return (
      <td title={t('list.restrictedHint')}>
        <span className="status status-warning list-restricted">
          <LockKeyhole size={13} aria-hidden="true" />
          {t('list.restricted')}
        </span>
      </td>
    );
  const name = personName(row.patientName);
  return (
    <td className={name === '' ? 'quiet' : 'list-name'} title={name}>
      {name === '' ? t('list.noName') : name}
    </td>
  );
}

/** What a restricted row says of itself: nothing, which isn't that there is nothing. */
function described({ studyDescription, restricted }: StudyRow, none: string): string {
  return studyDescription === '' && !restricted ? none : studyDescription;
}

/** The cells of a study. What is missing is said, never left to be guessed. */
export function StudyLine({ row, isUnfolded, onToggle }: StudyLineProps) {
  const t = useText();
  const Chevron = isUnfolded ? ChevronDown : ChevronRight;
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
      <NameCell row={row} />
      <td>{row.patientId}</td>
      <td>{dicomDate(row.patientBirthDate)}</td>
      <td className={row.studyDate === '' ? 'quiet' : ''}>
        {row.studyDate === '' ? t('list.noDate') : dicomDate(row.studyDate)}
      </td>
      <td>{row.modalities.replaceAll('\\', ' ')}</td>
      <td className="list-description">
        <span className={row.studyDescription === '' ? 'list-clip quiet' : 'list-clip'} title={row.studyDescription}>
          {described(row, t('list.noDescription'))}
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
