import { dirname } from 'node:path';
import type { VaultNotice } from '../../core/contract/session.ts';
import type { SecretStore } from '../../core/keys/types.ts';
import type { Role } from '../../core/keys/users/types.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { Dispatch } from '../answer.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import type { JobBoard } from '../jobs.ts';
import { hasKeychainSlot } from '../keychain.ts';
import type { LaunchPaths } from '../paths.ts';
import type { OpenedVault, SessionParts } from '../session-parts.ts';
import type { SettingsFile } from '../settings.ts';
import { openAuditOnly } from '../users/audit-only.ts';
import { isPermitted, OPERATIONS } from '../users/permissions.ts';
import { readHeader } from '../vault-header.ts';
import { CareKeeper } from './keeper.ts';
import { statesIn } from './known-states.ts';
import { scrubJob } from './scrub-job.ts';
import { ScrubSchedule } from './scrub-schedule.ts';
import { isWrite } from './writes.ts';

export interface CareRoomParts {
  readonly paths: LaunchPaths;
  readonly secrets: SecretStore;
  readonly settings: SettingsFile;
  readonly audit: AuditRecorder;
  readonly board: JobBoard;
  session(): {
    readonly isUnlocked: boolean;
    /** Null: the owner's session, or none. */
    readonly roles: readonly Role[] | null;
    vault(): MainVault;
    tell(notice: VaultNotice, isSo?: boolean): Promise<void>;
  };
  report(event: string, error: unknown): void;
}

/** The vault's care as the workstation has it: the keeper, the scrub, and what of a session both follow. */
export class CareRoom {
  readonly care: CareKeeper;
  readonly #parts: CareRoomParts;
  readonly #scrubs: ScrubSchedule;

  constructor(parts: CareRoomParts) {
    const { paths, secrets, settings, audit, session } = parts;
    this.#parts = parts;
    this.care = new CareKeeper({
      folder: paths.vault,
      outside: statesIn(dirname(paths.settings)),
      secrets: async () => {
        const header = await readHeader(paths.vault);
        return header !== null && hasKeychainSlot(header) ? secrets : null;
      },
      settings: () => settings.get(),
      record: (event) => audit.event(event),
      tell: (notice) => void session().tell(notice),
      untell: (notice) => void session().tell(notice, false),
      report: parts.report,
    });
    this.#scrubs = new ScrubSchedule({
      settings: () => settings.get(),
      // An account without the master key opens some studies at most: the others would look damaged.
      isUnlocked: () => session().isUnlocked && isPermitted(OPERATIONS['care.scrub'], session().roles),
      vault: () => session().vault(),
      isRunning: () => this.#scrubbing() !== null,
      start: () => void this.startScrub(),
    });
  }

  /** Starts the scrub, or answers the one that runs. */
  readonly startScrub = (): { job: string } => {
    const already = this.#scrubbing();
    if (already !== null) return { job: already };
    const { board, session } = this.#parts;
    return board.start(scrubJob(session().vault(), () => void session().tell('damage-found')));
  };

  /** The vault was unlocked (anew), or is locked. */
  state(isUnlocked: boolean): void {
    if (isUnlocked) this.#scrubs.opened();
    else this.#scrubs.closed();
  }

  /** Opens vaults under care and audit, as long as they are open: from before the first answer to after the last. */
  opening(open: SessionParts['open']): SessionParts['open'] {
    const { audit } = this.#parts;
    return async (vault, options, auditSeed) => {
      // An auditor's session has no key of the list or of a study: nothing is opened but the log.
      const raw =
        vault.catalogueKey.length === 0 ? await openAuditOnly(vault.dir) : await open(vault, options, auditSeed);
      audit.opened(vault.vaultId, auditSeed, options);
      if (vault.catalogueKey.length === 0) return { ...raw, close: () => audit.closed().then(() => raw.close()) };
      const opened: OpenedVault = this.care.take(raw, vault.vaultId, audit.log());
      const close = async (): Promise<void> => {
        await this.care.closing();
        await audit.closed();
        await raw.close();
      };
      return { ...opened, close };
    };
  }

  /** Whether the vault is an older copy, which takes no changes, is found out beside the first list: writers wait for that. */
  guarding(dispatch: Dispatch): Dispatch {
    return async (channel, request) => {
      const writes = isWrite(channel);
      if (writes) await this.care.checked();
      const answer = await dispatch(channel, request);
      if (writes) this.care.changed();
      return answer;
    };
  }

  /** Resolves when it has been found out. */
  checked(): Promise<void> {
    return this.care.checked();
  }

  /** The vault process answered a window. */
  answered(operation: string): void {
    if (isWrite(operation)) this.care.changed();
  }

  #scrubbing(): string | null {
    return this.#parts.board.list().running.find(({ kind }) => kind === 'care.scrub')?.job ?? null;
  }
}
