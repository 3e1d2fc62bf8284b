import type { ImportProgress } from '../../../core/contract/import.ts';
import { number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Status } from '../../ui/status.tsx';

/** new 598, known 12, refused 2. */
export function ImportCounts({ counts }: { readonly counts: ImportProgress['counts'] }) {
  const t = useText();
  return (
    <span className="import-counts">
      <span>
        {t('import.new')} <b>{number(counts.imported)}</b>
      </span>
      <span>
        {t('import.known')} <b>{number(counts.known)}</b>
      </span>
      {counts.conflicts > 0 && (
        <Status kind="warning">
          {t('import.conflicts')} <b>{number(counts.conflicts)}</b>
        </Status>
      )}
      {counts.refused > 0 && (
        <Status kind="warning">
          {t('import.refused')} <b>{number(counts.refused)}</b>
        </Status>
      )}
    </span>
  );
}
