import { fileURLToPath } from 'node:url';
import { BrowserWindow, protocol, session } from 'electron';
import { APP_SCHEME, COMPUTE_SCHEME, createAppProtocol } from '../protocols/app.ts';
import { APP_ORIGIN } from '../registrar.ts';
import { guardSession, PAGE_PREFERENCES } from './guards.ts';

/** A session without `persist:` lives in memory: no cookie, cache, storage or code cache of a page reaches the disk. */
const PARTITION = 'vitrine';

/** The theme's app level (ui.md section 5): the window is dark from its first frame. */
const BACKGROUND = '#0e1114';

/** Must run before the app is ready. Standard and secure, so that the page is cross-origin isolated. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
    { scheme: COMPUTE_SCHEME, privileges: { standard: true, secure: true } },
  ]);
}

/**
 * The guarded session that serves the app's own pages. Once per run. `protocol.handle`, which replaces the buffer protocol
 * in Electron's documentation, loads Node's fetch, HTTP and TLS for its Request and Response: a tenth of a start.
 */
export function preparePages(): void {
  const pages = session.fromPartition(PARTITION, { cache: false });
  guardSession(pages);
  const answer = createAppProtocol(fileURLToPath(new URL('../renderer/', import.meta.url)));
  pages.protocol.registerBufferProtocol(APP_SCHEME, (request, respond) => respond(answer(request)));
}

/** Milliseconds after which a window whose page still loads is shown all the same. */
const SHOW_LIMIT = 3000;

/**
 * Opens the workstation's window. It is shown when its page's scripts have run: a page that is on the screen stops for the
 * GPU process, which starts beside it and takes longer than they do, and the window would be there sooner and its list later.
 */
export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    title: 'Vitrine',
    backgroundColor: BACKGROUND,
    show: false,
    paintWhenInitiallyHidden: false,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)),
      partition: PARTITION,
      ...PAGE_PREFERENCES,
      navigateOnDragDrop: false,
    },
  });
  if (process.platform !== 'darwin') window.setMenuBarVisibility(false);
  // The title is the app's for good: a patient's name must not reach the task switcher.
  window.on('page-title-updated', (event) => event.preventDefault());
  const show = (): void => {
    if (!window.isDestroyed() && !window.isVisible()) window.show();
  };
  window.webContents.once('dom-ready', show);
  setTimeout(show, SHOW_LIMIT);
  loadPage(window);
  return window;
}

function loadPage(window: BrowserWindow): void {
  void window.loadURL(`${APP_ORIGIN}/index.html`).catch(() => undefined);
}

/**
 * The window goes on with a new page in a new process, and the old one ends with whatever its memory held: text that was
 * drawn, decoded pixels. An empty page between the two makes Chromium change the process, because our pages share one
 * with nothing that isn't cross-origin isolated (COOP).
 */
export function renewPage(window: BrowserWindow): void {
  void window
    .loadURL('about:blank')
    .catch(() => undefined)
    .then(() => {
      if (!window.isDestroyed()) loadPage(window);
    });
}
