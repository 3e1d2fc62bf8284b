import type { VitrineError } from '../../core/errors.ts';
import type { AccessTask, AccessTasks } from '../../core/vault/access-tasks.ts';
import type { CareTask, CareTasks } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { KeyTask, KeyTasks } from '../../core/vault/key-tasks.ts';
import type { ResultTask, ResultTasks } from '../../core/vault/results.ts';
import type { ImportObserver, ImportRequest, StudyVault, VerifyObserver } from '../../core/vault/types.ts';
import { fromFailure } from './failure.ts';
import type { FromVault, OpenVault, RecoverySummary, ToVault, VaultMethod } from './protocol.ts';

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
export class VaultProxy<Port = unknown> implements StudyVault {
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
  openVault(vault: OpenVault, options: { create: boolean }): Promise<RecoverySummary> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(locked());
      this.#opening = { resolve, reject };
      this.#channel.postMessage({ type: 'open', vault, create: options.create });
    });
  }

  /** Hands a window's port to the vault process; it answers frames and headers there (core/contract/port.ts). */
  connect(port: Port): void {
    this.#channel.postMessage({ type: 'connect' }, [port]);
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

  search(query: Parameters<StudyVault['search']>[0]): ReturnType<StudyVault['search']> {
    return this.#call('search', [query]);
  }
  details(studyId: string): ReturnType<StudyVault['details']> {
    return this.#call('details', [studyId]);
  }
  open(studyId: string): ReturnType<StudyVault['open']> {
    return this.#call('open', [studyId]);
  }
  close(handle: string): Promise<void> {
    return this.#call('close', [handle]);
  }
  import(request: ImportRequest, observer: ImportObserver): ReturnType<StudyVault['import']> {
    return this.#call('import', [request], observer);
  }
  pixelDoubts(job: string): ReturnType<StudyVault['pixelDoubts']> {
    return this.#call('pixelDoubts', [job]);
  }
  annotations(studyId: string): ReturnType<StudyVault['annotations']> {
    return this.#call('annotations', [studyId]);
  }
  append(studyId: string, entries: Parameters<StudyVault['append']>[1]): ReturnType<StudyVault['append']> {
    return this.#call('append', [studyId, entries]);
  }
  verify(options: { full: boolean }, observer: VerifyObserver): ReturnType<StudyVault['verify']> {
    return this.#call('verify', [options], observer);
  }
  exportStudy(studyId: string, folder: string): ReturnType<StudyVault['exportStudy']> {
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
  keys<Task extends KeyTask>(
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
    if (message.type === 'checker') return;
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
