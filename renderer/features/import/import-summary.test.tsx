import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImportOutcome } from '../../../core/contract/import.ts';
import { startText } from '../../text/text.ts';
import { ImportSummary } from './import-summary.tsx';

beforeAll(() => startText('en'));

const outcome: ImportOutcome = {
  job: '0'.repeat(32),
  outcome: 'done',
  code: null,
  counts: { imported: 3, known: 0, conflicts: 0, refused: 1 },
  bytes: 1024,
  seconds: 1,
  studyIds: [],
  refused: [{ name: 'setup.exe', code: 'dicom/not-dicom' }],
  conflicts: [],
  warnings: [],
};

const html = (isFolded: boolean, shown: ImportOutcome = outcome) =>
  renderToStaticMarkup(createElement(ImportSummary, { outcome: shown, isFolded, onDismiss: () => {} }));

describe('the summary of an import', () => {
  it('lists every refused file where it is not folded', () => {
    expect(html(false)).toContain('setup.exe');
    expect(html(false)).not.toContain('aria-expanded');
  });

  it('is one line beside images: counts, and a way to the lists', () => {
    const folded = html(true);
    expect(folded).not.toContain('import-list');
    expect(folded).not.toContain('setup.exe');
    expect(folded).toMatch(/refused.*<b>1<\/b>/);
    expect(folded).toMatch(/aria-expanded="false"[^>]*>(<[^>]+>)*Show/);
    expect(folded).toContain('Dismiss');
  });

  it('offers nothing to show where nothing was found', () => {
    const clean = html(true, { ...outcome, refused: [], counts: { ...outcome.counts, refused: 0 } });
    expect(clean).not.toContain('aria-expanded');
  });
});
