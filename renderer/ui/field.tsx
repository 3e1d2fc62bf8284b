import { type ComponentProps, type ReactNode, useId } from 'react';

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string;
  /** Said below the field, and to screen readers when it changes. */
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
}

/** A labelled text field with a line for its hint or error. A field with hints keeps the line's height, so nothing jumps. */
export function Field({ label, hint, error, className, ...input }: FieldProps) {
  const id = useId();
  const isWrong = error !== undefined && error !== null && error !== '';
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={`input ${className ?? ''}`}
        aria-invalid={isWrong}
        aria-describedby={`${id}-hint`}
        spellCheck={false}
      />
      <div
        id={`${id}-hint`}
        className={isWrong ? 'field-hint field-error' : 'field-hint'}
        hidden={!isWrong && hint === undefined}
        aria-live="polite"
      >
        {isWrong ? error : hint}
      </div>
    </div>
  );
}

interface LongFieldProps extends Omit<ComponentProps<'textarea'>, 'id'> {
  readonly label: string;
  readonly hint: string;
}

/** A labelled field of several lines, for codes that are typed or pasted. */
export function LongField({ label, hint, className, ...input }: LongFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <textarea
        {...input}
        id={id}
        className={`input input-long mono ${className ?? ''}`}
        aria-describedby={`${id}-hint`}
        spellCheck={false}
        autoComplete="off"
      />
      <div id={`${id}-hint`} className="field-hint">
        {hint}
      </div>
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, name: string])[];
  /** Said below the list. */
  readonly hint?: string;
  readonly onChoose: (value: Value) => void;
}

/** A native select: the system draws its list, so no style is injected and no key is lost. */
export function Choice<Value extends string>({ label, hideLabel, value, options, hint, onChoose }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <div className="field">
      <label className={hideLabel === true ? 'visually-hidden' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="select"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value as Value)}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <div id={`${id}-hint`} className="field-hint">
          {hint}
        </div>
      )}
    </div>
  );
}
