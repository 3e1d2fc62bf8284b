import '@fontsource-variable/inter';
import '@fontsource/ibm-plex-mono/latin-400.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/layers.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { receivePorts } from './bridge/vault-port.ts';
import { followImports } from './state/imports.ts';
import { followJobs } from './state/jobs.ts';
import { followSession } from './state/session.ts';
import { loadSettings } from './state/settings.ts';
import { answerOfStudies, followStudies } from './state/studies.ts';
import { TextProvider } from './text/text.ts';

/** Libraries that insert a style sheet (radix' scroll lock, by way of get-nonce) look for the policy's nonce here. */
function offerNonce(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  Object.assign(globalThis, { __webpack_nonce__: nonce });
}

/** Milliseconds for which the first picture waits for the list that belongs into it, once the vault is open. */
const FIRST_ANSWER_LIMIT = 60;

/** A vault that is open when the page begins answers in a few milliseconds: drawing once is quicker than drawing twice. */
async function firstStudies(): Promise<void> {
  const answer = answerOfStudies();
  if (answer === null) return;
  const limit = new Promise<void>((resolve) => setTimeout(resolve, FIRST_ANSWER_LIMIT));
  await Promise.race([answer, limit]);
}

async function start(): Promise<void> {
  offerNonce();
  receivePorts();
  followImports();
  followJobs();
  followStudies();
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  await Promise.all([loadSettings(), followSession()]);
  await firstStudies();
  createRoot(root).render(
    <StrictMode>
      <TextProvider>
        <App />
      </TextProvider>
    </StrictMode>,
  );
}

void start();
