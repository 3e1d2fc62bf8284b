import { type Disk, type DiskFile, type DiskState, type DiskStep, fingerprint, stateOf } from './disk.ts';

/** A state that the disk may be in, and when the power was cut. */
export interface CutState {
  /** Before this event. */
  readonly at: number;
  /** What is missing of what wasn't flushed, for people. */
  readonly lacks: string;
  /** Made anew each time: all of them together are too much for memory. */
  readonly state: () => DiskState;
}

/** Writes of one file beyond this many come and go together in the systematic states; the random ones still split them. */
const SPLIT = 4;
/** The part of a write that is atomic. */
const SECTOR = 512;
/** Random subsets at each cut. */
const RANDOM = 4;

/** What comes and goes together. */
type Unit = readonly DiskStep[];

const isData = (step: DiskStep): boolean => step.kind === 'write' || step.kind === 'resize';

function unitsOf(pending: readonly DiskStep[]): Unit[] {
  const files = new Map<DiskFile, DiskStep[]>();
  const units: Unit[] = [];
  for (const step of pending) {
    if (step.kind === 'name' || step.kind === 'unname') units.push([step]);
    else files.set(step.node, [...(files.get(step.node) ?? []), step]);
  }
  for (const steps of files.values()) {
    if (steps.length > SPLIT) units.push(steps);
    else units.push(...steps.map((step) => [step]));
  }
  return units;
}

/** The last unflushed write of each file cut at a sector, or filled with zeros: a length can be on disk before the bytes. */
function torn(pending: readonly DiskStep[], how: 'half' | 'zeros'): DiskStep[] {
  const last = new Map<DiskFile, DiskStep>();
  for (const step of pending) if (step.kind === 'write') last.set(step.node, step);
  return pending.map((step) => {
    if (step.kind !== 'write') return step;
    if (how === 'zeros') return { ...step, bytes: Buffer.alloc(step.bytes.length) };
    if (last.get(step.node) !== step) return step;
    const length = Math.floor(step.bytes.length / 2 / SECTOR) * SECTOR;
    return { ...step, bytes: step.bytes.subarray(0, length) };
  });
}

function* choices(
  pending: readonly DiskStep[],
  random: () => number,
): Generator<{ lacks: string; steps: readonly DiskStep[]; rank: number }> {
  const names = pending.filter((step) => !isData(step));
  const data = pending.filter(isData);
  yield { lacks: 'everything', steps: [], rank: 0 };
  yield { lacks: 'nothing', steps: pending, rank: 0 };
  if (names.length > 0 && data.length > 0) {
    yield { lacks: 'all bytes', steps: names, rank: 0 };
    yield { lacks: 'all names', steps: data, rank: 1 };
    yield { lacks: 'bytes (zeros)', steps: torn(pending, 'zeros'), rank: 1 };
  }
  if (data.length > 0) yield { lacks: 'half of the last write', steps: torn(pending, 'half'), rank: 1 };
  const units = unitsOf(pending);
  if (units.length > 1) {
    for (const unit of units) {
      const rest = pending.filter((step) => !unit.includes(step));
      yield { lacks: worded(unit), steps: rest, rank: 1 };
      yield { lacks: `everything but ${worded(unit)}`, steps: unit, rank: 2 };
    }
  }
  for (let i = 0; i < RANDOM && pending.length > 2; i++)
    yield { lacks: 'a random part', steps: pending.filter(() => random() < 0.5), rank: 2 };
}

function worded(unit: Unit): string {
  const [first] = unit;
  if (first === undefined) return 'nothing';
  if (first.kind === 'name') return `the name ${first.name}`;
  if (first.kind === 'unname') return `the end of the name ${first.name}`;
  return `${unit.length} write${unit.length === 1 ? '' : 's'} of a file`;
}

/**
 * The states of the disk at every moment that matters, each once: just before every flush, when the most is missing that can
 * be (any earlier moment leaves a part of it), after every line that the command said, and at its end.
 * @param most at most so many; the plain ones are kept before the others, and these are drawn by `random`
 * @returns also how many moments there were, and how many states in all
 */
export function cutStates(
  disk: Pick<Disk, 'root' | 'steps' | 'moments'>,
  most: number,
  random: () => number,
): { cuts: number; all: number; states: CutState[] } {
  const seen = new Set<string>();
  const found: (CutState & { readonly order: number })[] = [];
  // The latest moment at which a state is possible has promised the most.
  const moments = [...new Set(disk.moments)].sort((a, b) => b - a);
  for (const at of moments) {
    const made = disk.steps.filter((step) => step.at < at);
    const durable = made.filter((step) => step.durable < at);
    for (const { lacks, steps, rank } of choices(
      made.filter((step) => step.durable >= at),
      random,
    )) {
      const happened = withNeeds([...durable, ...steps]);
      const state = (): DiskState => stateOf(disk.root, happened);
      const print = fingerprint(state());
      if (seen.has(print)) continue;
      seen.add(print);
      found.push({ at, lacks, state, order: rank + random() });
    }
  }
  const states = [...found].sort((a, b) => a.order - b.order).slice(0, most);
  return { cuts: moments.length, all: found.length, states };
}

/** Adds what these need: a name that a rename took away is somewhere else. Torn copies stand for their originals. */
function withNeeds(steps: readonly DiskStep[]): DiskStep[] {
  const numbers = new Set(steps.map(({ number }) => number));
  const needed = steps.flatMap(({ needs }) => (needs === null || numbers.has(needs.number) ? [] : [needs]));
  return [...steps, ...needed];
}
