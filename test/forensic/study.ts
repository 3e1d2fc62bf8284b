import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STORED_OFFSET } from '../../core/dicom/phantom/paint.ts';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { type Markers, storedRow } from './markers.ts';
import { zip } from './zip.ts';

/** Where the marked patient's words are put; `label` is typed by the session. */
export const MARKED_PLACES = ['familyName', 'givenName', 'patientId', 'comments', 'description', 'accession', 'label'];

/**
 * The marked study, half of it in a folder and half in a ZIP archive. It lies in clear, as what is imported does; the sweep
 * leaves its folder out.
 */
export async function writeMarkedStudy(folder: string, { words, row }: Markers): Promise<void> {
  const stored = storedRow(row, -STORED_OFFSET);
  const firstRow = new Uint16Array(stored.buffer, stored.byteOffset, stored.length / 2);
  const slices = [
    ...phantomStudy({
      seed: `forensic/${words['patientId']}`,
      matrix: 256,
      slices: 24,
      patient: {
        name: `${words['familyName']}^${words['givenName']}`,
        id: words['patientId'] ?? '',
        comments: `${words['comments']} is remarked`,
      },
      studyDescription: `CT ${words['description']}`,
      accessionNumber: words['accession'] ?? '',
      firstRow,
    }),
  ];
  await mkdir(join(folder, 'study'), { recursive: true });
  for (const { name, bytes } of slices.slice(0, 12)) await writeFile(join(folder, 'study', name), bytes);
  await writeFile(join(folder, 'rest.zip'), zip(slices.slice(12)));
}
