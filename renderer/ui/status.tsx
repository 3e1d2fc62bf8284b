import { CircleAlert, CircleCheck, LoaderCircle, Lock, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const GLYPHS = {
  sealed: Lock,
  ok: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
  busy: LoaderCircle,
} as const;
const TONES = { sealed: 'neutral', ok: 'ok', warning: 'warning', danger: 'danger', busy: 'neutral' } as const;

/** A state: glyph and word, never colour alone. Sealed is the normal case, hence neutral. */
export function Status({ kind, children }: { readonly kind: keyof typeof GLYPHS; readonly children: ReactNode }) {
  const Glyph = GLYPHS[kind];
  return (
    <span className={`status status-${TONES[kind]}`}>
      <Glyph size={14} aria-hidden="true" />
      {children}
    </span>
  );
}
