/** A result of long work that lies sealed with the study that it is about. */
export interface KeptResult {
  readonly resultId: string;
  /** Which task made it: `lab.run`, `model.run`, … Lower-case letters, digits, full stops and hyphens; at most 32. */
  readonly kind: string;
  /** What of that kind, for a line in a list: ids and numbers, nothing of a patient. At most 64 characters. */
  readonly about: string;
  /** ISO 8601. */
  readonly savedAt: string;
  /** Of the result itself. */
  readonly bytes: number;
}

/** What can be done with the results of a study: request and answer of each task. The bytes are the kind's own business. */
export interface ResultTasks {
  /** Answers when it is durable. */
  append: [
    { readonly studyId: string; readonly kind: string; readonly about?: string; readonly bytes: Uint8Array },
    KeptResult,
  ];
  /** Newest first; `unreadable` counts those that don't open. */
  list: [{ readonly studyId: string }, { readonly results: KeptResult[]; readonly unreadable: number }];
  /** @throws vault/object-missing, seal/… */
  read: [{ readonly studyId: string; readonly resultId: string }, Uint8Array];
  /** One that is gone already is no error. */
  remove: [{ readonly studyId: string; readonly resultId: string }, null];
}

export type ResultTask = keyof ResultTasks;
