import type loadSeal from 'node-seal';

/** The library once it is loaded, and the kinds of its handles. */
export type Seal = Awaited<ReturnType<typeof loadSeal>>;
export type Context = ReturnType<Seal['Context']>;
export type Encryptor = ReturnType<Seal['Encryptor']>;
export type CipherText = ReturnType<Seal['CipherText']>;
export type PlainText = ReturnType<Seal['PlainText']>;
export type PublicKey = ReturnType<Seal['PublicKey']>;
export type RelinKeys = ReturnType<Seal['RelinKeys']>;
export type GaloisKeys = ReturnType<Seal['GaloisKeys']>;
export type Serializable = ReturnType<ReturnType<Seal['KeyGenerator']>['createRelinKeysSerializable']>;
