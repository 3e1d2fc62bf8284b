import type { StoredFrame } from '../decode/pixels-of.ts';
import type { TaskProgress } from './protocol.ts';

/** A frame of a study, by the handle under which main has opened it for this run. */
export interface FramePlace {
  readonly handle: string;
  readonly objectId: string;
  /** Counted from 1. */
  readonly frame: number;
}

/** What a task hears and says while it runs. */
export interface TaskControl {
  /** Heard between two turns only: a task that never takes one is ended with its process. */
  readonly signal: AbortSignal;
  progress(at: TaskProgress): void;
  /** Lets messages in. @throws VitrineError engine/cancelled */
  turn(): Promise<void>;
  /** Asks the vault process and decodes. @throws VitrineError<DicomCode>, engine/no-frame, codes of the vault */
  frame(place: FramePlace): Promise<StoredFrame>;
}

/** One kind of long work: one file, and one line in tasks.ts. Input and result survive structured clone. */
export interface EngineTask<Input, Result> {
  run(input: Input, control: TaskControl): Promise<Result>;
}
