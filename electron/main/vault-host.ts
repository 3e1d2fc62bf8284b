import { fileURLToPath } from 'node:url';
import {
  MessageChannelMain,
  type MessagePortMain,
  type UtilityProcess,
  utilityProcess,
  type WebContents,
} from 'electron';
import { PORT_CHANNEL } from '../names.ts';
import { APP_ORIGIN } from '../registrar.ts';
import type { OpenedVault } from '../session.ts';
import type { OpenOptions } from '../session-parts.ts';
import type { FromVault, OpenVault, RecoverySummary } from '../vault/protocol.ts';
import { VaultProxy } from '../vault/proxy.ts';
import type { PatientFollower } from '../workstation.ts';
import type { CheckerProcess } from './checker-host.ts';
import { withoutCoreDump } from './launch.ts';

/** A vault process that doesn't end by itself in this time is ended. It may be killed at any moment without loss. */
const SHUTDOWN_LIMIT_MS = 1500;

/** What a process of the app inherits: nothing that changes how Node runs. */
export function environment(): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && name !== 'NODE_OPTIONS' && name !== 'ELECTRON_RUN_AS_NODE') inherited[name] = value;
  // Imports fsync many files at once: libuv's four threads would be the limit.
  return { ...inherited, UV_THREADPOOL_SIZE: '8' };
}

/** Starts vault processes and gives windows their ports. One process at a time holds keys; it lives from unlock to lock. */
export class VaultHost {
  readonly #opened: (recovered: RecoverySummary) => void;
  #waiting: UtilityProcess | null = null;
  #quitting = false;
  readonly #loaded = new Set<WebContents>();
  #current: VaultProxy<MessagePortMain> | null = null;
  #pages: PatientFollower | null = null;

  /** @param opened told after every opening what had to be repaired */
  constructor(opened: (recovered: RecoverySummary) => void) {
    this.#opened = opened;
  }

  /** Who is told what pages ask the vault process of a patient's data. */
  follow(pages: PatientFollower): void {
    this.#pages = pages;
  }

  /** Starts a process without keys, so that the next unlock doesn't wait for it. */
  warm(): void {
    if (this.#waiting !== null || this.#quitting) return;
    const child = fork();
    child.once('exit', () => {
      if (this.#waiting === child) this.#waiting = null;
    });
    this.#waiting = child;
  }

  /** Opens the vault in a process. @throws see VaultProxy.openVault; the process is ended then */
  async open(vault: OpenVault, { create, user, roles }: OpenOptions): Promise<OpenedVault> {
    const child = this.#waiting ?? fork();
    this.#waiting = null;
    const proxy = new VaultProxy<MessagePortMain>(child);
    const endChecker = serveChecker(child, proxy);
    child.on('message', (message: FromVault) => this.#asked(child, message));
    let closing = false;
    let crash: () => void = () => undefined;
    const crashed = new Promise<void>((resolve) => {
      crash = resolve;
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        proxy.ended();
        endChecker();
        if (this.#current === proxy) this.#current = null;
        if (!closing) crash();
        resolve();
      });
    });
    let recovered: RecoverySummary;
    try {
      const name = user ?? (await import('../audit/recorder.ts')).actor('').user;
      recovered = await proxy.openVault(vault, { create, entered: { roles, name } });
      this.#opened(recovered);
    } catch (error) {
      closing = true;
      await end(child, proxy, exited);
      throw error;
    }
    this.#current = proxy;
    const close = async (): Promise<void> => {
      closing = true;
      if (this.#current === proxy) this.#current = null;
      await end(child, proxy, exited);
      this.warm();
    };
    return { vault: proxy, recovered, close, crashed };
  }

  /** From now on the page of `contents` has its port to the vault process whenever it is loaded and a vault is open. */
  serve(contents: WebContents): void {
    contents.on('dom-ready', () => {
      // The empty page between two of ours has no use for a port, and no origin to hand it on to.
      if (!contents.getURL().startsWith(APP_ORIGIN)) return;
      this.#loaded.add(contents);
      this.#connect(contents);
    });
    // A page that is on its way gets its port when it is there: a message to it now would be lost.
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#loaded.delete(contents);
    });
    contents.on('render-process-gone', () => this.#loaded.delete(contents));
    contents.once('destroyed', () => this.#loaded.delete(contents));
  }

  /** The vault was opened (anew): the pages that are loaded get their ports. */
  connect(): void {
    for (const contents of this.#loaded) this.#connect(contents);
  }

  /** A port for a process that computes on frames; it may ask what a window may. Null while no vault is open. */
  port(): MessagePortMain | null {
    if (this.#current === null) return null;
    const { port1, port2 } = new MessageChannelMain();
    this.#current.connect(port1);
    return port2;
  }

  #connect(contents: WebContents): void {
    if (this.#current === null || contents.isDestroyed()) return;
    const [frames, operations] = [new MessageChannelMain(), new MessageChannelMain()];
    this.#current.connect(frames.port1, operations.port1);
    contents.postMessage(PORT_CHANNEL, null, [frames.port2, operations.port2]);
  }

  #asked(child: UtilityProcess, message: FromVault): void {
    if (message.type === 'told') this.#pages?.answered(message.operation, message.code, message.studyId);
    if (message.type !== 'change') return;
    const mayChange = () => child.postMessage({ type: 'may-change', id: message.id });
    void Promise.resolve(this.#pages?.mayChange()).finally(mayChange);
  }

  /** Ends a process that waits for keys: the app quits. */
  discard(): void {
    this.#quitting = true;
    this.#waiting?.kill();
  }
}

function fork(): UtilityProcess {
  const entry = fileURLToPath(new URL('../vault/process.ts', import.meta.url));
  const child = utilityProcess.fork(entry, [], { serviceName: 'Vitrine vault', env: environment() });
  child.once('spawn', () => {
    if (child.pid !== undefined) withoutCoreDump(child.pid);
  });
  return child;
}

/** Starts and ends the process that checks pixels as the vault process wants it. @returns ends it */
function serveChecker(child: UtilityProcess, proxy: VaultProxy<MessagePortMain>): () => void {
  let checker: Promise<CheckerProcess> | null = null;
  const end = (): void => {
    void checker?.then(({ kill }) => kill());
    checker = null;
  };
  child.on('message', (message: FromVault) => {
    if (message.type !== 'checker') return;
    end();
    if (!message.wanted) return;
    checker = import('./checker-host.ts').then(({ startChecker }) => startChecker());
    void checker.then(({ port }) => proxy.connectChecker(port));
  });
  return end;
}

async function end(child: UtilityProcess, proxy: VaultProxy<MessagePortMain>, exited: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  proxy.shutdown();
  const timer = setTimeout(() => child.kill(), SHUTDOWN_LIMIT_MS);
  await exited;
  clearTimeout(timer);
}
