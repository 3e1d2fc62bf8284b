import { readFile, stat } from 'node:fs/promises';
import { type PrivateCode, privateError } from '../../core/private/errors.ts';
import { sampleSeries } from '../../core/private/sample-series.ts';
import { parseSeries, type Sample } from '../../core/private/series.ts';
import type { SeriesSource } from './forecaster.ts';

const MAX_SERIES_BYTES = 16_000_000;

/** @throws VitrineError `code` for a file that is too large or no text; errors of the file system as they are */
export async function readText(path: string, limit: number, code: PrivateCode): Promise<string> {
  const { size } = await stat(path);
  if (size > limit) throw privateError(code, `the file is larger than ${limit / 1_000_000} MB; give a smaller one`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw privateError(code, 'the file is no text; give one in UTF-8');
  }
}

/** @throws VitrineError of series; errors of the file system as they are */
export async function readSeries(source: SeriesSource): Promise<readonly Sample[]> {
  if (source.from === 'sample') return sampleSeries();
  return parseSeries(await readText(source.path, MAX_SERIES_BYTES, 'private/series'));
}
