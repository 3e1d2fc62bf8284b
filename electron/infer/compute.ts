import type { BackEndId } from '../../core/infer/model.ts';
import { ComputeLink, type ComputePort } from './compute-link.ts';

/** A port with its events, as Electron has it in a utility process. */
export interface ComputePortSource extends ComputePort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

/** Where compute windows come from: main. */
export interface ComputeSource {
  /** A port to a new compute window; null where there is none. */
  start(): Promise<ComputePortSource | null>;
  /** The window isn't needed any more. */
  end(): void;
}

let source: ComputeSource | null = null;
let link: Promise<ComputeLink | null> | null = null;
let loss: BackEndId | null = null;
let isGone = false;

/** Says where this process gets a compute window from; without, there is no WebGPU in it. */
export function computeFrom(given: ComputeSource): void {
  source = given;
}

/** The link to a compute window that has an adapter, started if need be; null where there is none, or it was lost before. */
export async function computeLink(): Promise<ComputeLink | null> {
  if (source === null || isGone) return null;
  link ??= started(source);
  return link;
}

async function started(from: ComputeSource): Promise<ComputeLink | null> {
  const port = await from.start();
  if (port === null) return null;
  const made = new ComputeLink(port, (isLost) => {
    link = null;
    from.end();
    if (!isLost) return;
    // What was lost once is lost again: this process goes on without it.
    isGone = true;
    loss = 'tfjs-webgpu';
  });
  port.on('message', ({ data }) => made.receive(data));
  port.on('close', () => made.lose());
  port.start();
  if (await made.ready) return made;
  isGone = true;
  return null;
}

/** The back end that was lost since somebody last asked; null: none. */
export function takeLoss(): BackEndId | null {
  const taken = loss;
  loss = null;
  return taken;
}
