import type { Failure } from '../../core/contract/operations.ts';
import type { DicomHeader } from '../../core/dicom/types.ts';

/** A header as it comes back from the worker: the DICOM JSON is deflated there, off the sealing thread. */
export interface ParsedHeader extends Omit<DicomHeader, 'json'> {
  /** DICOM JSON text (PS3.18 F), UTF-8, raw deflate. */
  readonly deflatedJson: Uint8Array;
}

export interface HeaderJob {
  readonly id: number;
  readonly prefix: Uint8Array;
  readonly fileSize: number;
}

export type HeaderAnswer =
  | { readonly id: number; readonly header: ParsedHeader }
  | { readonly id: number; readonly need: number }
  | { readonly id: number; readonly failure: Failure; readonly message: string }
  /** The worker is up: jobs' time counts from now. */
  | { readonly ready: true };
