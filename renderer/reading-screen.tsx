import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PORT_MESSAGE } from '../core/contract/port.ts';
import { call, codeOf } from './bridge/bridge.ts';
import { portClient } from './bridge/vault-port.ts';
import { commandsChanged, setCursorShown } from './commands/registry.ts';
import type { CommandId } from './commands/table.ts';
import { useCommands } from './commands/use-commands.ts';
import { clearEngine, startEngine } from './cornerstone/engine.ts';
import { MarkLayer } from './cornerstone/marks.ts';
import { closeReader, type FrameSource, openReader, type StudyReader } from './cornerstone/study-reader.ts';
import { annotateCommands } from './features/annotate/commands.ts';
import { KeyDrawing } from './features/annotate/key-drawing.ts';
import { MarkLabels } from './features/annotate/mark-labels.tsx';
import { type Journal, MarkStore } from './features/annotate/mark-store.ts';
import { MeasurementPanel } from './features/annotate/measurement-panel.tsx';
import { ReadingSession } from './features/viewer/session.ts';
import { openedStudy } from './features/viewer/study.ts';
import { ViewerScreen } from './features/viewer/viewer-screen.tsx';
import { setSaveState } from './state/status.ts';
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

/** An open study with its parts. */
interface Desk {
  readonly session: ReadingSession;
  readonly layer: MarkLayer;
  readonly marks: MarkStore;
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

async function openDesk(studyId: string): Promise<Desk> {
  startEngine();
  const [details, { handle }] = await Promise.all([
    call('studies.details', { studyId }),
    call('studies.open', { studyId }),
  ]);
  const reader = openReader(handle, source, true);
  const study = openedStudy(details, reader);
  const session = new ReadingSession(study);
  const layer = new MarkLayer(reader, study.findImage);
  const marks = new MarkStore(session, layer, journal);
  const keys = new KeyDrawing(session, layer, marks, setCursorShown);
  const [first] = study.series;
  // The first image's header comes with its frame; the rest of the series isn't waited for.
  void Promise.all(
    study.series.map(({ row }) => reader.loadHeaders(row.instances.map(({ objectId }) => objectId))),
  ).catch(() => undefined);
  if (first !== undefined) void marks.load();
  const stopFollowing = followPort(studyId, reader, () => marks.retry());
  return {
    session,
    layer,
    marks,
    keys,
    close() {
      stopFollowing();
      marks.close();
      layer.close();
      closeReader(reader);
      setCursorShown(false);
      void call('studies.close', { handle: reader.current }).catch(() => undefined);
    },
  };
}

type Opening = { readonly desk: Desk } | { readonly code: string } | null;

function useDesk(studyId: string): Opening {
  const [opening, setOpening] = useState<Opening>(null);
  useEffect(() => {
    let desk: Desk | null = null;
    let gone = false;
    openDesk(studyId).then(
      (opened) => {
        if (gone) return opened.close();
        desk = opened;
        setOpening({ desk: opened });
      },
      (error: unknown) => {
        if (!gone) setOpening({ code: codeOf(error) });
      },
    );
    return () => {
      gone = true;
      setOpening(null);
      desk?.close();
    };
  }, [studyId]);
  return opening;
}

/** Number of an image within its series, from 1; null when the study doesn't hold it. */
function imageNumberIn(session: ReadingSession): (imageId: string) => number | null {
  return (imageId) => {
    for (const { stack } of session.study.series) {
      const index = stack.imageIds.indexOf(imageId);
      if (index !== -1) return index + 1;
    }
    return null;
  };
}

/** Undo takes a reset of the view back first, because nothing was drawn since; then the marks. */
function undoCommands({ session, marks }: Desk): Partial<Record<CommandId, () => unknown>> {
  return {
    'mark.undo': () => session.undoReset() || marks.undo(),
    'mark.redo': () => marks.redo(),
  };
}

function useSaveState({ marks, session }: Desk): void {
  const save = useStore(marks.store, (state) => state.save);
  const count = useStore(marks.store, (state) => state.marks);
  useEffect(() => setSaveState(save), [save]);
  useEffect(() => {
    if (count.length > 0) session.forgetResets();
    commandsChanged();
  }, [count, session]);
  useEffect(() => () => setSaveState({ kind: 'saved', at: null }), []);
}

/** Choosing a tool begins something new: Enter then sets its first point, where a selected mark would take it for a handle. */
function useFreshTool({ session, marks }: Desk): void {
  useEffect(
    () =>
      session.store.subscribe((now, before) => {
        if (now.tool !== before.tool) void marks.select(null, false);
      }),
    [session, marks],
  );
}

function Reading({ desk }: { readonly desk: Desk }): ReactNode {
  const { session, layer, marks, keys } = desk;
  useCommands(annotateCommands({ reading: session, marks, layer, keys }));
  useCommands(undoCommands(desk));
  useSaveState(desk);
  useFreshTool(desk);
  const cancel = (): void => {
    const view = session.activeView();
    if (keys.cancel()) return;
    if (view !== null) layer.cancel(view);
    void marks.select(null, false);
  };
  return (
    <ViewerScreen
      session={session}
      onCancel={cancel}
      measurements={<MeasurementPanel marks={marks} layer={layer} imageNumber={imageNumberIn(session)} />}
      layer={(view) => <MarkLabels view={view} marks={marks} layer={layer} keys={keys} />}
    />
  );
}

function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus({ preventScroll: true });
}

/** Opens a study and reads it. */
export function ReadingScreen({ studyId, onClose }: ReadingScreenProps): ReactNode {
  const t = useText();
  const opening = useDesk(studyId);
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
  if ('code' in opening) {
    return (
      <div className="viewer-opening" data-command-scope="viewer">
        <ErrorNote code={opening.code} error={errorText(opening.code)} actions={back} />
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
