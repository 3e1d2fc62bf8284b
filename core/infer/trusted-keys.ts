/** A key whose signature makes a model loadable. */
export interface TrustedKey {
  readonly id: string;
  /** Ed25519, base64 of 32 bytes. */
  readonly publicKey: string;
}

/**
 * Keys that Vitrine trusts for models. SECURITY: the one here is a development key, made by the command that signed the first
 * models; a release replaces it by a key that lives on a token (see SECURITY.md). Its private half is in no repository.
 */
export const TRUSTED_MODEL_KEYS: readonly TrustedKey[] = [
  { id: 'development-2026', publicKey: 'DxeF7VEdd7EZVMhmuijZUKgOvI+/ySjMUrwUQBMCKUg=' },
];
