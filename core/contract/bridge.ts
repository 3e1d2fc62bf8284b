import type { Answer, EventName, EventPayload, OperationName, Request, Response } from './operations.ts';

/**
 * What the preload puts on `window.vitrine`: the contract's operations, the events, and dropped files. Nothing else.
 */
export interface Bridge {
  call<Name extends OperationName>(name: Name, request: Request<Name>): Promise<Answer<Response<Name>>>;
  /** Answers the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** Turns dropped files into a source handle for `import.start`. `files` is the page's array of File objects. */
  registerDrop(files: readonly unknown[]): Promise<Answer<{ source: string }>>;
}
