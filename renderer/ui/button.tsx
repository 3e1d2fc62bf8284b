import type { ComponentProps } from 'react';

interface ButtonProps extends ComponentProps<'button'> {
  /** `filled` once in a view. */
  readonly look?: 'outline' | 'filled' | 'plain' | 'danger' | 'link' | 'icon';
}

/** A button that doesn't submit unless it is told to. */
export function Button({ look = 'outline', className, type = 'button', ...rest }: ButtonProps) {
  const classes = ['button', look === 'outline' ? '' : `button-${look}`, className ?? ''].filter(Boolean).join(' ');
  return <button {...rest} type={type} className={classes} />;
}
