/** The one image that a command of a model is about. */
import { VitrineError } from '../../../core/errors.ts';
import { inferError } from '../../../core/infer/errors.ts';
import { createJpegCodec } from '../../decode/jpeg-codec.ts';
import { imageFrom, imageOfFile, type ReadImage } from '../../infer/source-image.ts';
import type { Terminal } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';

/** Which frame of what. */
export interface ImageOptions extends VaultOptions {
  readonly frame: string;
}

/** A name that can only be a UID of the vault (PS3.5 section 9). */
const UID = /^\d+(\.\d+)+$/;

/** @throws VitrineError `infer/size` */
export function frameNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw inferError('infer/size', '"--frame" takes a whole number from 1');
  return Number(text);
}

function fromVault(uid: string, frame: number, options: VaultOptions, terminal: Terminal): Promise<ReadImage> {
  return withVault(options, terminal, async (vault) => {
    const [place] = vault.objectsOf(uid);
    if (place === undefined) throw new VitrineError('vault/no-such-object', 'no image with this UID');
    const reader = await vault.reader(place);
    try {
      return await imageFrom(reader, frame, await createJpegCodec());
    } finally {
      reader.close();
    }
  });
}

/** The image that `what` names: a file, or a SOP Instance UID of the vault. */
export async function readImageOf(what: string, options: ImageOptions, terminal: Terminal): Promise<ReadImage> {
  const frame = frameNumber(options.frame) - 1;
  if (UID.test(what)) return fromVault(what, frame, options, terminal);
  return imageOfFile(what, frame, await createJpegCodec());
}
