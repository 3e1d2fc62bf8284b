import { readFile, rename } from 'node:fs/promises';
import { DEFAULT_SETTINGS } from '../core/contract/default-settings.ts';
import { type Settings, settings as schema } from '../core/contract/session.ts';
import { VitrineError } from '../core/errors.ts';
import { replaceFile } from './durable-file.ts';

function parse(text: string): Settings | null {
  try {
    // Defaults first: a file of an older version lacks the newer choices and is not damaged by that.
    const result = schema.safeParse({ ...DEFAULT_SETTINGS, ...JSON.parse(text) });
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/**
 * The settings file: choices of the person, kept in clear beside the app's profile; no patient, no study, no path is among
 * them. Reads once, then answers from memory; writes are durable before they are answered.
 */
export class SettingsFile {
  readonly #path: string;
  readonly #onDamaged: () => void;
  #current: Promise<Settings> | null = null;

  /** @param onDamaged told when the file was unreadable and was kept aside. */
  constructor(path: string, onDamaged: () => void = () => undefined) {
    this.#path = path;
    this.#onDamaged = onDamaged;
  }

  /** The settings; defaults where there is no file, or a damaged one (kept aside as `<name>.damaged`). */
  get(): Promise<Settings> {
    this.#current ??= this.#read();
    return this.#current;
  }

  /** @throws settings/not-saved; the former settings stay in force then. */
  async set(settings: Settings): Promise<Settings> {
    try {
      await replaceFile(this.#path, `${JSON.stringify(settings, null, 2)}\n`);
    } catch (cause) {
      throw new VitrineError('settings/not-saved', 'the settings file could not be replaced', { cause });
    }
    this.#current = Promise.resolve(settings);
    return settings;
  }

  async #read(): Promise<Settings> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch {
      return DEFAULT_SETTINGS;
    }
    const settings = parse(text);
    if (settings !== null) return settings;
    await rename(this.#path, `${this.#path}.damaged`).catch(() => undefined);
    this.#onDamaged();
    return DEFAULT_SETTINGS;
  }
}
