/** PINPOINT as a published system: what EVIDENCE.md and the Laboratory say of it. The network is in pinpoint.ts. */
import type { PublishedForecast } from '../../published.ts';

const BY_VECTORS = 'node --expose-gc --import tsx test/vectors/pinpoint.ts';
const SECONDS =
  '{one forecast, s} s for one forecast with keys and processes, {305 days, s} s for all 305 days in batches';
const OVER_TENSEAL =
  'processor time over TenSEAL’s, one of {plainPrimes} plain primes: {circuit of one prime over TenSEAL’s}';

/** Falcetta and Roveri, temporal convolutions on ciphertexts. */
export const pinpoint: PublishedForecast = {
  kind: 'forecast',
  id: 'falcetta-pinpoint',
  reference: 116,
  authors: 'Falcetta, Roveri',
  year: 2022,
  title: 'Privacy-Preserving Time Series Prediction with Temporal Convolutional Neural Networks',
  family: 'inference on encrypted data',
  does: 'Forecasts seven days from fourteen with one or two convolutions over time, squares for activations, on BFV ciphertexts.',
  claims: 'A cloud forecasts a series that it can’t read, nearly as well as in the clear.',
  protects:
    'The series and the forecast from whoever computes, as long as that one follows the protocol: answers are not authenticated. The network’s weights are only made harder to read: an encryption of zero is added and the modulus cut before an answer returns, and many queries still teach a network.',
  reconstruction:
    'The authors’ fractional encoder no longer exists: ours computes in exact integers, through residues by plain primes, and equals the integer network bit for bit. The dense layers, which have no activation between them, are folded into one. The shipped weights are our own, trained on the same public series.',
  headline: [
    {
      text: 'mean absolute error of 1CONV over 305 days of COVID-19 in Italy: 1063.07 plain, 1057.59 encrypted',
      evidence: 'authors’ code',
      ours: { text: '1063.015 plain, 1062.941 encrypted, with the authors’ weights', from: BY_VECTORS },
    },
    {
      text: 'mean absolute error of 2CONV over the same days: 998.13 plain, 1033.22 encrypted',
      evidence: 'authors’ code',
      ours: { text: '998.067 plain, 997.860 encrypted, with the authors’ weights', from: BY_VECTORS },
    },
    {
      text: 'a table in the authors’ repository says 3102 and 1485 for the same two networks, against its own notebooks',
      evidence: 'authors’ code',
      ours: null,
    },
    {
      text: 'weights trained by others on the same series: no figure',
      evidence: 'not found',
      ours: {
        text: 'our weights: 981.48 (1CONV) and 974.37 (2CONV) plain; taking each day from the week before: 1345.78',
        from: 'npm run train -- pinpoint-1conv',
      },
    },
    {
      text: '45.06 s for a forecast of 1CONV, machine not named',
      evidence: 'authors’ code',
      ours: { text: SECONDS, bench: 'pinpoint-1conv' },
    },
    {
      text: '101.28 s for a forecast of 2CONV, machine not named',
      evidence: 'authors’ code',
      ours: { text: SECONDS, bench: 'pinpoint-2conv' },
    },
    {
      text: 'the same circuit of 1CONV in another library: no figure',
      evidence: 'not found',
      ours: { text: OVER_TENSEAL, bench: 'pinpoint-1conv' },
    },
    {
      text: 'the same circuit of 2CONV in another library: no figure',
      evidence: 'not found',
      ours: { text: OVER_TENSEAL, bench: 'pinpoint-2conv' },
    },
  ],
  parameters: [
    {
      name: 'topology',
      means: 'one convolution of 32 filters, or two of 16 and 32',
      choices: ['1conv', '2conv'],
      default: '1conv',
    },
  ],
  command: 'vitrine private forecast CSV --topology 1conv',
};
