import { eventTarget } from '@cornerstonejs/core';
import { cancelActiveManipulations, Enums, annotation as library, type Types, utilities } from '@cornerstonejs/tools';
import type { Annotation } from '../../core/annotate/annotation.ts';
import { fromAnnotation, pixelsOf, type ToolState, toAnnotation } from './annotation-map.ts';
import { Emitter } from './emitter.ts';
import { gridOf } from './image-loader.ts';
import type { Pixel } from './measure.ts';
import type { StackView } from './stack-view.ts';
import type { StudyReader } from './study-reader.ts';
import { viewIdsInTools } from './tools.ts';

/** Finds the image that a mark belongs to; null when this study doesn't hold it. */
export type ImageFinder = (annotation: Annotation) => string | null;

const SELECTED_UNDER_POINTER = { colorHighlighted: '#ffffff' };

interface MarkNews {
  readonly annotation: Annotation;
  readonly imageId: string;
}

/**
 * The marks on screen of one open study. Cornerstone's tools draw and drag them; what comes out is our own record, at
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
  #cancelling = false;

  constructor(reader: StudyReader, find: ImageFinder) {
    this.#reader = reader;
    this.#find = find;
    const { Events } = Enums;
    eventTarget.addEventListener(Events.ANNOTATION_COMPLETED, this.#onCompleted);
    eventTarget.addEventListener(Events.ANNOTATION_MODIFIED, this.#onModified);
    eventTarget.addEventListener(Events.ANNOTATION_SELECTION_CHANGE, this.#onSelection);
    window.addEventListener('mouseup', this.#onRelease);
  }

  /** Stops listening and takes every mark off the screen. */
  close(): void {
    const { Events } = Enums;
    eventTarget.removeEventListener(Events.ANNOTATION_COMPLETED, this.#onCompleted);
    eventTarget.removeEventListener(Events.ANNOTATION_MODIFIED, this.#onModified);
    eventTarget.removeEventListener(Events.ANNOTATION_SELECTION_CHANGE, this.#onSelection);
    window.removeEventListener('mouseup', this.#onRelease);
    library.state.removeAllAnnotations();
  }

  #convert(state: ToolState): MarkNews | null {
    const imageId = state.metadata.referencedImageId;
    if (imageId === undefined || state.annotationUID === undefined) return null;
    const facts = this.#reader.facts(imageId);
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
    if (uid === undefined || this.#known.has(uid)) return;
    const news = this.#convert(state);
    if (this.#cancelling || news === null) {
      library.state.removeAnnotation(uid);
      return;
    }
    this.#known.add(uid);
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
    for (const uid of removed) library.config.style.setAnnotationStyles(uid, {});
    for (const uid of selection) library.config.style.setAnnotationStyles(uid, SELECTED_UNDER_POINTER);
    this.selected.emit(selection.at(-1) ?? null);
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

  /** Image that a mark lies on, or null when the study doesn't hold it. */
  imageIdOf(annotation: Annotation): string | null {
    return this.#find(annotation);
  }

  /** Draws a mark, or redraws it as it is now. Key images and marks of other studies aren't drawn. */
  put(annotation: Annotation): void {
    const imageId = this.imageIdOf(annotation);
    const facts = imageId === null ? null : this.#reader.facts(imageId);
    if (imageId === null || facts === null) return;
    const state = fromAnnotation(annotation, imageId, facts);
    if (state === null) return;
    const wasSelected = library.selection.isAnnotationSelected(annotation.uid);
    this.#forget(annotation.uid);
    this.#known.add(annotation.uid);
    this.#createdAt.set(annotation.uid, annotation.createdAt);
    library.state.addAnnotation(state as unknown as Types.Annotation, state.metadata.FrameOfReferenceUID);
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
    const facts = imageId === null ? null : this.#reader.facts(imageId);
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
