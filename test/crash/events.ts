import type { Annotation } from '../../core/annotate/annotation.ts';

/** What the worker is doing; the kills are spread over all of them. */
export const PHASES = ['opening', 'counting', 'reading', 'committing', 'annotating', 'closing'] as const;

/** Keys travel as hexadecimal: this vault holds generated studies and lives for minutes. */
export interface WorkerVault {
  readonly dir: string;
  readonly vaultId: string;
  readonly catalogueKey: string;
  readonly wrappingKey: string;
}

export interface WorkerTask {
  readonly vault: WorkerVault;
  /** Each holds one study. */
  readonly folders: readonly string[];
  /** Marks drawn on each study. */
  readonly strokes: number;
}

export type WorkerEvent =
  | { readonly type: 'phase'; readonly phase: string }
  | { readonly type: 'importing'; readonly folder: string }
  /** The import was acknowledged: from here on the study must never be lost. */
  | { readonly type: 'committed'; readonly folder: string; readonly instances: number }
  /** A mark is on the screen; the append begins. */
  | { readonly type: 'stroke'; readonly studyId: string; readonly annotation: Annotation; readonly at: number }
  /** The append was acknowledged: from here on the mark must never be lost. */
  | { readonly type: 'saved'; readonly uid: string };
