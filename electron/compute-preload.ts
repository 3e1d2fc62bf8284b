import { ipcRenderer } from 'electron';
import { COMPUTE_CHANNEL, COMPUTE_PAGE_MESSAGE } from './names.ts';

/** The few things of the page that a sandboxed preload touches; the room has no DOM types on purpose. */
declare const window: { postMessage(message: string, origin: string, ports: readonly unknown[]): void };
declare const location: { readonly origin: string };

/** Hands the port to the engine on to the page of the compute window. There is nothing else: no bridge, no operation. */
ipcRenderer.on(COMPUTE_CHANNEL, (event) => window.postMessage(COMPUTE_PAGE_MESSAGE, location.origin, event.ports));
