import { V1_PARAMETERS } from '../../core/seal/v1/format.ts';
import { loadNativeEngine } from '../../native/engine/index.ts';
import { say } from '../command.ts';
import { type Row, row } from './row.ts';
import { ageFigures, inElectron, opensslSpeed, together } from './seal.ts';
import type { NativeFigures } from './seal-native-work.ts';

/** Rows `seal-native-…`; none where the engine isn't built, and then says so. */
export async function benchSealNative(rounds: number): Promise<Row[]> {
  const { reason } = loadNativeEngine();
  if (reason !== null) {
    say(`not measured: ${reason}`);
    return [];
  }
  const figures = await inElectron<NativeFigures>('seal-native-work.ts', rounds);
  const openssl: number[] = [];
  for (let i = 0; i < rounds; i++) openssl.push(await opensslSpeed(V1_PARAMETERS.segmentLength, 'processor'));
  const ours = together(figures.seal, figures.open);
  const base = { unit: 'GB/s', better: 'higher' as const, ours };
  const what = `sealing and opening 1 GiB with the native engine, one thread, in ${figures.runtime}, through buffers that stay in the cache, by processor time`;
  const sealing = row({ ...base, id: '', what: '', goal: null, ours: figures.seal, peer: figures.bare });
  const opening = row({ ...base, id: '', what: '', goal: null, ours: figures.open, peer: figures.bare });
  const coldOurs = together(figures.coldSeal, figures.coldOpen);
  const cold = row({ ...base, id: '', what: '', goal: null, ours: coldOurs, peer: figures.coldBare });
  // What the library itself reaches over openssl here: no engine that is built on it can do better than that.
  const bare = row({ ...base, id: '', what: '', goal: null, ours: figures.bare, peer: openssl });
  return [
    row({
      ...base,
      id: 'seal-native-raw',
      what: `${what}; peer: the bare loop of aws-lc-rs, in place, in segments of the same length`,
      goal: 0.7,
      peer: figures.bare,
      details: {
        seal: sealing.ours,
        sealRatio: sealing.ratio,
        open: opening.ours,
        openRatio: opening.ratio,
        cold: cold.ours,
        coldPeer: cold.peer ?? Number.NaN,
        coldRatio: cold.ratio,
      },
    }),
    row({
      ...base,
      id: 'seal-native-openssl',
      what: `${what}; peer: openssl speed of AES-256-GCM at the same segment length`,
      goal: 2.5,
      peer: openssl,
      details: { bare: bare.ours, bareRatio: bare.ratio },
    }),
    row({
      ...base,
      id: 'seal-native-age',
      what: `${what.replace('processor time', 'the clock')}; peer: the age command sealing a file of 1 GiB to /dev/null`,
      ours: figures.wall,
      goal: 6,
      peer: await ageFigures(rounds),
    }),
  ];
}
