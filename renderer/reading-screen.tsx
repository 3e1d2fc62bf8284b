import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { UiError } from './bridge/bridge.ts';
import { commandsChanged } from './commands/registry.ts';
import type { CommandId } from './commands/table.ts';
import { useCommands } from './commands/use-commands.ts';
import { clearEngine } from './cornerstone/engine.ts';
import { annotateCommands } from './features/annotate/commands.ts';
import { MarkLabels } from './features/annotate/mark-labels.tsx';
import type { MarkSet, MarkSets } from './features/annotate/mark-sets.ts';
import { measurementLines } from './features/annotate/mark-text.ts';
import { MeasurementPanel } from './features/annotate/measurement-panel.tsx';
import { SegmentLayer } from './features/annotate/segment-layer.tsx';
import { type Painting, usePaintingStatus } from './features/annotate/segment-panel.tsx';
import { ClassMapLayer } from './features/findings/class-map-layer.tsx';
import { FindingsPanel, useEngineItem } from './features/findings/findings-panel.tsx';
import { ReportPanel } from './features/report/report-panel.tsx';
import { BreakGlass } from './features/users/break-glass.tsx';
import { studyDate } from './features/viewer/priors.ts';
import type { ReadingState } from './features/viewer/reading-state.ts';
import type { ReadingSession } from './features/viewer/session.ts';
import { ViewerScreen } from './features/viewer/viewer-screen.tsx';
import { type Desk, openDesk } from './reading-desk.ts';
import { type SaveState, setSaveState } from './state/status.ts';
import { onLock } from './state/stores.ts';
import { refreshStudies } from './state/studies.ts';
import { retitleStudy } from './state/tabs.ts';
import { errorText } from './text/errors.ts';
import { useText } from './text/text.ts';
import { Button } from './ui/button.tsx';
import { ErrorNote, Note } from './ui/note.tsx';

/**
 * The reading screen: images and marks put together. Features don't import each other, so this file, which is neither,
 * opens the study and hands each of them what it needs of the other.
 */
interface ReadingScreenProps {
  readonly studyId: string;
  readonly onClose: () => void;
}

// Once, for good: decoded images must go at a lock even when the screen is just being taken down.
onLock(clearEngine);

type Opening = { readonly desk: Desk } | { readonly error: UiError } | null;

function useDesk(studyId: string, broken: string | null): Opening {
  const [opening, setOpening] = useState<Opening>(null);
  useEffect(() => {
    let desk: Desk | null = null;
    let gone = false;
    openDesk(studyId, broken).then(
      (opened) => {
        if (gone) return opened.close();
        desk = opened;
        setOpening({ desk: opened });
      },
      (error: unknown) => {
        if (!gone) setOpening({ error: error instanceof UiError ? error : new UiError('ipc/unexpected') });
      },
    );
    return () => {
      gone = true;
      setOpening(null);
      desk?.close();
    };
  }, [studyId, broken]);
  return opening;
}

/** Number of an image within its series, from 1; null when no open study holds it. */
function imageNumberIn(session: ReadingSession): (imageId: string) => number | null {
  return (imageId) => {
    for (const { stack } of session.state.series) {
      const index = stack.imageIds.indexOf(imageId);
      if (index !== -1) return index + 1;
    }
    return null;
  };
}

/** The image of an object's frame; null when no series of the open studies holds it. */
function imageOf(session: ReadingSession, objectId: string, frame: number): string | null {
  const end = `/${objectId}/${frame}`;
  for (const { stack } of session.state.series) {
    const found = stack.imageIds.find((imageId) => imageId.endsWith(end));
    if (found !== undefined) return found;
  }
  return null;
}

/** All images of the series that holds an image, in their order. */
function seriesOf(session: ReadingSession, objectId: string, frame: number): { objectId: string; frame: number }[] {
  const imageId = imageOf(session, objectId, frame);
  const own = session.state.series.find(({ stack }) => imageId !== null && stack.imageIds.includes(imageId));
  return (own?.stack.imageIds ?? []).map((id) => {
    const [object = '', number] = id.split('/').slice(-2);
    return { objectId: object, frame: Number(number) };
  });
}

/** Undo takes a reset of the view back first, because nothing was drawn since; then the marks. */
function undoCommands({ session, sets }: Desk): Partial<Record<CommandId, () => unknown>> {
  return {
    'mark.undo': () => session.undoReset() || sets.undo(),
    'mark.redo': () => sets.redo(),
  };
}

/** One word for all journals: what failed goes before what is on its way, and that before what is saved. */
function together(states: readonly SaveState[]): SaveState {
  const failed = states.find(({ kind }) => kind === 'failed');
  const saving = states.find(({ kind }) => kind === 'saving');
  if (failed !== undefined || saving !== undefined) return failed ?? saving ?? { kind: 'saving' };
  const times = states.flatMap((state) => (state.kind === 'saved' && state.at !== null ? [state.at] : []));
  return { kind: 'saved', at: times.sort().at(-1) ?? null };
}

function useSaveState({ sets, session, report }: Desk): void {
  const all = useSets(sets);
  useEffect(() => {
    const saves = (): SaveState[] => all.flatMap(({ marks, segments }) => [marks.state.save, segments.state.save]);
    const tell = (): void => setSaveState(together([report.state.save, ...saves()]));
    const stop = all.map(({ marks }) =>
      marks.store.subscribe((now, before) => {
        if (now.save !== before.save) tell();
        if (now.marks === before.marks) return;
        if (now.marks.length > 0) session.forgetResets();
        commandsChanged();
      }),
    );
    const stopSegments = all.map(({ segments }) =>
      segments.store.subscribe((now, before) => {
        if (now.save !== before.save) tell();
        if (now.segments !== before.segments && now.segments.length > 0) session.forgetResets();
      }),
    );
    const stopReport = report.store.subscribe(tell);
    tell();
    return () => {
      stopReport();
      for (const end of [...stop, ...stopSegments]) end();
    };
  }, [all, session, report]);
  useEffect(() => () => setSaveState({ kind: 'saved', at: null }), []);
}

/** Choosing a tool begins something new: Enter then sets its first point, where a selected mark would take it for a handle. */
function useFreshTool({ session, sets }: Desk): void {
  useEffect(
    () =>
      session.store.subscribe((now, before) => {
        if (now.tool === before.tool) return;
        sets.deselect();
        if (before.tool === 'crosshair') session.set({ crosshair: null });
      }),
    [session, sets],
  );
}

/** Whether segments are painted, and with what. */
function paintingOf({ segmenting, tool }: ReadingState): Painting {
  if (!segmenting) return null;
  return tool === 'brush' || tool === 'eraser' ? tool : 'other';
}

function useSets(sets: MarkSets): readonly MarkSet[] {
  return useSyncExternalStore(
    (listener) => sets.added.on(listener),
    () => sets.all,
  );
}

/** The findings panel with the images and the priors of what is read. */
function Findings({ desk: { session, priors } }: { readonly desk: Desk }): ReactNode {
  const rail = useStore(session.store, (state) => state.priors);
  return (
    <FindingsPanel
      studyId={session.studyId}
      numberOf={(objectId, frame) => {
        const imageId = imageOf(session, objectId, frame);
        return imageId === null ? null : imageNumberIn(session)(imageId);
      }}
      seriesOf={(objectId, frame) => seriesOf(session, objectId, frame)}
      onShow={(objectId, frame) => {
        const imageId = imageOf(session, objectId, frame);
        if (imageId !== null) void session.showImage(imageId);
      }}
      priors={rail.map(({ row, state }) => ({ studyId: row.studyId, date: studyDate(row), state }))}
      onOpenPrior={(studyId) => void priors.open(studyId)}
    />
  );
}

function Reading({ desk }: { readonly desk: Desk }): ReactNode {
  const { session, priors, sets, report, keys, brush } = desk;
  const t = useText();
  const all = useSets(sets);
  useCommands(annotateCommands({ reading: session, sets, keys, brush }));
  useCommands(undoCommands(desk));
  useSaveState(desk);
  useFreshTool(desk);
  useEngineItem();
  const painting = useStore(session.store, paintingOf);
  usePaintingStatus(brush, painting);
  const cancel = (): void => {
    const view = session.activeView();
    if (brush.cancel() || keys.cancel()) return;
    session.setSegmenting(false);
    if (view !== null) sets.active().layer.cancel(view);
    sets.deselect();
  };
  return (
    <ViewerScreen
      session={session}
      desk={priors}
      onCancel={cancel}
      panels={{
        measurements: (
          <MeasurementPanel sets={all} brush={brush} painting={painting} imageNumber={imageNumberIn(session)} />
        ),
        findings: <Findings desk={desk} />,
        report: (
          <ReportPanel report={report} measurements={() => measurementLines(sets.own, imageNumberIn(session), t)} />
        ),
      }}
      layer={(view) => (
        <>
          <ClassMapLayer view={view} />
          <SegmentLayer view={view} sets={sets} brush={brush} paints={painting === 'brush' || painting === 'eraser'} />
          <MarkLabels view={view} sets={sets} keys={keys} />
        </>
      )}
    />
  );
}

function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus({ preventScroll: true });
}

/** Opens a study and reads it. */
export function ReadingScreen({ studyId, onClose }: ReadingScreenProps): ReactNode {
  const t = useText();
  const [broken, setBroken] = useState<string | null>(null);
  const opening = useDesk(studyId, broken);
  const afterGlass = (handle: string): void => {
    setBroken(handle);
    void retitleStudy(studyId, t('tabs.study'));
    refreshStudies();
  };
  if (opening === null)
    return (
      <p className="viewer-opening quiet" data-command-scope="viewer">
        {t('viewer.opening')}
      </p>
    );
  // The keys of a study work here too, and the focus is not lost: the way back is one key.
  const back = (
    <Button ref={takeFocus} onClick={onClose}>
      {t('viewer.back')}
    </Button>
  );
  if ('error' in opening) {
    const { code, details } = opening.error;
    const actions = (
      <>
        {back}
        {code === 'policy/not-met' && <BreakGlass studyId={studyId} onOpen={afterGlass} />}
      </>
    );
    return (
      <div className="viewer-opening" data-command-scope="viewer">
        <ErrorNote code={code} error={errorText(code, details)} actions={actions} />
      </div>
    );
  }
  const { desk } = opening;
  if (desk.session.study.series.every(({ stack }) => stack.imageIds.length === 0)) {
    return (
      <div className="viewer-opening" data-command-scope="viewer">
        <Note tone="neutral" actions={back}>
          <p>{t('viewer.noImages')}</p>
        </Note>
      </div>
    );
  }
  return <Reading key={desk.session.study.reader.handle} desk={desk} />;
}
