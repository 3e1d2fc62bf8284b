import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';

/**
 * `vitrine://app/…`: the application's own files and nothing else. No patient byte ever has an address.
 */
export const APP_SCHEME = 'vitrine';
const APP_HOST = 'app';

/** `vitrine-compute://window/…`: the files of the compute window, an origin that main answers nothing. */
export const COMPUTE_SCHEME = 'vitrine-compute';
const COMPUTE_HOST = 'window';

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/**
 * The policy of every page. `wasm-unsafe-eval` compiles the codecs' WebAssembly and evaluates no text; `data:` is for the
 * few icons that style sheets embed. Styles of libraries that insert a `<style>` carry the page's nonce.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The compute window runs its own script and connects to nothing. */
const COMPUTE_POLICY =
  "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function headers(type: string, policy: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  };
}

/** An origin whose files lie in a folder, and the policy of its pages. */
interface Origin {
  readonly scheme: string;
  readonly host: string;
  readonly policy: (nonce: string) => string;
}

const APP: Origin = { scheme: APP_SCHEME, host: APP_HOST, policy: contentSecurityPolicy };
const COMPUTE: Origin = { scheme: COMPUTE_SCHEME, host: COMPUTE_HOST, policy: () => COMPUTE_POLICY };

/**
 * The file below `root` that an address names, or null when it names none: another host, a way out of the folder, a type
 * that the app doesn't have. `/` is the page.
 */
export function resolveAsset(root: string, address: string, origin: Origin = APP): string | null {
  let path: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${origin.scheme}:` || url.host !== origin.host) return null;
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = normalize(join(root, path === '/' ? 'index.html' : path));
  const inside = file.startsWith(root.endsWith(sep) ? root : root + sep);
  return inside && extname(file) in MIME ? file : null;
}

/** A page with the nonce of its policy in `<meta name="csp-nonce" content="">`, for libraries that insert styles. */
function withNonce(page: Buffer, nonce: string): Buffer {
  const text = page.toString('utf8').replace('name="csp-nonce" content=""', `name="csp-nonce" content="${nonce}"`);
  return Buffer.from(text, 'utf8');
}

/** An answer as Electron's buffer protocol takes it. */
export interface AppAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly data: Buffer;
}

type FileProtocol = (request: { method: string; url: string }) => AppAnswer;

/**
 * Answers requests for the application's files. Reads at once and not by way of the thread pool: the page waits for each
 * of these files, and main comes back to a pool's answer only between the other things that a start does.
 */
export function createAppProtocol(root: string): FileProtocol {
  return protocolOf(root, APP);
}

/** The same for the files of the compute window. */
export function createComputeProtocol(root: string): FileProtocol {
  return protocolOf(root, COMPUTE);
}

function protocolOf(root: string, origin: Origin): FileProtocol {
  return ({ method, url }) => {
    const nonce = randomBytes(16).toString('base64');
    const policy = origin.policy(nonce);
    const refuse = (statusCode: number): AppAnswer => ({
      statusCode,
      headers: headers('text/plain', policy),
      data: Buffer.alloc(0),
    });
    if (method !== 'GET') return refuse(405);
    const file = resolveAsset(root, url, origin);
    if (file === null) return refuse(404);
    try {
      const bytes = readFileSync(file);
      const type = MIME[extname(file)] ?? 'application/octet-stream';
      const data = extname(file) === '.html' ? withNonce(bytes, nonce) : bytes;
      return { statusCode: 200, headers: headers(type, policy), data };
    } catch {
      return refuse(404);
    }
  };
}
