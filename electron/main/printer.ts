import { BrowserWindow } from 'electron';
import type { Printer } from '../printer.ts';

function shownWindow(): BrowserWindow | null {
  return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0] ?? null;
}

/** What both ways share: the page's own sheet (features/viewer/print.css) says size and margins. */
const SHEET = { landscape: true, printBackground: true, pageSize: 'A4' } as const;

export const printer: Printer = {
  paper: () =>
    new Promise((resolve) => {
      const window = shownWindow();
      if (window === null) return resolve('failed');
      window.webContents.print({ ...SHEET, silent: false }, (isDone, reason) => {
        if (isDone) resolve('done');
        else resolve(/cancel/i.test(reason) ? 'cancelled' : 'failed');
      });
    }),
  pdf: async () => {
    const window = shownWindow();
    if (window === null) throw new Error('there is no window to print');
    return await window.webContents.printToPDF({
      ...SHEET,
      preferCSSPageSize: true,
      margins: { top: 0, bottom: 0, left: 0, right: 0 },
    });
  },
};
