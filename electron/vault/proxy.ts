import type { VitrineError } from '../../core/errors.ts';
import type { AccessTask, AccessTasks } from '../../core/vault/access-tasks.ts';
import type { CareTask, CareTasks } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { KeyTask, KeyTasks } from '../../core/vault/key-tasks.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { ResultTask, ResultTasks } from '../../core/vault/results.ts';
import type { ImportObserver, ImportRequest, VerifyObserver } from '../../core/vault/types.ts';
import { fromFailure } from './failure.ts';
import type { Entered, FromVault, OpenVault, RecoverySummary, ToVault, VaultMethod } from './protocol.ts';

/** What the proxy needs of Electron's UtilityProcess: anything that posts and hears messages will do. */
export interface VaultChannel<Port> {
  postMessage(message: ToVault, transfer?: Port[]): void;
  on(event: 'message', listener: (message: FromVault) => void): unknown;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: VitrineError) => void;
  readonly progress: ((...values: never[]) => void) | null;
}

interface Observer {
  readonly signal: AbortSignal;
  readonly progress: (...values: never[]) => void;
}

/** The vault as main holds it: every method is a call to the vault process. Several calls may be under way at once. */
export class VaultProxy<Port = unknown> implements MainVault {
  readonly #channel: VaultChannel<Port>;
  readonly #pending = new Map<number, Pending>();
  #opening: { resolve: (summary: RecoverySummary) => void; reject: (error: VitrineError) => void } | null = null;
  #next = 1;
  #ended = false;

  constructor(channel: VaultChannel<Port>) {
    this.#channel = channel;
    channel.on('message', (message) => this.#receive(message));
  }

  /**
   * Opens (or creates) the vault in the process; call once, before anything else. Resolves with what had to be repaired.
   * @throws vault/in-use, vault/catalogue-damaged, vault/newer-version, vault/wrong-key, vault/disk-full, vault/exists
   */
  openVault(vault: OpenVault, options: { create: boolean; entered: Entered }): Promise<RecoverySummary> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(locked());
      this.#opening = { resolve, reject };
      this.#channel.postMessage({ type: 'open', vault, ...options });
    });
  }

  /**
   * Hands ports to the vault process: the first for frames and headers (core/contract/port.ts), a second one, which only
   * windows have, for operations on a patient's data (core/contract/patient.ts).
   */
  connect(...ports: [Port] | [Port, Port]): void {
    this.#channel.postMessage({ type: 'connect' }, ports);
  }

  /** Hands the vault process its end of the port to a process that checks pixels. */
  connectChecker(port: Port): void {
    this.#channel.postMessage({ type: 'checker' }, [port]);
  }

  /** Asks the process to stop what it does, close the catalogue and exit. Main kills it when it doesn't in time. */
  shutdown(): void {
    this.#channel.postMessage({ type: 'shutdown' });
  }

  /** To be called when the process has ended: whatever still waits fails with `vault/locked`. */
  ended(): void {
    this.#ended = true;
    this.#opening?.reject(locked());
    this.#opening = null;
    for (const pending of this.#pending.values()) pending.reject(locked());
    this.#pending.clear();
  }

  open(studyId: string): ReturnType<MainVault['open']> {
    return this.#call('open', [studyId]);
  }
  modalityOf(studyId: string, objectId: string): Promise<string> {
    return this.#call('modalityOf', [studyId, objectId]);
  }
  close(handle: string): Promise<void> {
    return this.#call('close', [handle]);
  }
  import(request: ImportRequest, observer: ImportObserver): ReturnType<MainVault['import']> {
    return this.#call('import', [request], observer);
  }
  pixelDoubts(job: string): ReturnType<MainVault['pixelDoubts']> {
    return this.#call('pixelDoubts', [job]);
  }
  verify(options: { full: boolean }, observer: VerifyObserver): ReturnType<MainVault['verify']> {
    return this.#call('verify', [options], observer);
  }
  exportStudy(studyId: string, folder: string): ReturnType<MainVault['exportStudy']> {
    return this.#call('exportStudy', [studyId, folder]);
  }
  results<Task extends ResultTask>(task: Task, request: ResultTasks[Task][0]): Promise<ResultTasks[Task][1]> {
    return this.#call('results', [task, request]);
  }
  access<Task extends AccessTask>(
    task: Task,
    request: AccessTasks[Task][0],
    observer?: VerifyObserver,
  ): Promise<AccessTasks[Task][1]> {
    return this.#call('access', [task, request], observer);
  }
  care<Task extends CareTask>(
    task: Task,
    request: CareTasks[Task][0],
    observer?: VerifyObserver,
  ): Promise<CareTasks[Task][1]> {
    return this.#call('care', [task, request], observer);
  }
  keys<Task extends Exclude<KeyTask, 'retention-plan'>>(
    task: Task,
    request: KeyTasks[Task][0],
    observer?: VerifyObserver,
  ): Promise<KeyTasks[Task][1]> {
    return this.#call('keys', [task, request], observer);
  }

  #call<Result>(method: VaultMethod, args: readonly unknown[], observer?: Observer): Promise<Result> {
    if (this.#ended) return Promise.reject(locked());
    const id = this.#next++;
    const cancel = () => this.#channel.postMessage({ type: 'cancel', id });
    return new Promise<Result>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, progress: observer?.progress ?? null });
      this.#channel.postMessage({ type: 'call', id, method, args });
      if (observer?.signal.aborted) cancel();
      else observer?.signal.addEventListener('abort', cancel, { once: true });
    }).finally(() => observer?.signal.removeEventListener('abort', cancel));
  }

  #receive(message: FromVault): void {
    if (message.type === 'opened') {
      const opening = this.#opening;
      this.#opening = null;
      if (message.error !== null) opening?.reject(fromFailure(message.error));
      else if (message.recovered !== null) opening?.resolve(message.recovered);
      return;
    }
    if (message.type === 'checker' || message.type === 'change' || message.type === 'told') return;
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.type === 'progress') {
      pending.progress?.(...(message.values as never[]));
      return;
    }
    this.#pending.delete(message.id);
    if (message.type === 'answer') pending.resolve(message.value as never);
    else pending.reject(fromFailure(message.error));
  }
}

function locked(): VitrineError {
  return vaultError('vault/locked', 'the vault process is not running');
}
