import { vaultError } from '../../core/vault/errors.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { ImportObserver, ImportRequest, VerifyObserver } from '../../core/vault/types.ts';
import type { Dispatch } from '../answer.ts';
import { CheckerBroker, type CheckerPort } from './checker-broker.ts';
import { toFailure } from './failure.ts';
import { FileVault } from './file-vault.ts';
import { ImportNamesKept } from './import-names.ts';
import { answerOperation, type OperationsPort } from './operations-port.ts';
import type { Entered, FromVault, ToVault, VaultMethod } from './protocol.ts';
import { type AnswerPort, answerWindow } from './window-port.ts';

type Call = Extract<ToVault, { type: 'call' }>;
type Open = Extract<ToVault, { type: 'open' }>;

/** The vault process without Electron: takes main's messages, posts answers. One vault per process. */
export class VaultService {
  readonly #post: (message: FromVault) => void;
  readonly #exit: () => void;
  readonly #running = new Map<number, AbortController>();
  readonly #checkers: CheckerBroker;
  readonly #names = new ImportNamesKept();
  /** Changes that wait for main's look, by number. */
  readonly #changes = new Map<number, () => void>();
  #opening: Promise<FileVault | null> = Promise.resolve(null);
  #entered: Entered | null = null;
  #desk: Promise<Dispatch> | null = null;
  #next = 1;

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
        this.#opening = this.#opening.then((already) => this.#open(already, message));
        return;
      case 'call':
        void this.#call(message);
        return;
      case 'may-change':
        this.#changes.get(message.id)?.();
        this.#changes.delete(message.id);
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

  /** Loads what answers pages, and its schemas: to be called while there is nothing else to do. */
  loadDesk(): Promise<Dispatch> {
    this.#desk ??= import('./patient-desk.ts').then(({ createPatientDesk }) =>
      createPatientDesk({
        vault: () => this.#vault(),
        entered: () => this.#entered,
        importNames: (job) => this.#names.of(job),
        mayChange: () => this.#mayChange(),
        answered: (operation, code, studyId) => this.#post({ type: 'told', operation, code, studyId }),
      }),
    );
    return this.#desk;
  }

  /** One message of a window's port for operations. */
  async answerOperation(port: OperationsPort, message: unknown): Promise<void> {
    // The vault may be on its way: who opens it decides what may be asked.
    await this.#opening;
    await answerOperation(port, await this.loadDesk(), message);
  }

  #mayChange(): Promise<void> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#changes.set(id, resolve);
      this.#post({ type: 'change', id });
    });
  }

  async #open(already: FileVault | null, { vault, create, entered }: Open): Promise<FileVault | null> {
    try {
      if (already !== null) throw vaultError('vault/in-use', 'this process has a vault open');
      const none = { importsUndone: 0, objectsRemoved: 0, catalogueRebuilt: false, unreadable: 0 };
      const opened = create ? { vault: await FileVault.create(vault), recovered: none } : await FileVault.open(vault);
      this.#entered = entered;
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
      const value = await this.#dispatch(vault, method, args, { signal: controller.signal, progress });
      this.#post({ type: 'answer', id, value });
    } catch (error) {
      this.#post({ type: 'failure', id, error: toFailure(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  /** What goes to main names no file of an import. */
  async #dispatch(
    vault: FileVault,
    method: VaultMethod,
    args: readonly unknown[],
    observer: Observer,
  ): Promise<unknown> {
    if (method === 'import') return this.#names.take(await vault.import(args[0] as ImportRequest, observer));
    if (method === 'pixelDoubts')
      return this.#names.doubts(args[0] as string, await vault.pixelDoubts(args[0] as string));
    return dispatch(vault, method, args, observer);
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
function dispatch(
  vault: MainVault,
  method: Exclude<VaultMethod, 'import' | 'pixelDoubts'>,
  args: readonly unknown[],
  observer: Observer,
) {
  const [first, second] = args as [never, never];
  switch (method) {
    case 'verify':
      return vault.verify(first, observer);
    case 'open':
      return vault.open(first);
    case 'modalityOf':
      return vault.modalityOf(first, second);
    case 'close':
      return vault.close(first);
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
