import { Swords } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { AttackMethod } from '../../../core/contract/model-attack.ts';
import { useActiveImage } from '../../state/active-image.ts';
import { cancelJob } from '../../state/jobs.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { provenanceLine, Scores } from './finding-card.tsx';
import type { FindingsPanelProps } from './findings-panel.tsx';
import { type Attacked, attackModel, useFindings } from './findings-store.ts';

const METHODS: readonly AttackMethod[] = ['fgsm', 'bim', 'pgd', 'pgd-l2', 'deep-fool'];

/** The slider's last place: 8/255 of the brightness, or a length of 2. */
const MOST_STEPS = 8;

/** Side of a drawn picture, pixels: twice what the model sees, so that the burned word is readable. */
const SIDE = 256;

interface PictureProps {
  readonly name: string;
  readonly title: string;
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  /** Written into the pixels: a copy of the picture says by itself that nobody acquired it. */
  readonly burned?: string;
}

function grey(pixels: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(pixels.length * 4).fill(255);
  for (const [i, value] of pixels.entries()) out.fill(value, 4 * i, 4 * i + 3);
  return out;
}

function burn(context: CanvasRenderingContext2D, word: string): void {
  const height = SIDE / 7;
  context.fillStyle = '#000000';
  context.fillRect(0, SIDE - height, SIDE, height);
  context.fillStyle = '#f2b84b';
  context.font = `600 ${Math.round(height * 0.62)}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(word, SIDE / 2, SIDE - height / 2, SIDE * 0.96);
}

function Picture({ name, title, pixels, rows, columns, burned }: PictureProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null) return;
    const picture = new OffscreenCanvas(columns, rows);
    picture.getContext('2d')?.putImageData(new ImageData(grey(pixels), columns, rows), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0, SIDE, SIDE);
    if (burned !== undefined) burn(context, burned);
  }, [pixels, rows, columns, burned]);
  return (
    <figure data-attack-picture={name}>
      <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={title} />
      <figcaption>{title}</figcaption>
    </figure>
  );
}

function AttackResult({
  attacked,
  number,
}: {
  readonly attacked: Attacked;
  readonly number: number | null;
}): ReactNode {
  const t = useText();
  const { report, rows, columns, original, attacked: pixels, difference } = attacked.view;
  const size = { rows, columns };
  return (
    <div className="attack-result" data-fooled={report.fooled}>
      <p className="attack-verdict" role="status">
        {number === null ? '' : `${t('findings.image', { image: number })}. `}
        {report.fooled ? t('findings.attack.flipped') : t('findings.attack.held')}{' '}
        {report.fooledRounded ? t('findings.attack.flippedRounded') : t('findings.attack.heldRounded')}
      </p>
      <div className="attack-pictures">
        <Picture name="original" title={t('findings.attack.original')} pixels={original} {...size} />
        <Picture
          name="attacked"
          title={t('findings.attack.attacked')}
          pixels={pixels}
          burned={t('findings.attack.burned')}
          {...size}
        />
        <Picture name="difference" title={t('findings.attack.difference')} pixels={difference} {...size} />
      </div>
      <h4>{t('findings.attack.before')}</h4>
      <Scores scores={report.before.scores} />
      <h4>{t('findings.attack.after')}</h4>
      <Scores scores={report.after.scores} />
      <Provenance attacked={attacked} />
    </div>
  );
}

function Provenance({ attacked }: { readonly attacked: Attacked }): ReactNode {
  const t = useText();
  const { report } = attacked.view;
  const { linf, l2 } = report.change;
  return (
    <p className="quiet findings-provenance">
      {provenanceLine(report.after, t)}
      <br />
      {t('findings.attack.change', {
        linf: (linf * 255).toFixed(1),
        l2: l2.toFixed(2),
        seconds: report.seconds.toFixed(1),
      })}
    </p>
  );
}

function Epsilon(): ReactNode {
  const t = useText();
  const id = useId();
  const { method, steps } = useFindings();
  if (method === 'deep-fool') return <p className="quiet">{t('findings.attack.epsilon.none')}</p>;
  const said =
    method === 'pgd-l2'
      ? t('findings.attack.epsilon.l2', { n: (steps / 4).toFixed(2) })
      : t('findings.attack.epsilon.linf', { n: steps });
  return (
    <div className="findings-slider">
      <label htmlFor={id}>{t('findings.attack.epsilon')}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={MOST_STEPS}
        step={0.5}
        value={steps}
        aria-valuetext={said}
        onChange={(event) => useFindings.setState({ steps: Number(event.currentTarget.value) })}
      />
      <output>{said}</output>
    </div>
  );
}

/** Attacks on what the model sees of the open image. Folded until somebody wants it. */
export function AttackPart({ studyId, numberOf }: Pick<FindingsPanelProps, 'studyId' | 'numberOf'>): ReactNode {
  const t = useText();
  const { model, method, attacking, attacked } = useFindings();
  const image = useActiveImage((state) => (state.image?.studyId === studyId ? state.image : null));
  const isReady = image !== null && numberOf(image.objectId, image.frame) !== null && model !== '';
  return (
    <details className="findings-attack">
      <summary>{t('findings.attack')}</summary>
      <p className="quiet">{t('findings.attack.lead')}</p>
      <Choice
        label={t('findings.attack.method')}
        value={method}
        options={METHODS.map((one) => [one, t(`findings.attack.${one}`)] as const)}
        onChoose={(one) => useFindings.setState({ method: one })}
      />
      <Epsilon />
      <div className="findings-buttons">
        <Button
          disabled={!isReady || attacking !== null}
          title={image?.label}
          onClick={() => image !== null && void attackModel(image)}
          data-attack-model={model}
        >
          <Swords size={16} aria-hidden="true" />
          {t('findings.attack.run')}
        </Button>
        {attacking !== null && <Button onClick={() => cancelJob(attacking)}>{t('findings.cancel')}</Button>}
      </div>
      {attacking !== null && (
        <p className="quiet" aria-live="polite">
          {t('findings.attack.running')}
        </p>
      )}
      {attacked !== null && attacked.place.studyId === studyId && (
        <AttackResult attacked={attacked} number={numberOf(attacked.place.objectId, attacked.place.frame)} />
      )}
    </details>
  );
}
