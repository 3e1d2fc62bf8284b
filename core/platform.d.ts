/**
 * The few globals that every platform of Vitrine has and that are neither DOM nor Node: the Encoding standard's UTF-8
 * coder. Nothing else is declared here, so that `window`, `Buffer` or `process` in core/ does not compile.
 */
interface TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare var TextEncoder: { prototype: TextEncoder; new (): TextEncoder };

interface TextDecoder {
  decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}
declare var TextDecoder: {
  prototype: TextDecoder;
  new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder;
};
