/**
 * Worker thread that parses DICOM headers: the first code that hostile bytes meet. It holds no key; the pool that owns it
 * ends it when it takes too long or too much memory.
 */
import { parentPort } from 'node:worker_threads';
import { deflateRawSync } from 'node:zlib';
import { readHeader } from '../../core/dicom/read-header.ts';
import { VitrineError } from '../../core/errors.ts';
import { inflateRawLimited } from '../decode/inflate.ts';
import type { FromHeaderWorker, HeaderAnswer, HeaderJob } from './header-protocol.ts';

/** Headers are a few kilobytes: setting up a larger window would take as long as filling it. */
const DEFLATE = { level: 1, memLevel: 5, windowBits: 12, chunkSize: 8192 } as const;

function answerTo(job: HeaderJob): HeaderAnswer {
  try {
    const result = readHeader(job.prefix, job.fileSize, inflateRawLimited);
    if ('need' in result) return { need: result.need };
    const { json, ...rest } = result;
    const deflatedJson = new Uint8Array(deflateRawSync(JSON.stringify(json), DEFLATE));
    return { header: { ...rest, deflatedJson } };
  } catch (error) {
    const code = error instanceof VitrineError ? error.code : 'import/header-failed';
    const details = error instanceof VitrineError ? { ...error.details } : {};
    const message = error instanceof VitrineError ? error.message : 'the header can not be read';
    return { failure: { code, details }, message };
  }
}

const port = parentPort;
if (port !== null) {
  port.on('message', (jobs: readonly HeaderJob[]) => {
    port.postMessage({ answers: jobs.map(answerTo) } satisfies FromHeaderWorker);
  });
  port.postMessage({ ready: true } satisfies FromHeaderWorker);
}
