/**
 * Worker thread that parses DICOM headers: the first code that hostile bytes meet. It holds no key; the pool that owns it
 * ends it when it takes too long or too much memory.
 */
import { parentPort } from 'node:worker_threads';
import { deflateRawSync } from 'node:zlib';
import { readHeader } from '../../core/dicom/read-header.ts';
import { VitrineError } from '../../core/errors.ts';
import { inflateRawLimited } from '../decode/inflate.ts';
import type { HeaderAnswer, HeaderJob } from './header-protocol.ts';

function answerTo(job: HeaderJob): HeaderAnswer {
  try {
    const result = readHeader(job.prefix, job.fileSize, inflateRawLimited);
    if ('need' in result) return { id: job.id, need: result.need };
    const { json, ...rest } = result;
    const deflatedJson = new Uint8Array(deflateRawSync(JSON.stringify(json), { level: 1 }));
    return { id: job.id, header: { ...rest, deflatedJson } };
  } catch (error) {
    const code = error instanceof VitrineError ? error.code : 'import/header-failed';
    const details = error instanceof VitrineError ? { ...error.details } : {};
    const message = error instanceof VitrineError ? error.message : 'the header can not be read';
    return { id: job.id, failure: { code, details }, message };
  }
}

const port = parentPort;
if (port !== null) {
  port.on('message', (job: HeaderJob) => port.postMessage(answerTo(job)));
  port.postMessage({ ready: true } satisfies HeaderAnswer);
}
