/** Where a vault keeps what is readable before it is unlocked. */
export const HEADER_FILE = 'vault.json';

/** The accounts of a vault, beside its header. */
export const USERS_FILE = 'users.json';

/** Where one run of the workstation keeps things. */
export interface LaunchPaths {
  /** The vault's folder. */
  readonly vault: string;
  readonly settings: string;
  readonly log: string;
}
