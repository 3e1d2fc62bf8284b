import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useText } from '../text/text.ts';
import { Button } from './button.tsx';

/** The first control of the dialog's body gets the focus, or of its foot where the body has none, not the button that closes it. */
function focusFirst(event: Event): void {
  const dialog = event.currentTarget instanceof HTMLElement ? event.currentTarget : null;
  const first =
    dialog?.querySelector<HTMLElement>('.dialog-body :is(input, select, button:not([role=tab]))') ??
    dialog?.querySelector<HTMLElement>('.dialog-foot button');
  if (first == null) return;
  event.preventDefault();
  first.focus();
}

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  readonly wide?: boolean;
}

/** A dialog in the middle of the window: Escape and a click beside it close it, focus goes back where it was. */
export function Dialog({ title, onClose, children, foot, wide = false }: DialogProps) {
  const t = useText();
  // The library gives the focus back to the button that opened a dialog, and these have none: a key or a menu did.
  const [before] = useState(() => document.activeElement);
  const giveBack = (event: Event): void => {
    event.preventDefault();
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-shade" />
        <Radix.Content
          className={wide ? 'dialog dialog-wide' : 'dialog'}
          aria-describedby={undefined}
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={giveBack}
        >
          <div className="dialog-head">
            <Radix.Title asChild>
              <h2>{title}</h2>
            </Radix.Title>
            <Radix.Close asChild>
              <Button look="icon" aria-label={t('app.close')}>
                <X size={16} aria-hidden="true" />
              </Button>
            </Radix.Close>
          </div>
          <div className="dialog-body">{children}</div>
          {foot !== undefined && <div className="dialog-foot">{foot}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
