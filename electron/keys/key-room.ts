import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NoteSigner } from '../../core/audit/signed-note.ts';
import type { ShredCertificate } from '../../core/contract/shred.ts';
import type { MasterKey, VaultHeader } from '../../core/keys/types.ts';
import type { JobBoard } from '../jobs.ts';
import type { Session } from '../session.ts';
import { moveAccounts } from '../users/users-store.ts';
import type { KeyJobs } from './key-jobs.ts';
import type { KeySlotParts, KeySlots } from './key-slots.ts';

/** What is done with the open vault's keys. */
export interface KeyRoom {
  readonly slots: KeySlots;
  readonly jobs: KeyJobs;
}

export interface KeyRoomParts extends KeySlotParts {
  /** The vault's folder. */
  readonly folder: string;
  readonly session: Session;
  readonly board: JobBoard;
  readonly by: ShredCertificate['by'];
  signer(): NoteSigner | null;
  shredded(studyIds: readonly string[], code: string | null): void;
  report(event: string, error: unknown): void;
}

/** Milliseconds after an unlock when unfinished work of keys goes on: the list comes first. */
const RESUME_AFTER = 3000;

/** The room, loaded when it is first wanted: no start waits for what changes keys. */
export function keyRoom(parts: KeyRoomParts): { keys(): Promise<KeyRoom>; unlocked(): void } {
  let loaded: Promise<KeyRoom> | null = null;
  const keys = (): Promise<KeyRoom> => {
    // A load that failed isn't kept: the next one may find what was missing.
    loaded ??= load(parts).catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
  const resume = async (): Promise<void> => {
    if (parts.session.isUnlocked && isDue(parts)) await (await keys()).jobs.resume();
  };
  const unlocked = (): void => {
    setTimeout(
      () => void resume().catch((error: unknown) => parts.report('keys.not-resumed', error)),
      RESUME_AFTER,
    ).unref();
  };
  return { keys, unlocked };
}

/** Whether anything of keys may be unfinished, as far as a look at the folder tells. */
function isDue({ session, folder }: KeyRoomParts): boolean {
  if (session.openHeader().header.rotation !== null) return true;
  return ['shredded', join('records', 'reseal.record')].some((name) => existsSync(join(folder, name)));
}

async function load(parts: KeyRoomParts): Promise<KeyRoom> {
  const [{ holderOf, KeySlots }, { KeyJobs }] = await Promise.all([import('./key-slots.ts'), import('./key-jobs.ts')]);
  const { session, folder, board, by } = parts;
  const moved = (header: VaultHeader, masterKey: MasterKey) => moveAccounts(folder, header, masterKey);
  const slots = new KeySlots(holderOf(session), { ...parts, moveAccounts: moved });
  const jobs = new KeyJobs({
    ...{ folder, board, slots, by },
    vault: () => session.vault(),
    vaultId: () => session.openHeader().header.vaultId,
    withKeys: (use) => session.withKeys(use),
    signer: () => parts.signer(),
    shredded: (studyIds, code) => parts.shredded(studyIds, code),
    report: (event, error) => parts.report(event, error),
  });
  return { slots, jobs };
}
