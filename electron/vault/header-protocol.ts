import type { Failure } from '../../core/contract/operations.ts';
import type { DicomHeader } from '../../core/dicom/types.ts';

/** A header as it comes back from the worker: the DICOM JSON is deflated there, off the sealing thread. */
export interface ParsedHeader extends Omit<DicomHeader, 'json'> {
  /** DICOM JSON text (PS3.18 F), UTF-8, raw deflate. */
  readonly deflatedJson: Uint8Array;
}

/** One of the headers of a message: a hop between threads takes about as long as parsing one. */
export interface HeaderJob {
  readonly prefix: Uint8Array;
  readonly fileSize: number;
}

export type HeaderAnswer =
  | { readonly header: ParsedHeader }
  | { readonly need: number }
  | { readonly failure: Failure; readonly message: string };

/** What a worker says: that it is up (jobs' time counts from then), and the answers to a message, in its order. */
export type FromHeaderWorker = { readonly ready: true } | { readonly answers: readonly HeaderAnswer[] };
