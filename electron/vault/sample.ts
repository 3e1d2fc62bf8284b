import type { ImportSource } from '../sources/types.ts';

/**
 * The built-in sample study, slice by slice: it goes through the same import as any file, and never lies on disk in the
 * clear. The generator is loaded on demand, because it brings a DICOM writer that nothing else of the vault needs.
 */
export async function* sampleSources(): AsyncGenerator<ImportSource> {
  const { phantomStudy } = await import('../../core/dicom/phantom/phantom.ts');
  for (const { name, bytes } of phantomStudy()) {
    yield {
      name,
      path: `sample!${name}`,
      size: bytes.length,
      async *open() {
        yield bytes;
      },
      readPrefix: async (length) => bytes.subarray(0, length),
    };
  }
}
