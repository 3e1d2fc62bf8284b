import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { vaultNotice } from '../../../core/contract/session.ts';
import { changeLanguage, startText } from '../../text/text.ts';
import { saveReport } from './save-report.ts';
import { NoticeBanner } from './vault-notices.tsx';

beforeAll(() => startText('en'));

const banner = () =>
  renderToStaticMarkup(createElement(NoticeBanner, { notices: vaultNotice.options, onDismiss: () => {} }));

describe('the notices of an unlock', () => {
  it.each(['en', 'de'] as const)(
    'say what happened, what was kept and what is next, and can be dismissed (%s)',
    async (language) => {
      await changeLanguage(language);
      const html = banner();
      for (const notice of vaultNotice.options) expect(html).toContain(`data-notice="${notice}"`);
      expect(html).not.toContain('notice.');
      expect(html.match(/<h3>[^<]{20,}<\/h3><p>[^<]{60,}<\/p>/g)).toHaveLength(vaultNotice.options.length);
      expect(html).toContain(language === 'en' ? 'Dismiss' : 'Ausblenden');
      await changeLanguage('en');
    },
  );
});

describe('what is saved', () => {
  it('names the last change, says that nothing is unsaved and that all is sealed', () => {
    const [last, unsaved, sealed] = saveReport({ kind: 'saved', at: new Date(2026, 10, 25, 14, 3, 9).toISOString() });
    expect(last).toMatch(/2?:?0?3:09/);
    expect(unsaved).toMatch(/^Nothing is unsaved/);
    expect(sealed).toMatch(/sealed/);
    expect(saveReport({ kind: 'saved', at: null })[0]).toMatch(/^No mark/);
  });

  it('never says saved of what is being written or failed', () => {
    expect(saveReport({ kind: 'saving' }).join(' ')).not.toMatch(/nothing is unsaved/i);
    const failed = saveReport({ kind: 'failed', code: 'vault/disk-full' });
    expect(failed[0]).toBe('The last change is not on disk.');
    expect(failed.join(' ')).not.toMatch(/nothing is unsaved|was saved at/i);
    expect(failed).toHaveLength(5);
  });
});
