import { vaultError } from '../../core/vault/errors.ts';
import type { ImportObserver, ImportRequest, StudyVault, VerifyObserver } from '../../core/vault/types.ts';
import { CheckerBroker, type CheckerPort } from './checker-broker.ts';
import { toFailure } from './failure.ts';
import { FileVault } from './file-vault.ts';
import type { FromVault, OpenVault, ToVault, VaultMethod } from './protocol.ts';
import { type AnswerPort, answerWindow } from './window-port.ts';

type Call = Extract<ToVault, { type: 'call' }>;

/** The vault process without Electron: takes main's messages, posts answers. One vault per process. */
export class VaultService {
  readonly #post: (message: FromVault) => void;
  readonly #exit: () => void;
  readonly #running = new Map<number, AbortController>();
  readonly #checkers: CheckerBroker;
  #opening: Promise<FileVault | null> = Promise.resolve(null);

  /** @param exit called when a shutdown is complete */
  constructor(post: (message: FromVault) => void, exit: () => void) {
    this.#post = post;
    this.#exit = exit;
    this.#checkers = new CheckerBroker(post);
  }

  /** One message of main. `connect` comes with a port and is the caller's to wire to `answerWindow`. */
  receive(message: ToVault): void {
    switch (message.type) {
      case 'open':
        this.#opening = this.#opening.then((already) => this.#open(already, message.vault, message.create));
        return;
      case 'call':
        void this.#call(message);
        return;
      case 'cancel':
        this.#running.get(message.id)?.abort();
        return;
      case 'shutdown':
        void this.#shutdown();
        return;
      case 'connect':
      case 'checker':
        return;
    }
  }

  /** The port of a process that checks pixels. */
  takeChecker(port: CheckerPort): void {
    this.#checkers.take(port);
  }

  /** One message of a window's port. */
  answerWindow(port: AnswerPort, message: unknown): void {
    const reader = {
      frame: async (handle: string, objectId: string, frame: number) =>
        (await this.#vault()).frame(handle, objectId, frame),
      headers: async (handle: string, objectIds: readonly string[]) => (await this.#vault()).headers(handle, objectIds),
    };
    void answerWindow(port, reader, message);
  }

  async #open(already: FileVault | null, vault: OpenVault, create: boolean): Promise<FileVault | null> {
    try {
      if (already !== null) throw vaultError('vault/in-use', 'this process has a vault open');
      const none = { importsUndone: 0, objectsRemoved: 0, catalogueRebuilt: false, unreadable: 0 };
      const opened = create ? { vault: await FileVault.create(vault), recovered: none } : await FileVault.open(vault);
      this.#post({ type: 'opened', error: null, recovered: opened.recovered });
      opened.vault.pixels.begin(() => this.#checkers.start());
      return opened.vault;
    } catch (error) {
      this.#post({ type: 'opened', error: toFailure(error), recovered: null });
      return already;
    }
  }

  async #vault(): Promise<FileVault> {
    const vault = await this.#opening;
    if (vault === null) throw vaultError('vault/locked', 'no vault is open');
    return vault;
  }

  async #call({ id, method, args }: Call): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const vault = await this.#vault();
      const progress = (...values: unknown[]) => this.#post({ type: 'progress', id, values });
      const value = await dispatch(vault, method, args, { signal: controller.signal, progress });
      this.#post({ type: 'answer', id, value });
    } catch (error) {
      this.#post({ type: 'failure', id, error: toFailure(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  async #shutdown(): Promise<void> {
    for (const controller of this.#running.values()) controller.abort();
    const vault = await this.#opening;
    await vault?.dispose().catch(() => undefined);
    this.#exit();
  }
}

type Observer = ImportObserver & VerifyObserver;

/** Calls one method by name; the list is closed. Arguments come from `VaultProxy`, whose methods are typed. */
function dispatch(vault: StudyVault, method: VaultMethod, args: readonly unknown[], observer: Observer) {
  const [first, second] = args as [never, never];
  switch (method) {
    case 'import':
      return vault.import(first as ImportRequest, observer);
    case 'verify':
      return vault.verify(first, observer);
    case 'search':
      return vault.search(first);
    case 'details':
      return vault.details(first);
    case 'open':
      return vault.open(first);
    case 'close':
      return vault.close(first);
    case 'pixelDoubts':
      return vault.pixelDoubts(first);
    case 'annotations':
      return vault.annotations(first);
    case 'append':
      return vault.append(first, second);
    case 'exportStudy':
      return vault.exportStudy(first, second);
    case 'keys':
      return vault.keys(first, second, observer);
    case 'results':
      return vault.results(first, second);
    case 'access':
      return vault.access(first, second, observer);
    case 'care':
      return vault.care(first, second, observer);
  }
}
