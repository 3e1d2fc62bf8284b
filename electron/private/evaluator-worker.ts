/**
 * Entry of the process that computes on ciphertexts. It is started with an empty environment, is given evaluation keys
 * and ciphertexts on its input, and never a secret key; it ends when its input does.
 */
import { EvaluatorService } from './evaluator-service.ts';
import { FrameReader, frame } from './frames.ts';
import type { ToEvaluator } from './protocol.ts';
import { createSealEngine } from './seal-engine.ts';

const service = new EvaluatorService(createSealEngine);

async function answer(message: ToEvaluator): Promise<void> {
  for (const part of frame(await service.answer(message))) process.stdout.write(part);
}

const reader = new FrameReader((message) => void answer(message as ToEvaluator));
process.stdin.on('data', (chunk: Buffer) => reader.push(chunk));
process.stdin.on('end', () => process.exit(0));
