import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, Menu, type WebContents } from 'electron';
import type { Dispatch } from './answer.ts';
import { createLogger } from './log.ts';
import { clearFreedMemory } from './main/forget.ts';
import { guardContents } from './main/guards.ts';
import { choosePaths, hardenChromium, withoutCoreDumps } from './main/launch.ts';
import { VaultHost } from './main/vault-host.ts';
import { declareScheme, openWindow, preparePages } from './main/window.ts';
import { HEADER_FILE } from './paths.ts';
import { register } from './registrar.ts';
import type { Workstation } from './workstation.ts';

/**
 * Entry of the main process. In order: folders and switches, before Chromium starts; the window, as soon as it can be;
 * the rest (schemas, session, handlers) while the page loads.
 */
const paths = choosePaths();
const log = createLogger({ file: paths.log });
hardenChromium();
clearFreedMemory();
declareScheme();
// No menu at all: Electron's default one would reload, zoom and inspect, and building one takes the time that a window
// does. Keys and the palette are in the page; on macOS, where an app must have one, it gets ours after the window.
Menu.setApplicationMenu(null);

/** What nobody caught leaves the app in an unknown state: it is logged and ends the app, without Electron's modal box. */
function fatal(error: unknown): void {
  log.error('main.fatal', error);
  void log.flush().finally(() => app.exit(1));
}
process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

const host = new VaultHost((recovered) => {
  if (Object.values(recovered).some(Boolean)) log.warn('vault.recovered', { ...recovered });
});
let workstation: Promise<Workstation> | null = null;

function isOurs(contents: WebContents): boolean {
  return BrowserWindow.getAllWindows().some((window) => window.webContents === contents);
}

function start(): Promise<Workstation> {
  workstation ??= import('./main/desktop.ts').then(({ startWorkstation }) => startWorkstation({ paths, log, host }));
  return workstation;
}

async function dispatcher(): Promise<Dispatch> {
  return (await start()).dispatch;
}

function openFirstWindow(): void {
  const window = openWindow();
  const contents = window.webContents;
  const active = () => void workstation?.then(({ autoLock }) => autoLock.active());
  contents.on('input-event', active);
  contents.on('before-input-event', active);
  host.serve(contents);
  contents.on('did-finish-load', withoutCoreDumps);
  contents.on('render-process-gone', (_event, { reason }) => {
    log.warn('window.gone', { reason: `render.${reason}` });
    if (reason !== 'clean-exit' && !window.isDestroyed()) contents.reload();
  });
}

async function run(): Promise<void> {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  // A helper of Chromium that died is replaced by one that starts with the default again.
  app.on('child-process-gone', () => setTimeout(withoutCoreDumps, 2000).unref());
  app.on('window-all-closed', () => app.quit());
  register(dispatcher, isOurs);
  await app.whenReady();
  // A vault that is there will be opened in a moment: its process starts beside the page, not after it.
  if (existsSync(join(paths.vault, HEADER_FILE))) host.warm();
  preparePages();
  openFirstWindow();
  const { session } = await start();
  await session.openAtStart();
}

if (app.requestSingleInstanceLock()) run().catch(fatal);
else app.quit();

let ended = false;
app.on('before-quit', (event) => {
  if (ended) return;
  event.preventDefault();
  host.discard();
  const lock = workstation?.then(({ session }) => session.close());
  void Promise.resolve(lock)
    .catch(() => undefined)
    .then(() => log.flush())
    .finally(() => {
      ended = true;
      app.quit();
    });
});
