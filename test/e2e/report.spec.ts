import type { Page } from '@playwright/test';
import { ask, killTree, launch, quit } from './app.ts';
import { drawLength, press } from './draw.ts';
import { expect, test } from './fixture.ts';
import * as steps from './steps.ts';

const field = (page: Page, section: string) => page.locator(`.report-field[data-section=${section}]`);

test('a report is written, takes measurements in, outlives a kill, is signed off and amended', async ({ start }) => {
  const first = await start();
  const { profile } = first;
  let { page } = first;
  const studyId = await steps.openSample(page);
  await steps.toSlice(page, 48);
  await drawLength(page, [200, 256], [300, 256]);
  await page.getByRole('application').focus();
  await press(page, 'Alt+3');
  await expect(page.getByRole('tab', { name: 'Report' })).toHaveAttribute('aria-selected', 'true');
  await field(page, 'indication').fill('Follow-up');
  await field(page, 'findings').click();
  await page.keyboard.type('A rod.');
  await page.getByRole('button', { name: 'Insert measurement' }).click();
  await page.getByRole('menuitem', { name: /^Length/ }).click();
  await expect(field(page, 'findings')).toHaveValue(/^A rod\.\nLength: 70\.\d mm \(Image 48\)$/);
  await expect(field(page, 'findings')).toBeFocused();
  await press(page, 'Control+z');
  await expect(field(page, 'findings'), 'undo takes the measurement back').toHaveValue('A rod.');
  await press(page, 'Control+y');
  await expect(field(page, 'findings')).toHaveValue(/70/);
  await expect(page.locator('.report-saved')).toContainText('saved');
  const kept = async () => (await ask(page, 'annotations.load', { studyId })).reports;
  expect((await kept())[0]?.sections.indication).toBe('Follow-up');

  await killTree(first);
  const second = await launch(profile);
  page = second.page;
  await steps.onScreen(page, 'list');
  await steps.openFirst(page);
  await press(page, 'Alt+3');
  await expect(field(page, 'findings'), 'what was saved is there after a kill').toHaveValue(/^A rod\.\nLength/);

  await page.getByRole('button', { name: 'Sign off …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign off the report' }).click();
  await expect(page.locator('[data-report=final]')).toContainText('Follow-up');
  await expect(page.locator('.report-field'), 'nothing of it can be changed any more').toHaveCount(0);
  const [signed] = await kept();
  expect(signed?.status).toBe('final');
  if (signed === undefined) throw new Error('no report is kept');
  const altered = { ...signed, status: 'draft' as const, sections: { ...signed.sections, findings: 'altered' } };
  await ask(page, 'annotations.append', { studyId, entries: [{ op: 'report', report: altered }] });
  expect((await kept())[0]?.sections.findings, 'nor from outside of the screen').toContain('A rod.');

  await page.getByRole('button', { name: 'Write an amendment' }).click();
  await field(page, 'impression').fill('Unchanged.');
  await expect.poll(async () => (await kept())[1]?.amends).toBe(signed.uid);
  await quit(second);
});
