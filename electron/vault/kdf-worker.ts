/** Entry of the thread that stretches passphrases. One request, one answer; whoever started it ends it. */
import { parentPort } from 'node:worker_threads';
import { wipe } from '../../core/bytes.ts';
import { argon2idDirect, type KdfAnswer, type KdfRequest } from '../crypto/argon2.ts';

async function answer(request: KdfRequest): Promise<KdfAnswer> {
  try {
    return { key: await argon2idDirect(request.password, request.salt, request.parameters, request.length) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : 'Argon2id failed' };
  } finally {
    wipe(request.password);
  }
}

parentPort?.once('message', async (request: KdfRequest) => {
  parentPort?.postMessage(await answer(request));
});
