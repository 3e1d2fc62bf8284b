import type { StudyDetails } from '../core/contract/catalogue.ts';
import type { PORT_MESSAGE } from '../core/contract/port.ts';
import { call, codeOf } from './bridge/bridge.ts';
import { portClient } from './bridge/vault-port.ts';
import { setCursorShown } from './commands/registry.ts';
import { startEngine } from './cornerstone/engine.ts';
import { MarkLayer } from './cornerstone/marks.ts';
import type { Reading as ReadingOf } from './cornerstone/reading.ts';
import { closeReader, type FrameSource, openReader, type StudyReader } from './cornerstone/study-reader.ts';
import { BrushStrokes } from './features/annotate/brush-strokes.ts';
import type { Journal } from './features/annotate/journal-queue.ts';
import { KeyDrawing } from './features/annotate/key-drawing.ts';
import { type MarkSet, MarkSets } from './features/annotate/mark-sets.ts';
import { MarkStore } from './features/annotate/mark-store.ts';
import { SegmentStore } from './features/annotate/segment-store.ts';
import { type ReportJournal, ReportStore } from './features/report/report-store.ts';
import { PriorDesk } from './features/viewer/prior-desk.ts';
import { studyDate } from './features/viewer/priors.ts';
import { ReadingSession } from './features/viewer/session.ts';
import { type OpenedStudy, openedStudy } from './features/viewer/study.ts';
import { refreshStudies } from './state/studies.ts';

/** A reading screen's parts: the study that is read, and whatever priors were opened beside it. */
export interface Desk {
  readonly session: ReadingSession;
  readonly priors: PriorDesk;
  readonly sets: MarkSets;
  readonly report: ReportStore;
  readonly keys: KeyDrawing;
  readonly brush: BrushStrokes;
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
      const closed = call('studies.close', { handle: reader.current }).catch(() => undefined);
      // With the handle goes what the glass was broken for: the list withholds the patient again.
      if (broken !== null) void closed.then(refreshStudies);
    },
  };
}

function markSet(reading: ReadingOf, study: OpenedStudy, prior: string | null): MarkSet {
  const layer = new MarkLayer(study.reader, study.findImage, prior === null ? 'study' : 'prior');
  const marks = new MarkStore(reading, layer, journal);
  const segments = new SegmentStore(reading, journal);
  marks.loaded.on((painted) => segments.open(painted));
  if (study.series.length > 0) void marks.load();
  return { layer, marks, segments, prior };
}

/** Opens a study for reading: its images, marks, report and priors. */
export async function openDesk(studyId: string, broken: string | null): Promise<Desk> {
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
  const brush = new BrushStrokes(session, sets);
  const keys = new KeyDrawing(session, sets, brush, setCursorShown);
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
    brush,
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
