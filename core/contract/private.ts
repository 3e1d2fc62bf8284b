import { z } from 'zod';

/** `vitrine private forecast --json`. Version 1 of the command line's documents. */
export const privateForecastReport = z.strictObject({
  topology: z.enum(['1conv', '2conv']),
  /** Mean absolute error over the test days, in the series' unit: of the network in floating point. */
  plainMae: z.number(),
  /** The same of the forecasts that were computed on ciphertexts. */
  encryptedMae: z.number(),
  forecasts: z.array(z.strictObject({ date: z.string(), plain: z.number(), encrypted: z.number() })),
  /** From the first key to the last decrypted forecast. */
  seconds: z.number(),
  /** From the data's owner to the evaluators: keys and ciphertexts. */
  bytesSent: z.int(),
  /** From the evaluators to the data's owner: ciphertexts. */
  bytesBack: z.int(),
  /** Smallest noise budget of an answer, in bits. */
  noiseBitsLeft: z.int(),
});
export type PrivateForecastReport = z.infer<typeof privateForecastReport>;
