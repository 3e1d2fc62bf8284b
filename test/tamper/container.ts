/** What is tampered with, and how it is held against what opens it. */
import { VitrineError } from '../../core/errors.ts';

/** One way in which the product opens a container. */
export interface Way {
  /** What is read from these bytes, as text to compare; null, or any error, when they are refused. */
  read(bytes: Uint8Array): Promise<string | null> | string | null;
}

/** Bytes that lie on a disk, or on paper, and all ways to open them. */
export interface Container {
  readonly kind: string;
  /** Which ways: an engine, a slot, a recipient. */
  readonly way: string;
  readonly bytes: Uint8Array;
  /**
   * A change must be refused by at least one of them, and whatever another reads must be what it read before: a study key
   * that is wrapped for two is still read by the one whose wrap is untouched.
   */
  readonly ways: readonly Way[];
  /** Every bit of a byte, where opening is cheap; else one bit, another one from byte to byte. */
  readonly bits: 'one' | 'all';
  /** Only every n-th byte and length of something large. */
  readonly every?: number;
  /** The same meaning is no change: white space of JSON, case of what people type. */
  readonly meaning?: (bytes: Uint8Array) => string | null;
  /** Other changes than flips and truncations. */
  readonly others?: readonly Uint8Array[];
}

/** What became of all changes of one container. */
export interface Finding {
  readonly kind: string;
  readonly way: string;
  readonly length: number;
  /** 1: every byte and every length. */
  readonly every: number;
  readonly bytesFlipped: number;
  readonly flips: number;
  readonly truncations: number;
  /** Other changes: characters of a printed share. */
  readonly others: number;
  /** Changes that opened: none may. */
  readonly accepted: number;
  /** Changes that mean the same: the line's end behind JSON. */
  readonly sameMeaning: number;
  /** What the accepted ones were. */
  readonly which: readonly string[];
  /** How often what was refused with which code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const NAMED = 20;
const NOTHING = 'nothing to read';

type Outcome = { readonly text: string } | { readonly code: string };

async function outcome(way: Way, bytes: Uint8Array): Promise<Outcome> {
  try {
    const text = await way.read(bytes);
    return text === null ? { code: NOTHING } : { text };
  } catch (error) {
    if (error instanceof VitrineError) return { code: error.code };
    return { code: error instanceof Error ? error.name : 'unknown' };
  }
}

/** Meaning of JSON: without its white space. */
export function jsonMeaning(bytes: Uint8Array): string | null {
  try {
    return JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}

/** Places of a length: every n-th, and the last. */
function* places(length: number, every: number): Generator<number> {
  for (let at = 0; at < length; at += every) yield at;
  if (length > 0 && (length - 1) % every !== 0) yield length - 1;
}

/** All changes of one container, one after the other. */
class Examination {
  readonly #container: Container;
  readonly #originals: string[] = [];
  readonly #refusals = new Map<string, number>();
  readonly #which: string[] = [];
  #accepted = 0;
  #sameMeaning = 0;

  constructor(container: Container) {
    this.#container = container;
  }

  /** @throws Error when the container itself isn't opened: then nothing would be proved */
  async run(least: number): Promise<Finding> {
    const started = performance.now();
    const { kind, way, bytes, bits, others = [] } = this.#container;
    const every = Math.max(least, this.#container.every ?? 1);
    await this.#openWhole();
    let bytesFlipped = 0;
    let flips = 0;
    for (const at of places(bytes.length, every)) {
      bytesFlipped += 1;
      for (const bit of bits === 'all' ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        await this.#try(changed, `bit ${bit} of byte ${at}`);
        flips += 1;
      }
    }
    let truncations = 0;
    for (const length of places(bytes.length, every)) {
      await this.#try(bytes.slice(0, length), `cut to ${length} bytes`);
      truncations += 1;
    }
    for (const [at, changed] of others.entries()) await this.#try(changed, `other change ${at}`);
    // Whatever refused must still open what is whole.
    await this.#openWhole();
    const counts = { length: bytes.length, every, bytesFlipped, flips, truncations, others: others.length };
    const verdict = { accepted: this.#accepted, sameMeaning: this.#sameMeaning, which: this.#which };
    const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
    return { kind, way, ...counts, ...verdict, refusals: Object.fromEntries(this.#refusals), seconds };
  }

  async #openWhole(): Promise<void> {
    const { kind, way, ways, bytes } = this.#container;
    for (const [at, one] of ways.entries()) {
      const found = await outcome(one, bytes);
      if (!('text' in found)) throw new Error(`${kind} (${way}) isn't opened untouched: ${found.code}`);
      this.#originals[at] ??= found.text;
      if (this.#originals[at] !== found.text) throw new Error(`${kind} (${way}) isn't read twice alike`);
    }
  }

  async #try(changed: Uint8Array, what: string): Promise<void> {
    const { ways, meaning, bytes } = this.#container;
    let refused = false;
    let altered = false;
    for (const [at, way] of ways.entries()) {
      const found = await outcome(way, changed);
      if ('text' in found) altered ||= found.text !== this.#originals[at];
      else {
        refused = true;
        this.#refusals.set(found.code, (this.#refusals.get(found.code) ?? 0) + 1);
      }
    }
    if (refused && !altered) return;
    const same = meaning?.(changed) ?? null;
    if (!altered && same !== null && same === meaning?.(bytes)) {
      this.#sameMeaning += 1;
      return;
    }
    this.#accepted += 1;
    if (this.#which.length < NAMED) this.#which.push(what);
  }
}

/** Flips every `every`-th byte, cuts to every such length, and says what opened. @throws Error as `Examination.run` */
export function examine(container: Container, every: number): Promise<Finding> {
  return new Examination(container).run(every);
}
