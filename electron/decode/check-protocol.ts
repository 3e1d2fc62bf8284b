import type { FrameToCheck, Verdict } from './check-frame.ts';

/** What a checking process is asked, one frame at a time. */
export interface CheckRequest {
  readonly id: number;
  readonly frame: FrameToCheck;
}

/** What it answers; `ready` once, when it is up. */
export type CheckAnswer = { readonly ready: true } | { readonly id: number; readonly verdict: Verdict };
