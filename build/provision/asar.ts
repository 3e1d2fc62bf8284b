import { Buffer } from 'node:buffer';

/**
 * Packs a few files of one folder as an asar archive (Electron's own format: four little-endian sizes of the pickled
 * header, the header as JSON, then the files one after the other).
 */
export function packAsar(files: Readonly<Record<string, string>>): Buffer {
  const index: Record<string, { size: number; offset: string }> = {};
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const body = Buffer.from(text);
    index[name] = { size: body.length, offset: String(offset) };
    bodies.push(body);
    offset += body.length;
  }
  const header = Buffer.from(JSON.stringify({ files: index }));
  const padded = Buffer.alloc(Math.ceil(header.length / 4) * 4);
  header.copy(padded);
  const sizes = Buffer.alloc(16);
  sizes.writeUInt32LE(4, 0);
  sizes.writeUInt32LE(padded.length + 8, 4);
  sizes.writeUInt32LE(padded.length + 4, 8);
  sizes.writeUInt32LE(header.length, 12);
  return Buffer.concat([sizes, padded, ...bodies]);
}
