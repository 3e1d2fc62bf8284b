import { Lock } from 'lucide-react';

/** Whose window this is. */
export function Brand() {
  return (
    <div className="start-brand">
      <Lock size={16} aria-hidden="true" />
      Vitrine
    </div>
  );
}
