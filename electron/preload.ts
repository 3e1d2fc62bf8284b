import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../core/contract/bridge.ts';
import {
  DROP_CHANNEL,
  EVENT_NAMES,
  OPERATION_NAMES,
  PATIENT_OPERATION_NAMES,
  PORT_CHANNEL,
  PORT_MESSAGE_NAME,
} from './names.ts';
import { type PagePort, PatientPort } from './patient-port.ts';

/** The few things of the page that a sandboxed preload touches; the room has no DOM types on purpose. */
declare const window: { postMessage(message: string, origin: string, ports: readonly unknown[]): void };
declare const location: { readonly origin: string };

const patients = new PatientPort();
const byPort: readonly string[] = PATIENT_OPERATION_NAMES;

/**
 * Forwards the contract's operations and events by name, and nothing else: no logic, no general channel. What a name
 * means, and whether this page may ask it, is decided in main; or, of a patient's data, in the vault process.
 */
const bridge: Bridge = {
  call: (name, request) => {
    if (byPort.includes(name)) return patients.call(name, request, () => ipcRenderer.invoke(name, null));
    return OPERATION_NAMES.includes(name)
      ? ipcRenderer.invoke(name, request)
      : Promise.resolve({ ok: false, error: { code: 'ipc/forbidden', details: {} } });
  },
  on: (name, listener) => {
    if (!EVENT_NAMES.includes(name)) return () => undefined;
    const forward = (_event: IpcRendererEvent, payload: Parameters<typeof listener>[0]) => listener(payload);
    ipcRenderer.on(name, forward);
    return () => void ipcRenderer.off(name, forward);
  },
  registerDrop: (files) =>
    ipcRenderer.invoke(DROP_CHANNEL, { paths: files.map((file) => webUtils.getPathForFile(file as never)) }),
};

contextBridge.exposeInMainWorld('vitrine', bridge);

ipcRenderer.on(PORT_CHANNEL, (event) => {
  const [frames, operations] = event.ports as unknown as readonly PagePort[];
  if (operations !== undefined) patients.attach(operations);
  window.postMessage(PORT_MESSAGE_NAME, location.origin, [frames]);
});
