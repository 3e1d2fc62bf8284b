/** What a provisioning item found or made, one row of the final table. */
export interface Found {
  /** `ready`: may be used. `missing`: the person must do something; `hint` says what. */
  readonly state: 'ready' | 'missing';
  /** Where it was found, or what is missing, in words. */
  readonly where: string;
  /** The exact thing to type or to know. */
  readonly hint?: string;
}

/** Writes one progress line under the item's name. */
export type Progress = (line: string) => void;

/**
 * One thing that a fresh machine needs before Vitrine runs. `find` is quick and changes nothing (it runs at every
 * start); `provide` may download, build and install. Add an item: write its module, list it in `main.ts`.
 */
export interface Item {
  readonly name: string;
  /** False: the product starts without it, and a missing one does not end the provisioning as failed. */
  readonly required: boolean;
  /** The thing where it is already there, else null. */
  find(): Promise<Found | null>;
  /** Gets it. Throws with a sentence for the person where that can't be done. */
  provide(progress: Progress): Promise<Found>;
}
