import { fileURLToPath } from 'node:url';
import { MessageChannelMain, type MessagePortMain, session, WebContentsView } from 'electron';
import { COMPUTE_CHANNEL } from '../names.ts';
import { COMPUTE_SCHEME, createComputeProtocol } from '../protocols/app.ts';
import { guardCompute, PAGE_PREFERENCES } from './guards.ts';
import { withoutCoreDump } from './launch.ts';

const ORIGIN = `${COMPUTE_SCHEME}://window`;

/** In memory only, and shared with no page that a person sees. */
const PARTITION = 'vitrine-compute';

let served = false;

/** The session that serves the compute window's files; prepared when the first one is wanted. */
function prepare(): void {
  if (served) return;
  served = true;
  const pages = session.fromPartition(PARTITION, { cache: false });
  guardCompute(pages, ORIGIN);
  const answer = createComputeProtocol(fileURLToPath(new URL('../compute/', import.meta.url)));
  pages.protocol.registerBufferProtocol(COMPUTE_SCHEME, (request, respond) => respond(answer(request)));
}

/**
 * The compute window: a sandboxed page that is never shown, with WebGPU, one port to the engine process, and nothing else: no
 * Node, no bridge, no network, no key. It is a page without a frame, so that no window of the workstation has to be told from it.
 */
export class ComputeWindow {
  readonly #view: WebContentsView;

  constructor() {
    prepare();
    this.#view = new WebContentsView({
      webPreferences: {
        preload: fileURLToPath(new URL('../preload/compute-preload.cjs', import.meta.url)),
        partition: PARTITION,
        ...PAGE_PREFERENCES,
        webgl: false,
        backgroundThrottling: false,
      },
    });
  }

  /** Loads the page. @returns the engine's end of its port, or null where the page doesn't load */
  async open(): Promise<MessagePortMain | null> {
    const { webContents } = this.#view;
    try {
      await webContents.loadURL(`${ORIGIN}/index.html`);
    } catch {
      return null;
    }
    if (webContents.isDestroyed()) return null;
    withoutCoreDump(webContents.getOSProcessId());
    const { port1, port2 } = new MessageChannelMain();
    webContents.postMessage(COMPUTE_CHANNEL, null, [port1]);
    return port2;
  }

  /** Ends its process at once, with every picture in it; a page that computes would not hear a request to close. */
  end(): void {
    const { webContents } = this.#view;
    if (webContents.isDestroyed()) return;
    if (!webContents.isCrashed()) webContents.forcefullyCrashRenderer();
    webContents.close();
  }
}
