import type {
  ModelEvaluation,
  ModelListReport,
  ModelReport,
  ModelRunReport,
  ModelUploadReport,
} from '../../core/contract/model.ts';
import type { ModelAttackReport } from '../../core/contract/model-attack.ts';
import { printable, table } from './table.ts';

type Obstacle = ModelReport['obstacles'][number];

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  'no-robustness-report': 'no robustness report',
  'too-few-validation-pictures': 'too few validation pictures of a class',
  'class-missed': 'may miss more than half of a class',
  'no-licence': 'no licence stated',
};

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function clinical(obstacles: readonly Obstacle[]): string {
  if (obstacles.length === 0) return 'could be admitted by whoever is responsible';
  return `not admitted: ${obstacles.map((one) => OBSTACLES[one]).join(', ')}`;
}

/** What `vitrine model list` prints. */
export function modelListText({ models }: ModelListReport): string {
  if (models.length === 0) return 'There is no model; install Vitrine again.\n';
  return table(
    [
      { title: 'Model', value: ({ id }) => id },
      { title: 'Release', value: (one) => (one.state === 'ready' ? one.release : '') },
      {
        title: 'Accuracy',
        value: (one) => (one.state === 'ready' ? percent(one.accuracy.right / one.accuracy.of) : ''),
        align: 'right',
      },
      { title: 'What', value: (one) => (one.state === 'ready' ? one.title : one.reason) },
      { title: 'Clinical use', value: (one) => (one.state === 'ready' ? clinical(one.obstacles) : `[${one.code}]`) },
    ],
    models,
  );
}

/** What `vitrine model run` prints. */
export function modelRunText({ classification, image, seen, classMap, measured }: ModelRunReport): string {
  const { scores, provenance } = classification;
  const rows = table(
    [
      { title: 'Class', value: ({ label }) => label },
      { title: 'Score', value: ({ score }) => percent(score), align: 'right' },
    ],
    scores,
  );
  const most = classMap.values.indexOf(Math.max(...classMap.values));
  const at = (place: number, cells: number, start: number): number =>
    Math.round(start + ((place + 0.5) / cells) * seen.side);
  const x = at(most % classMap.columns, classMap.columns, seen.left);
  const y = at(Math.floor(most / classMap.columns), classMap.rows, seen.top);
  const times = measured.map(
    ({ backEnd, milliseconds }) => `${backEnd} ${milliseconds === null ? 'failed' : `${milliseconds.toFixed(2)} ms`}`,
  );
  return `${rows}
"${classMap.label}" looks most at column ${x}, row ${y} of ${image.columns} × ${image.rows}.
${provenance.model} ${provenance.release} (weights ${provenance.weightsSha256.slice(0, 12)}) on ${provenance.backEnd}, ${provenance.milliseconds.toFixed(2)} ms.
${times.length > 0 ? `Measured for the choice of the back end: ${times.join(', ')}.\n` : ''}Not for diagnosis.
`;
}

/** What `vitrine model upload` prints. */
export function modelUploadText({ keyBits, scores, identical, bytesSent, bytesBack }: ModelUploadReport): string {
  const rows = table(
    [
      { title: 'Class', value: ({ label }) => label },
      { title: 'Score', value: ({ score }) => percent(score), align: 'right' },
    ],
    scores,
  );
  return `${rows}
AES-${keyBits}-GCM: ${bytesSent} bytes sent, ${bytesBack} back; the scores are ${identical ? '' : 'NOT '}those of the image without encryption, bit for bit.
The server saw the image. This protects the way and what lies stored, not the image from the server. Not for diagnosis.
`;
}

/** What `vitrine model report` prints. */
export function modelReportText(report: ModelReport, card: string): string {
  return `${card.trim()}

Weights SHA-256 ${report.weightsSha256}, signed by ${report.signedBy}.
Robustness report: ${report.robustness ? 'there, signed' : 'none'}.
Clinical use: ${clinical(report.obstacles)}.
`;
}

/** "98 of 126, 77.8 % (69.8 % to 84.2 %)". */
function shareText({ right, of, low, high }: ModelEvaluation['accuracy']): string {
  if (of === 0) return 'none';
  return `${right} of ${of}, ${percent(right / of)} (${percent(low)} to ${percent(high)})`;
}

/** What `vitrine model evaluate` prints. */
export function modelEvaluationText(report: ModelEvaluation): string {
  const { labels, n, accuracy, classes, confusion, refused, seconds, picturesPerSecond, provenance } = report;
  const rows = classes.map((one, i) => ({ ...one, counts: confusion[i] ?? [] }));
  const found = table(
    [
      { title: 'Class', value: ({ label }: (typeof rows)[number]) => label },
      { title: 'Sensitivity (95 %)', value: ({ sensitivity }) => shareText(sensitivity) },
      { title: 'Precision (95 %)', value: ({ precision }) => shareText(precision) },
    ],
    rows,
  );
  const called = table(
    [
      { title: 'Class \\ called', value: ({ label }: (typeof rows)[number]) => label },
      ...labels.map((label, k) => ({
        title: label,
        value: ({ counts }: (typeof rows)[number]) => String(counts[k] ?? 0),
        align: 'right' as const,
      })),
    ],
    rows,
  );
  const files = refused.map(({ file, code, reason }) => `refused: ${printable(file)}: ${reason} [${code}]\n`).join('');
  return `Right: ${shareText(accuracy)}.

${found}
${called}${files === '' ? '' : `\n${files}`}
${n} pictures in ${seconds.toFixed(2)} s, ${picturesPerSecond.toFixed(1)} a second, reading included.
${provenance.model} ${provenance.release} (weights ${provenance.weightsSha256.slice(0, 12)}) on ${provenance.backEnd}. Not for diagnosis.
`;
}

/** What `vitrine model attack` prints. */
export function modelAttackText(report: ModelAttackReport): string {
  const { method, epsilon, before, after, fooled, fooledRounded, change, seconds } = report;
  const radius = method === 'deep-fool' ? '' : `, ε ${epsilon < 0.1 ? `${(epsilon * 255).toFixed(2)}/255` : epsilon}`;
  const said = ({ scores: [first] }: ModelAttackReport['before']): string =>
    first === undefined ? 'nothing' : `${first.label} (${percent(first.score)})`;
  const rounding = fooled ? (fooledRounded ? ', also after rounding to 8 bits' : ', not after rounding to 8 bits') : '';
  return `${method}${radius}: ${said(before)} becomes ${said(after)}${rounding}.
Largest change of a pixel ${(change.linf * 255).toFixed(2)}/255, Euclidean ${change.l2.toFixed(4)}, ${percent(change.l0)} of the pixels; ${seconds.toFixed(2)} s.
The changed image was made up and is kept nowhere. Not for diagnosis.
`;
}
