/** One file offered to import, wherever it lies: on disk, in a ZIP archive, named by a DICOMDIR. */
export interface ImportSource {
  /** For the window: the file's own name, without folders. May hold patient data: never logged. */
  readonly name: string;
  /** For the command line's report: the path on disk, `archive.zip!entry` inside an archive. */
  readonly path: string;
  /** Bytes of the file, uncompressed, as the file system or the archive declares them. */
  readonly size: number;
  /** The file's bytes in order. Errors: {@link SourceCode}; a file that changed meanwhile throws `source/changed`. */
  open(): AsyncIterable<Uint8Array>;
  /** The first `length` bytes (fewer only where the file is shorter). */
  readPrefix(length: number): Promise<Uint8Array>;
  /** Fills `out`, which has the file's size: where it is there, cheaper than `readPrefix`. */
  readInto?(out: Uint8Array): Promise<void>;
}

/** A file that can't even be offered. */
export interface RefusedSource {
  readonly path: string;
  readonly refused: SourceCode;
}

/**
 * Why a file could not be read.
 *
 * - `source/missing`: no such file, or named by a DICOMDIR and not there.
 * - `source/unreadable`: the operating system refuses (rights, I/O error), or it isn't a regular file.
 * - `source/changed`: the file changed while it was being read.
 * - `source/unsafe-path`: an archive entry or DICOMDIR record points outside its folder.
 * - `source/archive-damaged`: the archive's structure or an entry's checksum is wrong, or it is encrypted.
 * - `source/archive-limit`: too many entries, too many bytes, or a compression ratio no image has.
 * - `source/too-many`: more files than one import takes.
 */
export type SourceCode =
  | 'source/missing'
  | 'source/unreadable'
  | 'source/changed'
  | 'source/unsafe-path'
  | 'source/archive-damaged'
  | 'source/archive-limit'
  | 'source/too-many';

/** Bounds of one import. */
export interface SourceLimits {
  /** Files in all. */
  readonly maxFiles: number;
  /** Entries of one archive. */
  readonly maxEntries: number;
  /** Uncompressed bytes of one archive. */
  readonly maxArchiveBytes: number;
  /** Uncompressed to compressed size of one entry. */
  readonly maxRatio: number;
  /** Depth of nested folders. */
  readonly maxDepth: number;
}
