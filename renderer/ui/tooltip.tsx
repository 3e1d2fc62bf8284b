import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** A tip under a control. It repeats what the control's accessible name says, with its key beside it. */
export function Tooltip({ tip, children }: { readonly tip: ReactNode; readonly children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {tip}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Around everything that has tips. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={500} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}
