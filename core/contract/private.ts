import { z } from 'zod';

const topology = z.enum(['1conv', '2conv']);

/** `vitrine private forecast --json`. Version 1 of the command line's documents. */
export const privateForecastReport = z.strictObject({
  topology,
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

const sample = z.strictObject({ date: z.string(), value: z.number() });

/** A series that was read. The window knows it by a handle; it is forgotten when the vault is locked. */
export const privateSeries = z.strictObject({
  series: z.string().max(64),
  /** From a file that the person chose, or the sample. */
  from: z.enum(['file', 'sample']),
  rows: z.int().positive(),
  first: z.string(),
  last: z.string(),
  /** Most days that can be forecast, and how many would be. */
  days: z.strictObject({ most: z.int().nonnegative(), usual: z.int().nonnegative() }),
});
export type PrivateSeries = z.infer<typeof privateSeries>;

/** What is to be forecast. `testDays`: how many of the last rows. */
export const privateForecastRequest = z.strictObject({
  series: z.string().max(64),
  topology,
  testDays: z.int().min(1).max(100_000),
});
export type PrivateForecastRequest = z.infer<typeof privateForecastRequest>;

/** A forecast as the window shows it. */
export const privateForecastResult = z.strictObject({
  report: privateForecastReport,
  series: privateSeries,
  /** Rows before the days that were forecast, and what those days really were. */
  before: z.array(sample),
  actual: z.array(sample),
  /** The network that the evaluators had. */
  model: z.strictObject({ id: z.string(), sha256: z.string() }),
  /** What computed, and with which parameters: slots of a ciphertext, plain primes, windows in one ciphertext. */
  engine: z.string(),
  degree: z.int(),
  primes: z.int(),
  windows: z.int(),
});
export type PrivateForecastResult = z.infer<typeof privateForecastResult>;
