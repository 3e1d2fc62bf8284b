/**
 * The slow, readable twin of `core/seal/v1/floe.ts`: the functions of FLOE's specification (spec/README.md of
 * Snowflake-Labs/floe-specification), name by name and line by line, over nothing but HMAC and AES-GCM of node:crypto.
 * It shares no code with the product. Random bytes come from the caller, so that vectors can be made again.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

export interface Params {
  ENC_SEG_LEN: number;
  AEAD_ROTATION_MASK: bigint;
}

type Rnd = (length: number) => Buffer;

const AEAD_ID = 0n;
const KDF_ID = 0n;
const AEAD_KEY_LEN = 32;
const AEAD_IV_LEN = 12;
const AEAD_TAG_LEN = 16;
const KDF_KEY_LEN = 48;
const FLOE_IV_LEN = 32;

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function I2BE(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
}

function BE2I(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function SPLIT(data: Buffer, prefixLength: number, suffixLength: number): [Buffer, Buffer, Buffer] {
  assert(data.length >= prefixLength + suffixLength, 'too short to split');
  const end = data.length - suffixLength;
  return [data.subarray(0, prefixLength), data.subarray(prefixLength, end), data.subarray(end)];
}

/** HKDF-Expand, RFC 5869 section 2.3: T(n) = HMAC(PRK, T(n-1) | info | n). */
function KDF(prk: Buffer, info: Buffer, length: number): Buffer {
  let T = Buffer.alloc(0);
  let okm = Buffer.alloc(0);
  for (let n = 1; okm.length < length; n++) {
    const step = Buffer.concat([T, info, Buffer.from([n])]);
    T = createHmac('sha384', prk).update(step).digest();
    okm = Buffer.concat([okm, T]);
  }
  return okm.subarray(0, length);
}

function AEAD_ENC(key: Buffer, iv: Buffer, plaintext: Buffer, aad: Buffer): [Buffer, Buffer] {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return [ciphertext, cipher.getAuthTag()];
}

function AEAD_DEC(key: Buffer, iv: Buffer, ciphertext: Buffer, aad: Buffer, tag: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

function PARAM_ENCODE(params: Params): Buffer {
  return Buffer.concat([
    I2BE(AEAD_ID, 1),
    I2BE(KDF_ID, 1),
    I2BE(BigInt(params.ENC_SEG_LEN), 4),
    I2BE(BigInt(FLOE_IV_LEN), 4),
  ]);
}

function FLOE_KDF(params: Params, key: Buffer, iv: Buffer, aad: Buffer, purpose: Buffer, length: number): Buffer {
  return KDF(key, Buffer.concat([PARAM_ENCODE(params), iv, purpose, aad]), length);
}

function MASK(value: bigint, bits: bigint): bigint {
  return (value >> bits) << bits;
}

function DERIVE_KEY(state: State, segmentNumber: bigint): Buffer {
  const masked = MASK(segmentNumber, state.params.AEAD_ROTATION_MASK);
  const purpose = Buffer.concat([Buffer.from('DEK:'), I2BE(masked, 8)]);
  return FLOE_KDF(state.params, state.MessageKey, state.iv, state.aad, purpose, AEAD_KEY_LEN);
}

interface State {
  params: Params;
  MessageKey: Buffer;
  iv: Buffer;
  aad: Buffer;
}

function startEncryption(params: Params, rnd: Rnd, key: Buffer, aad: Buffer): [State, Buffer] {
  const iv = rnd(FLOE_IV_LEN);
  const HeaderPrefix = Buffer.concat([PARAM_ENCODE(params), iv]);
  const HeaderTag = FLOE_KDF(params, key, iv, aad, Buffer.from('HEADER_TAG:'), 32);
  const MessageKey = FLOE_KDF(params, key, iv, aad, Buffer.from('MESSAGE_KEY:'), KDF_KEY_LEN);
  return [{ params, MessageKey, iv, aad }, Buffer.concat([HeaderPrefix, HeaderTag])];
}

function startDecryption(params: Params, key: Buffer, aad: Buffer, header: Buffer): State {
  const EncodedParams = PARAM_ENCODE(params);
  assert(header.length === FLOE_IV_LEN + EncodedParams.length + 32, 'header length');
  const [HeaderParams, iv, HeaderTag] = SPLIT(header, EncodedParams.length, 32);
  assert(HeaderParams.equals(EncodedParams), 'header parameters');
  const ExpectedHeaderTag = FLOE_KDF(params, key, iv, aad, Buffer.from('HEADER_TAG:'), 32);
  assert(timingSafeEqual(ExpectedHeaderTag, HeaderTag), 'Invalid Header Tag');
  const MessageKey = FLOE_KDF(params, key, iv, aad, Buffer.from('MESSAGE_KEY:'), KDF_KEY_LEN);
  return { params, MessageKey, iv, aad };
}

function encryptSegment(state: State, rnd: Rnd, plaintext: Buffer, position: bigint, isFinal: boolean): Buffer {
  const full = state.params.ENC_SEG_LEN - AEAD_IV_LEN - AEAD_TAG_LEN - 4;
  assert(isFinal ? plaintext.length <= full : plaintext.length === full, 'plaintext length');
  const aead_key = DERIVE_KEY(state, position);
  const aead_iv = rnd(AEAD_IV_LEN);
  const aead_aad = Buffer.concat([I2BE(position, 8), Buffer.from([isFinal ? 1 : 0])]);
  const [ciphertext, tag] = AEAD_ENC(aead_key, aead_iv, plaintext, aead_aad);
  const length = isFinal ? BigInt(4 + AEAD_IV_LEN + ciphertext.length + AEAD_TAG_LEN) : 0xffffffffn;
  return Buffer.concat([I2BE(length, 4), aead_iv, ciphertext, tag]);
}

function decryptSegment(state: State, segment: Buffer, position: bigint, isFinal: boolean): Buffer {
  if (isFinal) {
    assert(segment.length >= AEAD_IV_LEN + AEAD_TAG_LEN + 4, 'final segment too short');
    assert(segment.length <= state.params.ENC_SEG_LEN, 'final segment too long');
    assert(BE2I(segment.subarray(0, 4)) === BigInt(segment.length), 'final segment length');
  } else {
    assert(segment.length === state.params.ENC_SEG_LEN, 'segment length');
    assert(BE2I(segment.subarray(0, 4)) === 0xffffffffn, 'segment length field');
  }
  const aead_key = DERIVE_KEY(state, position);
  const [aead_iv, ciphertext, tag] = SPLIT(segment.subarray(4), AEAD_IV_LEN, AEAD_TAG_LEN);
  const aead_aad = Buffer.concat([I2BE(position, 8), Buffer.from([isFinal ? 1 : 0])]);
  return AEAD_DEC(aead_key, aead_iv, ciphertext, aead_aad, tag);
}

/** Seals a whole message: every segment full but the last, which is empty only when the message is. */
export function floeEncrypt(params: Params, rnd: Rnd, key: Buffer, aad: Buffer, message: Buffer): Buffer {
  const full = params.ENC_SEG_LEN - AEAD_IV_LEN - AEAD_TAG_LEN - 4;
  const [state, header] = startEncryption(params, rnd, key, aad);
  const out = [header];
  let position = 0n;
  let rest = message;
  while (rest.length > full) {
    out.push(encryptSegment(state, rnd, rest.subarray(0, full), position++, false));
    rest = rest.subarray(full);
  }
  out.push(encryptSegment(state, rnd, rest, position, true));
  return Buffer.concat(out);
}

/** Opens a whole message as the online functions do, and throws unless it ends with its final segment. */
export function floeDecrypt(params: Params, key: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  const headerLength = 10 + FLOE_IV_LEN + 32;
  const state = startDecryption(params, key, aad, sealed.subarray(0, headerLength));
  const out: Buffer[] = [];
  let position = 0n;
  let rest = sealed.subarray(headerLength);
  while (rest.length > params.ENC_SEG_LEN) {
    out.push(decryptSegment(state, rest.subarray(0, params.ENC_SEG_LEN), position++, false));
    rest = rest.subarray(params.ENC_SEG_LEN);
  }
  out.push(decryptSegment(state, rest, position, true));
  return Buffer.concat(out);
}
