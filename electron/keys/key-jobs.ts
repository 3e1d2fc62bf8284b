import type { NoteSigner } from '../../core/audit/signed-note.ts';
import type { ShredCertificate, ShredReason } from '../../core/contract/shred.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import type { JobBoard } from '../jobs.ts';
import type { OpenVault } from '../vault/protocol.ts';
import { reach } from '../vault/write-points.ts';
import { signCertificate } from './certificate.ts';
import type { KeySlots } from './key-slots.ts';
import { readRecords, writeRecord } from './shred-records.ts';

/** All of them run one after the other: each works on every study. */
const LANE = 'keys';

export interface KeyJobParts {
  /** The vault's folder. */
  readonly folder: string;
  readonly board: JobBoard;
  readonly slots: KeySlots;
  vault(): MainVault;
  vaultId(): string;
  /** Lends the keys of the open vault. @throws vault/locked */
  withKeys<T>(use: (vault: MainVault, keys: OpenVault) => Promise<T>): Promise<T>;
  /** Who asks, for certificates. */
  readonly by: ShredCertificate['by'];
  /** The audit log's key; null while the log isn't open. */
  signer(): NoteSigner | null;
  /** Studies are gone from the catalogue: windows ask again, and the audit log gets it. */
  shredded(studyIds: readonly string[], code: string | null): void;
  report(event: string, error: unknown): void;
}

/** Signs what is finished and isn't signed yet. @returns the certificates that it signed */
export async function signFinished(folder: string, signer: NoteSigner): Promise<ShredCertificate[]> {
  const signed: ShredCertificate[] = [];
  for (const record of await readRecords(folder)) {
    if (record.finishedAt === null || record.signature !== null) continue;
    const certificate = signCertificate(record, signer);
    await writeRecord(folder, certificate);
    reach('shred.signed');
    signed.push(certificate);
  }
  return signed;
}

/** The long work of keys: it goes on by itself when the vault is opened again. */
export class KeyJobs {
  readonly #parts: KeyJobParts;

  constructor(parts: KeyJobParts) {
    this.#parts = parts;
  }

  /** Goes on with what was unfinished when the vault was closed. Called when it was opened. */
  async resume(): Promise<void> {
    const { slots, folder, signer, report } = this.#parts;
    if (slots.list().rotatingSince !== null) this.finishRotation();
    const key = signer();
    if (key !== null) await signFinished(folder, key).catch((error: unknown) => report('shred.not-signed', error));
    const pending = await this.#parts.vault().keys('reseal-pending', {});
    if (pending > 0) this.reseal(false);
  }

  /** Moves everything to the new master key, then drops the old one. */
  finishRotation(): { job: string } {
    const { board, slots, withKeys } = this.#parts;
    return board.start({
      kind: 'keys.rotate',
      lane: LANE,
      background: true,
      run: async ({ signal, progress }) => {
        const observer = { signal, progress: tellItems(progress) };
        const moved = await withKeys((vault, keys) => vault.keys('rekey', keys, observer));
        await slots.endRotation();
        return moved;
      },
      facts: ({ studies }) => ({ studies }),
    });
  }

  /** @param begin notes all studies first; else what was noted is gone on with */
  reseal(begin: boolean): { job: string } {
    const { board, vault } = this.#parts;
    return board.start({
      kind: 'keys.reseal',
      lane: LANE,
      background: true,
      run: async ({ signal, progress }) => vault().keys('reseal', { begin }, { signal, progress: tellItems(progress) }),
      facts: ({ studies, objects, skipped }) => ({ studies, objects, skipped }),
    });
  }

  /** The vault's folder, where certificates lie. */
  get folder(): string {
    return this.#parts.folder;
  }

  /** The account that asks. */
  get user(): string {
    return this.#parts.by.user;
  }

  /** Shreds studies, signs their certificates. */
  shred(studyIds: readonly string[], reason: ShredReason): { job: string } {
    return this.#start(async (observer) => this.#shred(studyIds, reason, observer));
  }

  /** Shreds those of the studies that the rules say are due now: rules, holds and days may have changed since the dry run. */
  runRetention(studyIds: readonly string[]): { job: string } {
    const named = new Set(studyIds);
    return this.#start(async ({ signal, progress }) => {
      const due = await this.#parts.vault().keys('retention-due', {});
      const wanted = due.filter(({ studyId }) => named.has(studyId));
      let done = 0;
      for (const ruleId of new Set(wanted.map((study) => study.ruleId))) {
        const ids = wanted.filter((study) => study.ruleId === ruleId).map(({ studyId }) => studyId);
        const before = done;
        const observer = { signal, progress: (at: number) => progress(before + at, wanted.length) };
        done += await this.#shred(ids, { ruleId }, observer);
      }
      return done;
    });
  }

  #start(run: (observer: VerifyObserver) => Promise<number>): { job: string } {
    return this.#parts.board.start({
      kind: 'vault.shred',
      lane: LANE,
      run: ({ signal, progress }) => run({ signal, progress: tellItems(progress) }),
      facts: (studies) => ({ studies }),
    });
  }

  async #shred(studyIds: readonly string[], reason: ShredReason, observer: VerifyObserver): Promise<number> {
    const { vault, by, folder, signer, shredded, vaultId } = this.#parts;
    try {
      const done = await vault().keys('shred', { vaultId: vaultId(), studyIds, by, reason }, observer);
      const key = signer();
      if (key !== null) await signFinished(folder, key);
      return done.length;
    } finally {
      const records = await readRecords(folder);
      const gone = records.filter(({ studyId, finishedAt }) => finishedAt !== null && studyIds.includes(studyId));
      if (gone.length > 0)
        shredded(
          gone.map(({ studyId }) => studyId),
          null,
        );
    }
  }
}

function tellItems(progress: (at: { done: number; total: number; unit: 'items' }) => void) {
  return (done: number, total: number): void => progress({ done, total, unit: 'items' });
}
