/** Puts the view that the window shows on paper or into a PDF. Nothing of it is written to disk here. */
export interface Printer {
  /** Opens the system's print dialog. */
  paper(): Promise<'done' | 'cancelled' | 'failed'>;
  /** The bytes of a PDF, in memory. */
  pdf(): Promise<Uint8Array>;
}
