import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Dispatch } from './answer.ts';
import { DROP_CHANNEL, OPERATION_NAMES } from './names.ts';

/** The origin of our own pages; nothing else is ever loaded, and nothing else is ever answered. */
export const APP_ORIGIN = 'vitrine://app';

/** The main frame of a window of ours, showing a page of ours. */
function isTrusted(event: IpcMainInvokeEvent, isOurs: (contents: WebContents) => boolean): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null) return false;
  return frame.url.startsWith(`${APP_ORIGIN}/`) && isOurs(event.sender);
}

/**
 * The one place where messages of windows arrive. The channels are the names of the contract; they are known before the
 * contract's schemas are loaded, so that a page that is quicker than the dispatcher waits instead of failing.
 */
export function register(dispatcher: () => Promise<Dispatch>, isOurs: (contents: WebContents) => boolean): void {
  for (const channel of [...OPERATION_NAMES, DROP_CHANNEL]) {
    ipcMain.handle(channel, async (event, request: unknown) => {
      if (!isTrusted(event, isOurs)) return { ok: false, error: { code: 'ipc/forbidden', details: {} } };
      const dispatch = await dispatcher();
      return dispatch(channel, request);
    });
  }
}
