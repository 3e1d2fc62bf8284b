import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';

/**
 * `vitrine://app/…`: the application's own files and nothing else. No patient byte ever has an address.
 */
export const APP_SCHEME = 'vitrine';
const APP_HOST = 'app';

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

/**
 * The file below `root` that an address names, or null when it names none: another host, a way out of the folder, a type
 * that the app doesn't have. `/` is the page.
 */
export function resolveAsset(root: string, address: string): string | null {
  let path: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST) return null;
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

/**
 * Answers requests for the application's files. Reads at once and not by way of the thread pool: the page waits for each
 * of these files, and main comes back to a pool's answer only between the other things that a start does.
 */
export function createAppProtocol(root: string): (request: { method: string; url: string }) => AppAnswer {
  return ({ method, url }) => {
    const nonce = randomBytes(16).toString('base64');
    const policy = contentSecurityPolicy(nonce);
    const refuse = (statusCode: number): AppAnswer => ({
      statusCode,
      headers: headers('text/plain', policy),
      data: Buffer.alloc(0),
    });
    if (method !== 'GET') return refuse(405);
    const file = resolveAsset(root, url);
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
