import { eventTarget } from '@cornerstonejs/core';
import { cancelActiveManipulations, Enums, annotation as library, type Types, utilities } from '@cornerstonejs/tools';
import type { Annotation } from '../../core/annotate/annotation.ts';
import { fromAnnotation, pixelsOf, type ToolState, toAnnotation } from './annotation-map.ts';
import { Emitter } from './emitter.ts';
import { factsAt } from './facts-at.ts';
import { isFrameId, parseImageId } from './image-id.ts';
import { gridOf } from './image-loader.ts';
import type { Pixel } from './measure.ts';
import { imageOnPlanes, takesMarks } from './reformat/mark-place.ts';
import type { StackView } from './stack-view.ts';
import type { StudyReader } from './study-reader.ts';
import { viewIdsInTools } from './tools.ts';

/** Finds the image that something belongs to; null when this study doesn't hold it. */
export type ImageFinder = (place: Pick<Annotation, 'objectId' | 'frame'>) => string | null;

const SELECTED_UNDER_POINTER = { colorHighlighted: '#ffffff' };

/** Lines of marks on a prior: dotted, in a colour of their own (ui.md section 5). */
const PRIOR_STYLE = {
  color: '#ff9d8a',
  colorHighlighted: '#ff9d8a',
  colorLocked: '#ff9d8a',
  lineDash: '2,4',
  lineDashHighlighted: '2,4',
  lineDashSelected: '2,4',
};

interface MarkNews {
  readonly annotation: Annotation;
  readonly imageId: string;
}

/** Whose marks a layer holds: those of the study that is read, or those of a prior beside it. */
export type MarkOwner = 'study' | 'prior';

/**
 * The marks on screen of one open study. Several studies may be on screen: each layer takes the marks on its own images. Cornerstone's tools draw and drag them; what comes out is our own record, at
 * the moment when the pointer is released. Nothing here is durable: the store that listens is.
 */
export class MarkLayer {
  /** A new mark is finished. */
  readonly drawn = new Emitter<MarkNews>();
  /** An existing mark was moved or reshaped and released. */
  readonly edited = new Emitter<MarkNews>();
  /** A mark is being drawn or dragged: for texts that follow it. */
  readonly live = new Emitter<MarkNews>();
  /** The selected mark, or null. */
  readonly selected = new Emitter<string | null>();
  readonly #reader: StudyReader;
  readonly #find: ImageFinder;
  readonly #createdAt = new Map<string, string>();
  readonly #known = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #style: Readonly<Record<string, string>>;
  #selection: string | null = null;
  #cancelling = false;

  constructor(reader: StudyReader, find: ImageFinder, owner: MarkOwner) {
    this.#reader = reader;
    this.#find = find;
    this.#style = owner === 'prior' ? PRIOR_STYLE : {};
    const { Events } = Enums;
    eventTarget.addEventListener(Events.ANNOTATION_COMPLETED, this.#onCompleted);
    eventTarget.addEventListener(Events.ANNOTATION_MODIFIED, this.#onModified);
    eventTarget.addEventListener(Events.ANNOTATION_SELECTION_CHANGE, this.#onSelection);
    window.addEventListener('mouseup', this.#onRelease);
  }

  /** Stops listening and takes its marks off the screen. */
  close(): void {
    const { Events } = Enums;
    eventTarget.removeEventListener(Events.ANNOTATION_COMPLETED, this.#onCompleted);
    eventTarget.removeEventListener(Events.ANNOTATION_MODIFIED, this.#onModified);
    eventTarget.removeEventListener(Events.ANNOTATION_SELECTION_CHANGE, this.#onSelection);
    window.removeEventListener('mouseup', this.#onRelease);
    for (const uid of [...this.#known]) this.#forget(uid);
  }

  /** Whether an image is one of this layer's study, or a plane that was made of some of them. */
  owns(imageId: string): boolean {
    const { handle } = this.#reader;
    return isFrameId(imageId) ? parseImageId(imageId).handle === handle : takesMarks(imageId, handle);
  }

  /** The line of a mark as it is drawn while it isn't selected. */
  #dress(uid: string): void {
    library.config.style.setAnnotationStyles(uid, this.#style);
  }

  #convert(state: ToolState): MarkNews | null {
    const imageId = state.metadata.referencedImageId;
    if (imageId === undefined || !this.owns(imageId) || state.annotationUID === undefined) return null;
    const facts = factsAt(imageId);
    if (facts === null) return null;
    const now = new Date().toISOString();
    const createdAt = this.#createdAt.get(state.annotationUID) ?? now;
    this.#createdAt.set(state.annotationUID, createdAt);
    const annotation = toAnnotation(state, imageId, facts, gridOf(imageId), { createdAt, now });
    return annotation === null ? null : { annotation, imageId };
  }

  readonly #onCompleted = (event: Event): void => {
    const state = (event as Types.EventTypes.AnnotationCompletedEventType).detail.annotation as ToolState;
    const uid = state.annotationUID;
    if (uid === undefined || this.#known.has(uid) || !this.owns(state.metadata.referencedImageId ?? '')) return;
    const news = this.#convert(state);
    if (this.#cancelling || news === null) {
      library.state.removeAnnotation(uid);
      return;
    }
    this.#known.add(uid);
    this.#dress(uid);
    library.selection.setAnnotationSelected(uid, true);
    this.drawn.emit(news);
  };

  readonly #onModified = (event: Event): void => {
    const { annotation, changeType } = (event as Types.EventTypes.AnnotationModifiedEventType).detail;
    if (changeType === Enums.ChangeTypes.StatsUpdated) return;
    const news = this.#convert(annotation as ToolState);
    if (news === null) return;
    if (this.#known.has(news.annotation.uid)) this.#dirty.add(news.annotation.uid);
    this.live.emit(news);
  };

  readonly #onSelection = (event: Event): void => {
    const { selection, removed } = (event as Types.EventTypes.AnnotationSelectionChangeEventType).detail;
    // The library lets "under the pointer" go before "selected"; a selected mark stays white all the same.
    for (const uid of removed) if (this.#known.has(uid)) this.#dress(uid);
    const own = selection.filter((uid) => this.#known.has(uid));
    for (const uid of own) library.config.style.setAnnotationStyles(uid, { ...this.#style, ...SELECTED_UNDER_POINTER });
    const now = own.at(-1) ?? null;
    if (now !== this.#selection) this.selected.emit(now);
    this.#selection = now;
  };

  readonly #onRelease = (): void => {
    // The tools finish on the same release; their handlers are on the document and have run by now.
    for (const uid of [...this.#dirty]) {
      this.#dirty.delete(uid);
      const state = library.state.getAnnotation(uid) as ToolState | undefined;
      const news = state === undefined ? null : this.#convert(state);
      if (news !== null) this.edited.emit(news);
    }
  };

  /** Image that a mark is drawn on now: its slice, or the plane through it that is on screen. Null for none. */
  imageIdOf(annotation: Annotation): string | null {
    return imageOnPlanes(annotation, this.#reader.handle) ?? this.sliceOf(annotation);
  }

  /** The slice that a mark was drawn on; null for one on a plane across the slices, and when the study doesn't hold it. */
  sliceOf(annotation: Annotation): string | null {
    return annotation.reformat === undefined ? this.#find(annotation) : null;
  }

  /** Draws a mark, or redraws it as it is now. Key images and marks of other studies aren't drawn. */
  put(annotation: Annotation): void {
    const imageId = this.imageIdOf(annotation);
    const facts = imageId === null ? null : factsAt(imageId);
    if (imageId === null || facts === null) {
      this.#forget(annotation.uid);
      return;
    }
    const state = fromAnnotation(annotation, imageId, facts);
    if (state === null) return;
    const wasSelected = library.selection.isAnnotationSelected(annotation.uid);
    this.#forget(annotation.uid);
    this.#known.add(annotation.uid);
    this.#createdAt.set(annotation.uid, annotation.createdAt);
    library.state.addAnnotation(state as unknown as Types.Annotation, state.metadata.FrameOfReferenceUID);
    this.#dress(annotation.uid);
    if (wasSelected) library.selection.setAnnotationSelected(annotation.uid, true);
    this.redraw();
  }

  /** Takes a mark off the screen. */
  remove(uid: string): void {
    this.#forget(uid);
    this.redraw();
  }

  #forget(uid: string): void {
    this.#dirty.delete(uid);
    this.#known.delete(uid);
    if (library.state.getAnnotation(uid) === undefined) return;
    library.selection.setAnnotationSelected(uid, false);
    library.state.removeAnnotation(uid);
  }

  /** Selects one mark, or none. */
  select(uid: string | null): void {
    if (uid === null) library.selection.deselectAnnotation();
    else if (library.state.getAnnotation(uid) !== undefined) library.selection.setAnnotationSelected(uid, true);
    this.redraw();
  }

  /** Pixels of a mark on its image; empty when its header isn't loaded. */
  pixels(annotation: Annotation): Pixel[] {
    const imageId = this.imageIdOf(annotation);
    const facts = imageId === null ? null : factsAt(imageId);
    return facts === null ? [] : pixelsOf(annotation, facts);
  }

  /** Gives up what is being drawn in a view. True when there was something. */
  cancel(view: StackView): boolean {
    this.#cancelling = true;
    const uid = cancelActiveManipulations(view.element);
    this.#cancelling = false;
    if (uid === undefined) return false;
    const held = this.#known.has(uid);
    if (!held) library.state.removeAnnotation(uid);
    this.redraw();
    return true;
  }

  /** Draws the marks of every viewport anew. */
  redraw(): void {
    utilities.triggerAnnotationRenderForViewportIds(viewIdsInTools());
  }
}
