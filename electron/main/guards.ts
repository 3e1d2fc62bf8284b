import { app, type Input, type Session as PageSession, type WebContents } from 'electron';
import { APP_ORIGIN } from '../registrar.ts';

/** "Copy details" of an error card: text of our own into the clipboard, on a click. Nothing reads the clipboard. */
const ALLOWED_PERMISSIONS: readonly string[] = ['clipboard-sanitized-write'];

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

/** Keys of a browser that would reload, zoom or inspect the page. */
function isBrowserKey(input: Input): boolean {
  if (input.type !== 'keyDown') return false;
  const key = input.key.toLowerCase();
  if (key === 'f5' || key === 'f12') return true;
  const command = process.platform === 'darwin' ? input.meta : input.control;
  if (!command || input.alt) return false;
  return key === 'r' || (input.shift && (key === 'i' || key === 'j')) || (!input.shift && key === '0');
}

/** No page leaves our origin, opens a window, embeds another or is reloaded by a key. Applies to every web contents. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('before-input-event', (event, input) => {
    const inspect = !app.isPackaged && input.key === 'F12';
    if (isBrowserKey(input) && !inspect) event.preventDefault();
    if (inspect && input.type === 'keyDown') contents.toggleDevTools();
  });
}
