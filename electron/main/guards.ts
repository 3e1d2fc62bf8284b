import { app, type Input, type Session as PageSession, type WebContents, type WebPreferences } from 'electron';
import { APP_ORIGIN } from '../registrar.ts';

/** "Copy details" of an error card: text of our own into the clipboard, on a click. Nothing reads the clipboard. */
const ALLOWED_PERMISSIONS: readonly string[] = ['clipboard-sanitized-write'];

/** What every page runs under: a sandbox without Node, and nothing of it on the disk. */
export const PAGE_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  webSecurity: true,
  spellcheck: false,
  disableDialogs: true,
  v8CacheOptions: 'none',
  devTools: !app.isPackaged,
} as const satisfies WebPreferences;

/** Default deny: permissions, devices, downloads, and every address but our own. */
export function guardSession(pages: PageSession): void {
  const allowed = (permission: string, origin: string) =>
    ALLOWED_PERMISSIONS.includes(permission) && (origin === APP_ORIGIN || origin.startsWith(`${APP_ORIGIN}/`));
  pages.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(allowed(permission, details.requestingUrl)),
  );
  pages.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, origin));
  pages.setDevicePermissionHandler(() => false);
  pages.on('will-download', (event) => event.preventDefault());
  pages.setSpellCheckerEnabled(false);
  pages.webRequest.onBeforeRequest((request, answer) => {
    const ours = request.url.startsWith(`${APP_ORIGIN}/`);
    // The developer tools, which only an unpackaged app has, load their own pages.
    const tools = !app.isPackaged && request.url.startsWith('devtools://');
    answer({ cancel: !ours && !tools });
  });
}

function withCommand(input: Input): boolean {
  return (process.platform === 'darwin' ? input.meta : input.control) && !input.alt;
}

/** Zoom levels are powers of 1.2: from 58 % to 207 %, so that 200 % text (WCAG 1.4.4) is in reach. */
const ZOOM = { least: -3, most: 4 } as const;

/** Ctrl+plus and Ctrl+minus scale the interface (ui.md section 1): the page has no way to do so itself. */
function zoomStep(input: Input): -1 | 0 | 1 {
  if (input.type !== 'keyDown' || !withCommand(input)) return 0;
  if (input.key === '+' || input.key === '=') return 1;
  return input.key === '-' ? -1 : 0;
}

/** Keys of a browser that would reload, zoom or inspect the page. */
function isBrowserKey(input: Input): boolean {
  if (input.type !== 'keyDown') return false;
  const key = input.key.toLowerCase();
  if (key === 'f5' || key === 'f12') return true;
  if (!withCommand(input)) return false;
  return key === 'r' || (input.shift && (key === 'i' || key === 'j')) || (!input.shift && key === '0');
}

/** For the compute window: nothing is permitted, and its own files are all that it may load. */
export function guardCompute(pages: PageSession, origin: string): void {
  pages.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  pages.setPermissionCheckHandler(() => false);
  pages.setDevicePermissionHandler(() => false);
  pages.on('will-download', (event) => event.preventDefault());
  pages.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !url.startsWith(`${origin}/`) }));
}

/** No page leaves our origin, opens a window, embeds another or is reloaded by a key; two keys scale it. Applies to every web contents. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('before-input-event', (event, input) => {
    const step = zoomStep(input);
    if (step !== 0) {
      event.preventDefault();
      contents.setZoomLevel(Math.min(ZOOM.most, Math.max(ZOOM.least, contents.getZoomLevel() + step)));
      return;
    }
    const inspect = !app.isPackaged && input.key === 'F12';
    if (isBrowserKey(input) && !inspect) event.preventDefault();
    if (inspect && input.type === 'keyDown') contents.toggleDevTools();
  });
}
