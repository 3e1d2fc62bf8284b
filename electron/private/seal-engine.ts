/** BFV by Microsoft SEAL, compiled to WebAssembly (node-seal). Its heap never shrinks by itself: every handle is freed. */
import loadSeal from 'node-seal';
import { privateError } from '../../core/private/errors.ts';
import type { BfvEngine, BfvParameters, KeyHolder } from '../../core/private/he/engine.ts';
import { createSealEvaluator, guarded } from './seal-evaluator.ts';
import type { Context, Seal, Serializable } from './seal-types.ts';

/** A context at 128 bits of security; the caller deletes it. @throws VitrineError private/noise where SEAL refuses it */
function contextOf(seal: Seal, parameters: BfvParameters): Context {
  const { degree, coefficientBits, plainModulus } = parameters;
  const made = seal.EncryptionParameters(seal.SchemeType.bfv);
  const coefficients = seal.CoeffModulus.Create(degree, Int32Array.from(coefficientBits));
  const plain = seal.Modulus(plainModulus);
  try {
    made.setPolyModulusDegree(degree);
    made.setCoeffModulus(coefficients);
    made.setPlainModulus(plain);
    const context = seal.Context(made, true, seal.SecurityLevel.tc128);
    if (context.parametersSet()) return context;
    context.delete();
    throw privateError('private/noise', 'SEAL refuses these parameters at 128 bits of security; plan others');
  } finally {
    for (const one of [made, coefficients, plain]) one.delete();
  }
}

/** Bytes of a handle that is of no more use. Uncompressed: these are random numbers, and a second a key buys 1 %. */
function taken(seal: Seal, handle: Serializable): Uint8Array {
  try {
    return handle.saveArray(seal.ComprModeType.none).slice();
  } finally {
    handle.delete();
  }
}

function createKeyHolder(seal: Seal, parameters: BfvParameters): KeyHolder {
  const context = contextOf(seal, parameters);
  const generator = seal.KeyGenerator(context);
  const secret = generator.secretKey();
  const published = generator.createPublicKey();
  const encryptor = seal.Encryptor(context, published, secret);
  const decryptor = seal.Decryptor(context, secret);
  const encoder = seal.BatchEncoder(context);
  return {
    evaluationKeys: (steps) => ({
      public: published.saveArray(seal.ComprModeType.none).slice(),
      relinearisation: taken(seal, generator.createRelinKeysSerializable()),
      rotation: taken(seal, generator.createGaloisKeysSerializable(Int32Array.from(steps))),
    }),
    encrypt: (slots) => {
      const plain = seal.PlainText();
      try {
        encoder.encode(slots, plain);
        // With the secret key half of a fresh ciphertext is a seed: half the bytes to send.
        return taken(seal, encryptor.encryptSymmetricSerializable(plain));
      } finally {
        plain.delete();
      }
    },
    decrypt: (bytes) => {
      const cipher = seal.CipherText();
      const plain = seal.PlainText();
      try {
        guarded(() => cipher.loadArray(context, bytes), 'no ciphertext of these parameters');
        const noiseBits = decryptor.invariantNoiseBudget(cipher);
        if (noiseBits <= 0)
          throw privateError('private/noise', 'no noise budget is left in the answer, so it means nothing; plan again');
        decryptor.decrypt(cipher, plain);
        const slots = encoder.decodeBigInt(plain, false);
        return { slots: BigUint64Array.from(slots, BigInt), noiseBits };
      } finally {
        cipher.delete();
        plain.delete();
      }
    },
    secretKey: () => secret.saveArray(seal.ComprModeType.none).slice(),
    dispose: () => {
      for (const one of [encoder, decryptor, encryptor, published, secret, generator, context]) one.delete();
    },
  };
}

/** Loads node-seal; each process has its own memory. */
export async function createSealEngine(): Promise<BfvEngine> {
  const seal = await loadSeal();
  return {
    id: 'node-seal 6.0.3',
    keyHolder: (parameters) => createKeyHolder(seal, parameters),
    evaluator: (parameters) => createSealEvaluator(seal, parameters, contextOf(seal, parameters)),
  };
}
