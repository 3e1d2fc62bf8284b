import { useState } from 'react';
import { useText } from '../text/text.ts';
import { Button } from './button.tsx';

interface CopyButtonProps {
  readonly label: string;
  /** Asked at the click. */
  readonly text: () => string;
}

/** Puts text on the clipboard and says so. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return <Button onClick={copy}>{isCopied ? t('app.copied') : label}</Button>;
}
