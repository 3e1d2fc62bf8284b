import { describe, expect, it } from 'vitest';
import type { Machine } from './machine.ts';
import { filled, type MeasuredRow, machineText } from './measured.ts';
import { row } from './row.ts';

const machine: Machine = {
  system: 'Linux 6 x64',
  processor: 'Some(R)  Processor(TM)   9000',
  cores: 2,
  memoryGiB: 7,
  node: 'v20',
  electron: '33',
  fileSystem: 'ext4',
  load: [1.5, 1, 1],
  at: '2026-01-02T03:04:05.000Z',
};
const measured: MeasuredRow = {
  ...row({
    id: 'one',
    what: 'something',
    unit: 's',
    better: 'lower',
    goal: null,
    ours: [2],
    peer: [4],
    details: { 'set-up, s': 3 },
  }),
  machine: machineText(machine),
  at: '2026-01',
};

describe('what EVIDENCE.md states of a benchmark', () => {
  it('is what the row measured, details by their names', () => {
    expect(filled('{ours} {unit} against {peer} ({ratio}), {set-up, s} s before', measured)).toBe(
      '2 s against 4 (0.5), 3 s before',
    );
    expect(() => filled('{theirs}', measured)).toThrow('measured no "theirs"');
  });

  it('names the machine in general terms, and that it was busy', () => {
    expect(measured.machine).toBe('2 cores of Some Processor 9000, 7 GiB');
    expect(machineText({ ...machine, load: [3.5] })).toContain('while other programs ran');
  });
});
