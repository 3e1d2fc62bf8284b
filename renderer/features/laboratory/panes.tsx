import { type ReactNode, useState } from 'react';
import type { LabPicture } from '../../../core/contract/laboratory.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Status } from '../../ui/status.tsx';
import { type LabSystem, type Outcome, useLab } from './lab-store.ts';
import { FITTED, PicturePane } from './picture-view.tsx';
import { type DrawnRange, difference, type Pixel, samplesAt } from './pixels.ts';

interface Shown {
  readonly name: string;
  readonly title: string;
  readonly picture: LabPicture | null;
  readonly range?: DrawnRange | null;
  readonly empty?: string;
  readonly remark?: ReactNode;
}

/** Decrypted, or how it differs from the original. */
function decryptedPane(
  original: LabPicture | null,
  recovered: LabPicture | null,
  showsDifference: boolean,
  titles: { readonly decrypted: string; difference(factor: number): string },
): Shown {
  const found = showsDifference && original !== null && recovered !== null ? difference(original, recovered) : null;
  if (found === null) return { name: 'decrypted', title: titles.decrypted, picture: recovered };
  return { name: 'difference', title: titles.difference(found.factor), picture: found.picture };
}

function useShown(system: LabSystem, showsDifference: boolean): Shown[] {
  const t = useText();
  const { picture, run, attacked, compared } = useLab();
  const titles = {
    decrypted: t('lab.pane.decrypted'),
    difference: (factor: number) => t('lab.pane.difference', { factor }),
  };
  if (compared !== null) return comparedPanes(compared, showsDifference, t);
  const original = run?.original ?? picture?.original ?? null;
  const range = original?.bits === picture?.original.bits ? (picture?.window ?? null) : null;
  const outcome = attacked?.report.attacks[0];
  const isAfterNone = attacked !== null && attacked.bare === null;
  return [
    { name: 'original', title: t('lab.pane.original'), picture: original, range },
    {
      name: 'encrypted',
      title: t(system.keyed === false ? 'lab.pane.features' : 'lab.pane.encrypted'),
      picture: run?.cipher ?? null,
    },
    { ...decryptedPane(original, run?.recovered ?? null, showsDifference, titles), range },
    {
      name: 'attacked',
      title: t('lab.pane.attacked'),
      picture: attacked?.bare ?? null,
      ...(isAfterNone ? { empty: t('lab.pane.noPicture') } : {}),
      ...(outcome === undefined
        ? {}
        : {
            remark: (
              <Status kind={outcome.bare.succeeded ? 'danger' : 'ok'}>
                {t(outcome.bare.succeeded ? 'lab.broken' : 'lab.holds')}
              </Status>
            ),
          }),
    },
  ];
}

function comparedPanes(
  { report, original, made }: Outcome<'compare'>,
  showsDifference: boolean,
  t: ReturnType<typeof useText>,
): Shown[] {
  const panes = made.flatMap(({ cipher, recovered }, i): Shown[] => {
    const system = report.systems[i]?.run.system ?? '';
    const titles = {
      decrypted: t('lab.pane.decryptedBy', { system }),
      difference: () => t('lab.pane.differenceBy', { system }),
    };
    const back = decryptedPane(original, recovered, showsDifference, titles);
    return [
      { name: `encrypted-${system}`, title: t('lab.pane.encryptedBy', { system }), picture: cipher },
      { ...back, name: `${back.name}-${system}` },
    ];
  });
  return [{ name: 'original', title: t('lab.pane.original'), picture: original }, ...panes];
}

/** What every picture has at one pixel, in stored values; where nothing is pointed at, how the pictures are moved. */
function PixelValues({ pixel, shown }: { readonly pixel: Pixel | null; readonly shown: readonly Shown[] }) {
  const t = useText();
  if (pixel === null) return <span className="quiet">{t('lab.pane.zoom')}</span>;
  const values = shown.flatMap(({ title, picture }) => {
    const samples = picture === null ? [] : samplesAt(picture, pixel);
    return samples.length === 0 ? [] : [`${title} ${samples.join(' / ')}`];
  });
  return (
    <span className="lab-pixel" data-pixel={`${pixel.x},${pixel.y}`}>
      {t('lab.pane.pixel', { x: pixel.x, y: pixel.y, values: values.join(', ') })}
    </span>
  );
}

/** The pictures beside each other, zoomed and moved as one. */
export function Panes({ system }: { readonly system: LabSystem }) {
  const t = useText();
  const [look, setLook] = useState(FITTED);
  const [showsDifference, setDifference] = useState(false);
  const [pixel, setPixel] = useState<Pixel | null>(null);
  const shown = useShown(system, showsDifference);
  return (
    <section className="lab-panes">
      <div className="lab-pane-row" data-panes={shown.length}>
        {shown.map((one) => (
          <PicturePane
            key={one.name}
            empty={t('lab.pane.none')}
            {...one}
            look={look}
            onLook={setLook}
            onPixel={setPixel}
          />
        ))}
      </div>
      <div className="lab-pane-bar">
        <Button look="plain" aria-pressed={showsDifference} onClick={() => setDifference(!showsDifference)}>
          {t('lab.showDifference')}
        </Button>
        <Button look="plain" onClick={() => setLook(FITTED)} disabled={look === FITTED}>
          {t('lab.fit')}
        </Button>
        <PixelValues pixel={pixel} shown={shown} />
      </div>
    </section>
  );
}
