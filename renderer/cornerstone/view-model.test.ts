import { describe, expect, it } from 'vitest';
import { ViewModel } from './view-model.ts';

const stack = (series: string, count: number) => ({
  seriesUid: series,
  imageIds: Array.from({ length: count }, (_, place) => `${series}/${place}`),
});
const ct = stack('ct', 148);
const mr = stack('mr', 20);

function opened(): ViewModel {
  const model = new ViewModel();
  model.ask(ct, 59);
  model.begin(true);
  model.change({ window: { center: 40, width: 400, name: '' } });
  model.painted('ct/59', 1.2);
  return model;
}

describe('what a viewport says that it shows', () => {
  it('is nothing before the first painting', () => {
    const model = new ViewModel();
    model.ask(ct, 0);
    expect(model.shown).toMatchObject({ stack: null, opening: true, window: null });
    model.begin(true);
    expect(model.shown.stack).toBeNull();
    model.painted('ct/0', 1);
    expect(model.shown).toMatchObject({ stack: ct, index: 0, opening: false });
  });

  it('stays the painted slice while another one is asked for, loads, and even while the old one is painted again', () => {
    const model = opened();
    model.ask(ct, 60);
    expect(model.shown).toMatchObject({ index: 59, target: 60 });
    model.begin(false);
    expect(model.shown.index).toBe(59);
    model.painted('ct/59', 1.2);
    expect(model.shown.index).toBe(59);
    model.painted('ct/60', 1.2);
    expect(model.shown).toMatchObject({ index: 60, target: 60 });
  });

  it('names the slice that came, when it is not the one asked for last', () => {
    const model = opened();
    model.ask(ct, 60);
    model.begin(false);
    model.ask(ct, 90);
    model.painted('ct/60', 1.2);
    expect(model.shown).toMatchObject({ index: 60, target: 90 });
  });

  it('keeps the old series until the new one is painted', () => {
    const model = opened();
    model.ask(mr, 3);
    expect(model.shown).toMatchObject({ stack: ct, index: 59 });
    expect(model.begin(false)).toBe(true);
    model.painted('ct/59', 2);
    expect(model.shown).toMatchObject({ stack: ct, index: 59, zoom: 1.2, window: { width: 400 } });
    model.painted('mr/3', 2);
    expect(model.shown).toMatchObject({ stack: mr, index: 3, zoom: 2, window: null });
  });

  it('has the window of the painting, not of the command', () => {
    const model = opened();
    model.change({ window: { center: -600, width: 1500, name: '' }, rotation: 90 });
    expect(model.shown).toMatchObject({ window: { width: 400 }, rotation: 0 });
    model.painted('ct/59', 1.2);
    expect(model.shown).toMatchObject({ window: { width: 1500 }, rotation: 90 });
  });

  it('names the slice that failed, and no late painting takes that away', () => {
    const model = opened();
    model.ask(ct, 60);
    model.fail('seal/altered');
    expect(model.shown).toMatchObject({ index: 60, error: 'seal/altered' });
    expect(model.painted('ct/59', 1.2)).toBe(false);
    expect(model.shown).toMatchObject({ index: 60, error: 'seal/altered' });
    model.ask(ct, 59);
    expect(model.begin(false)).toBe(false);
    model.painted('ct/59', 1.2);
    expect(model.shown).toMatchObject({ index: 59, error: null, window: { width: 400 } });
  });

  it('opens a series anew after another one failed in its viewport', () => {
    const model = opened();
    model.ask(mr, 0);
    model.fail('image/undecodable');
    expect(model.shown).toMatchObject({ stack: mr, error: 'image/undecodable', window: null });
    model.ask(ct, 59);
    expect(model.begin(false)).toBe(true);
  });
});
