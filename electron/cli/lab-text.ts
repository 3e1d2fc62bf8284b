import type {
  LabAttack,
  LabAttackReport,
  LabCompareReport,
  LabListReport,
  LabRun,
  LabRunReport,
} from '../../core/contract/lab.ts';
import { DIFFUSION } from '../../core/schemes/measures.ts';
import type { Scheme } from '../../core/schemes/scheme.ts';
import { table } from './table.ts';

type Figure = LabRun['metrics'][number];

/** The Laboratory's documents for people. */

export function listText({ systems }: LabListReport): string {
  return systems
    .map((one) => {
      const reference = one.reference === null ? '' : ` [${one.reference}]`;
      const lines = [
        `${one.id}${reference}: ${one.title} (${one.authors}, ${one.year})`,
        `  does      ${one.does}`,
        `  claims    ${one.claims}`,
        `  protects  ${one.protects}`,
        `  run       ${one.command}`,
        `  ours      ${one.reconstruction}`,
        ...one.headline.map(({ text, evidence }) => `  paper     ${text} (${evidence})`),
        ...one.parameters.map((parameter) => {
          const room = parameter.choices?.join(', ') ?? `${parameter.low} to ${parameter.high}`;
          return `  parameter ${parameter.name} = ${parameter.default} (${room}): ${parameter.means}`;
        }),
        ...one.attacks.map(({ id, title }) => `  attack    ${id}: ${title}`),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}

function valueText({ value, unit, note }: Figure): string {
  if (value === null) return note === '' ? '-' : note;
  if (value === 'infinity') return `∞ ${unit}`;
  const small = value !== 0 && Math.abs(value) < 0.001;
  const digits = Math.abs(value) >= 1000 ? 0 : 4;
  return `${small ? value.toExponential(2) : value.toFixed(digits)}${unit === '%' ? '' : ' '}${unit}`.trim();
}

function verdict({ meets }: Figure): string {
  return meets === null ? '' : meets ? 'yes' : 'no';
}

function imageText({ source, columns, rows, channels, bits }: LabRunReport['image']): string {
  return `${source}, ${columns}×${rows}, ${channels === 3 ? 'colour' : 'grey'}, ${bits} bits`;
}

function labelsText({ labels }: LabRun): string {
  return `${labels.fidelity}; confidentiality bare: ${labels.bare}; in the envelope: ${labels.envelope}`;
}

export function runText({ image, run }: LabRunReport, scheme: Scheme): string {
  const window = run.windowed ? `, windowed to 8 bits from ${run.windowed.low} to ${run.windowed.high}` : '';
  const settings = Object.entries(run.parameters).map(([name, value]) => `${name}=${value}`);
  const head = [
    `${scheme.title} (${scheme.authors}, ${scheme.year})`,
    `image       ${imageText(image)}${window}`,
    `parameters  ${settings.join(' ') || 'none'}`,
    `result      ${labelsText(run)}`,
    `bytes       ${run.bytes.original} → ${run.bytes.payload}, ${run.bytes.sealed} in the envelope`,
    `protects    ${scheme.protects}`,
    '',
  ];
  return `${head.join('\n')}\n${figuresText(run.metrics)}${nistText(run.nist)}${timingText(run.timing)}`;
}

function figuresText(metrics: LabRun['metrics']): string {
  return table<Figure>(
    [
      { title: 'METRIC', value: ({ name }) => name },
      { title: 'VALUE', value: valueText, align: 'right' },
      { title: 'MEETS', value: verdict },
      { title: 'IDEAL', value: ({ ideal }) => ideal },
      { title: 'NOTE', value: ({ value, note }) => (value === null ? '' : note) },
    ],
    metrics,
  );
}

function nistText(nist: LabRun['nist']): string {
  if (nist === null) return '';
  const rows = table<NonNullable<LabRun['nist']>[number]>(
    [
      { title: 'NIST SP 800-22', value: ({ section, test }) => `${section} ${test}` },
      { title: 'P', value: ({ pValues: [p] }) => p?.toFixed(6) ?? 'too short', align: 'right' },
      {
        title: 'PASSED',
        value: ({ pValues, proportion }) =>
          proportion === null ? '' : `${Math.round(proportion * pValues.length)} of ${pValues.length}`,
      },
    ],
    nist,
  );
  return `\n${rows}Passing is necessary for a cipher, never sufficient.\n`;
}

function timingText(timing: LabRun['timing']): string {
  if (timing === null) return '';
  const line = (name: string, { runs, median, p95, megabytesPerSecond }: typeof timing.encrypt): string =>
    `${name}  median ${median.toFixed(2)} ms, 95 of 100 below ${p95.toFixed(2)} ms, ${megabytesPerSecond.toFixed(1)} MB/s (${runs} runs)\n`;
  return `\n${line('encrypt', timing.encrypt)}${line('decrypt', timing.decrypt)}`;
}

function outcomeText({ score, succeeded }: LabAttack['bare']): string {
  return `${succeeded ? 'broken' : 'holds'} (${score.toFixed(4)})`;
}

function attacksText(attacks: readonly LabAttack[]): string {
  return table<LabAttack>(
    [
      { title: 'ATTACK', value: ({ title }) => title },
      { title: 'BARE', value: ({ bare }) => outcomeText(bare) },
      { title: 'IN THE ENVELOPE', value: ({ envelope }) => outcomeText(envelope) },
      { title: 'CHANCE', value: ({ bare }) => bare.chance.toFixed(4), align: 'right' },
      { title: 'SCORE IS', value: ({ measure }) => measure },
    ],
    attacks,
  );
}

export function attackText({ system, image, attacks }: LabAttackReport): string {
  return `${system} on ${imageText(image)}\n${attacksText(attacks)}`;
}

/** One row for each figure, one column for each system. */
export function compareText({ image, systems }: LabCompareReport): string {
  const names = [...new Set(systems.flatMap(({ run }) => run.metrics.map(({ name }) => name)))];
  const cell = (run: LabRun, name: string): string => {
    const found = run.metrics.find((one) => one.name === name);
    if (!found) return '';
    return found.meets === false ? `${valueText(found)} !` : valueText(found);
  };
  const rows = [
    { title: 'fidelity', cells: systems.map(({ run }) => run.labels.fidelity) },
    { title: 'confidentiality, bare', cells: systems.map(({ run }) => run.labels.bare) },
    { title: 'confidentiality, in the envelope', cells: systems.map(({ run }) => run.labels.envelope) },
    { title: 'bytes', cells: systems.map(({ run }) => `${run.bytes.original} → ${run.bytes.payload}`) },
    ...names.map((name) => ({ title: name, cells: systems.map(({ run }) => cell(run, name)) })),
    ...attackRows(systems),
    ...(systems.some(({ run }) => run.timing)
      ? [
          {
            title: 'encryption, median ms',
            cells: systems.map(({ run }) => run.timing?.encrypt.median.toFixed(2) ?? ''),
          },
        ]
      : []),
  ];
  const columns = systems.map(({ run }, i) => ({
    title: run.system.toUpperCase(),
    value: (row: (typeof rows)[number]) => row.cells[i] ?? '',
  }));
  const figures = table([{ title: imageText(image), value: ({ title }) => title }, ...columns], rows);
  return `${figures}! is not where a random cipher or the field’s criterion would be, at a level of one in a thousand.\n${DIFFUSION}\n`;
}

function attackRows(systems: LabCompareReport['systems']): { title: string; cells: string[] }[] {
  const ids = [...new Set(systems.flatMap(({ attacks }) => attacks.map(({ id }) => id)))];
  const outcome = (attacks: readonly LabAttack[], id: string): string => {
    const found = attacks.find((one) => one.id === id);
    return found ? outcomeText(found.bare) : '';
  };
  return ids.map((id) => ({ title: `attack: ${id}`, cells: systems.map(({ attacks }) => outcome(attacks, id)) }));
}
