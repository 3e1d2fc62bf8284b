import { Component, type ReactNode } from 'react';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { ErrorNote } from './note.tsx';

interface Props {
  readonly children: ReactNode;
  /** A new value lets the part try again. */
  readonly resetKey?: string;
}

/** Keeps a part of the window that fails from taking the rest along. What was thrown is not shown: it may name a patient. */
export class ErrorBoundary extends Component<Props, { failed: boolean; resetKey: string | undefined }> {
  override state = { failed: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    props: Props,
    state: { resetKey: string | undefined },
  ): { failed: boolean; resetKey: string | undefined } | null {
    return props.resetKey === state.resetKey ? null : { failed: false, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const error = { what: text('app.broken.what'), kept: text('app.broken.kept'), next: text('app.broken.next') };
    return (
      <div className="broken">
        <ErrorNote
          error={error}
          code="window/part-failed"
          actions={<Button onClick={() => this.setState({ failed: false })}>{text('app.tryAgain')}</Button>}
        />
      </div>
    );
  }
}
