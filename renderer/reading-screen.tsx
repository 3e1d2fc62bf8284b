import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import type { StudyDetails } from '../core/contract/catalogue.ts';
import type { PORT_MESSAGE } from '../core/contract/port.ts';
import { call, codeOf, UiError } from './bridge/bridge.ts';
import { portClient } from './bridge/vault-port.ts';
import { commandsChanged, setCursorShown } from './commands/registry.ts';
import type { CommandId } from './commands/table.ts';
import { useCommands } from './commands/use-commands.ts';
import { clearEngine, startEngine } from './cornerstone/engine.ts';
import { MarkLayer } from './cornerstone/marks.ts';
import type { Reading as ReadingOf } from './cornerstone/reading.ts';
import { closeReader, type FrameSource, openReader, type StudyReader } from './cornerstone/study-reader.ts';
import { annotateCommands } from './features/annotate/commands.ts';
import { KeyDrawing } from './features/annotate/key-drawing.ts';
import { MarkLabels } from './features/annotate/mark-labels.tsx';
import { type MarkSet, MarkSets } from './features/annotate/mark-sets.ts';
import { type Journal, MarkStore } from './features/annotate/mark-store.ts';
import { measurementLines } from './features/annotate/mark-text.ts';
import { MeasurementPanel } from './features/annotate/measurement-panel.tsx';
import { ClassMapLayer } from './features/findings/class-map-layer.tsx';
import { FindingsPanel, useEngineItem } from './features/findings/findings-panel.tsx';
import { ReportPanel } from './features/report/report-panel.tsx';
import { type ReportJournal, ReportStore } from './features/report/report-store.ts';
import { BreakGlass } from './features/users/break-glass.tsx';
import { PriorDesk } from './features/viewer/prior-desk.ts';
import { studyDate } from './features/viewer/priors.ts';
import { ReadingSession } from './features/viewer/session.ts';
import { type OpenedStudy, openedStudy } from './features/viewer/study.ts';
import { ViewerScreen } from './features/viewer/viewer-screen.tsx';
import { type SaveState, setSaveState } from './state/status.ts';
import { onLock } from './state/stores.ts';
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

/** A reading screen's parts: the study that is read, and whatever priors were opened beside it. */
interface Desk {
  readonly session: ReadingSession;
  readonly priors: PriorDesk;
  readonly sets: MarkSets;
  readonly report: ReportStore;
  readonly keys: KeyDrawing;
  close(): void;
}

/** The image loader counts priorities upwards, the port downwards. */
const source: FrameSource = {
  frame: (handle, objectId, frame, priority) =>
    portClient.requestFrame(handle, objectId, frame, { priority: -priority }),
  headers: (handle, objectIds) => portClient.requestHeaders(handle, objectIds),
};

const journal: Journal = {
  load: (studyId) => call('annotations.load', { studyId }),
  append: (studyId, entries) => call('annotations.append', { studyId, entries }),
  codeOf,
};

const reports: ReportJournal = {
  load: (studyId) => call('annotations.load', { studyId }),
  append: (studyId, entries) => call('annotations.append', { studyId, entries }),
  codeOf,
};

/** The contract's constant; its type is the literal, so the two can't drift. */
const PORT: typeof PORT_MESSAGE = 'vitrine:vault-port';

/**
 * A vault process that died is replaced, and with it go the port and every handle. The study is opened again for what
 * waits, and strokes that could not be saved meanwhile are saved. Answers the function that stops it.
 */
function followPort(studyId: string, reader: StudyReader, reopened: () => void): () => void {
  const reopen = async (event: MessageEvent): Promise<void> => {
    if (event.source !== window || event.data !== PORT) return;
    try {
      const { handle } = await call('studies.open', { studyId });
      reader.reopen(handle);
      reopened();
    } catch (error) {
      reader.lost(error);
    }
  };
  const listener = (event: MessageEvent): void => void reopen(event);
  window.addEventListener('message', listener);
  return () => window.removeEventListener('message', listener);
}

/** A study that is open: its images, and what closes it. */
interface OpenPart {
  readonly study: OpenedStudy;
  close(): void;
}

/** @param broken handle of a study that breaking the glass has opened already */
async function openPart(details: StudyDetails, reopened: () => void, broken: string | null = null): Promise<OpenPart> {
  const { studyId } = details.study;
  const handle = broken ?? (await call('studies.open', { studyId })).handle;
  const reader = openReader(handle, source, true);
  const study = openedStudy(details, reader);
  // The first image's header comes with its frame; the rest of the series isn't waited for.
  void Promise.all(
    study.series.map(({ row }) => reader.loadHeaders(row.instances.map(({ objectId }) => objectId))),
  ).catch(() => undefined);
  const stopFollowing = followPort(studyId, reader, reopened);
  return {
    study,
    close() {
      stopFollowing();
      closeReader(reader);
      void call('studies.close', { handle: reader.current }).catch(() => undefined);
    },
  };
}

function markSet(reading: ReadingOf, study: OpenedStudy, prior: string | null): MarkSet {
  const layer = new MarkLayer(study.reader, study.findImage, prior === null ? 'study' : 'prior');
  const marks = new MarkStore(reading, layer, journal);
  if (study.series.length > 0) void marks.load();
  return { layer, marks, prior };
}

async function openDesk(studyId: string, broken: string | null): Promise<Desk> {
  startEngine();
  const parts: OpenPart[] = [];
  const details = await call('studies.details', { studyId });
  const report = new ReportStore(studyId, reports);
  const again = (): void => {
    sets.own.marks.retry();
    void report.flush();
  };
  const own = await openPart(details, again, broken);
  parts.push(own);
  const session = new ReadingSession(own.study);
  const sets = new MarkSets(session, markSet(session, own.study, null));
  const keys = new KeyDrawing(session, sets, setCursorShown);
  void report.load();
  let isClosed = false;
  const priors = new PriorDesk(session, {
    details: (other) => call('studies.details', { studyId: other }),
    open: async (other) => {
      const part = await openPart(other, () => sets.retry());
      parts.push(part);
      if (isClosed) part.close();
      else sets.add(markSet(session.readingOf(part.study), part.study, studyDate(other.study)));
      return part.study;
    },
  });
  return {
    session,
    priors,
    sets,
    report,
    keys,
    close() {
      isClosed = true;
      report.close();
      session.close();
      sets.close();
      for (const part of parts) part.close();
      setCursorShown(false);
    },
  };
}

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
    const tell = (): void => setSaveState(together([report.state.save, ...all.map(({ marks }) => marks.state.save)]));
    const stop = all.map(({ marks }) =>
      marks.store.subscribe((now, before) => {
        if (now.save !== before.save) tell();
        if (now.marks === before.marks) return;
        if (now.marks.length > 0) session.forgetResets();
        commandsChanged();
      }),
    );
    const stopReport = report.store.subscribe(tell);
    tell();
    return () => {
      stopReport();
      for (const end of stop) end();
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

function useSets(sets: MarkSets): readonly MarkSet[] {
  return useSyncExternalStore(
    (listener) => sets.added.on(listener),
    () => sets.all,
  );
}

function Reading({ desk }: { readonly desk: Desk }): ReactNode {
  const { session, priors, sets, report, keys } = desk;
  const t = useText();
  const all = useSets(sets);
  useCommands(annotateCommands({ reading: session, sets, keys }));
  useCommands(undoCommands(desk));
  useSaveState(desk);
  useFreshTool(desk);
  useEngineItem();
  const cancel = (): void => {
    const view = session.activeView();
    if (keys.cancel()) return;
    if (view !== null) sets.active().layer.cancel(view);
    sets.deselect();
  };
  return (
    <ViewerScreen
      session={session}
      desk={priors}
      onCancel={cancel}
      panels={{
        measurements: <MeasurementPanel sets={all} imageNumber={imageNumberIn(session)} />,
        findings: (
          <FindingsPanel
            studyId={session.studyId}
            numberOf={(objectId, frame) => {
              const imageId = imageOf(session, objectId, frame);
              return imageId === null ? null : imageNumberIn(session)(imageId);
            }}
            onShow={(objectId, frame) => {
              const imageId = imageOf(session, objectId, frame);
              if (imageId !== null) void session.showImage(imageId);
            }}
          />
        ),
        report: (
          <ReportPanel report={report} measurements={() => measurementLines(sets.own, imageNumberIn(session), t)} />
        ),
      }}
      layer={(view) => (
        <>
          <ClassMapLayer view={view} />
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
        {code === 'policy/not-met' && <BreakGlass studyId={studyId} onOpen={setBroken} />}
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
