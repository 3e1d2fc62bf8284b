import { useId, useState } from 'react';
import type { ParameterWords } from '../../text/registry-words.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { chooseValue, type LabSystem, useLab, valuesOf } from './lab-store.ts';
import { useRegistryText } from './registry-text.ts';

type Parameter = LabSystem['parameters'][number];

interface ValueProps {
  readonly parameter: Parameter;
  readonly value: string | number;
  readonly words: ParameterWords;
}

function ChoiceOf({ parameter: { name, choices }, value, words }: ValueProps) {
  const id = useId();
  return (
    <div className="lab-parameter">
      <label htmlFor={id} title={words.means}>
        {words.label}
      </label>
      <select
        id={id}
        className="select"
        data-parameter={name}
        value={value}
        title={words.means}
        onChange={(event) => chooseValue(name, event.currentTarget.value)}
      >
        {choices?.map((choice) => (
          <option key={choice} value={choice}>
            {words.choices?.[choice] ?? choice}
          </option>
        ))}
      </select>
    </div>
  );
}

function NumberOf({ parameter, value, words }: ValueProps) {
  const t = useText();
  const id = useId();
  const { name, fraction } = parameter;
  const [low, high] = [parameter.low ?? 0, parameter.high ?? 0];
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? String(value);
  const number = Number(shown);
  const fits = shown.trim() !== '' && number >= low && number <= high && (fraction || Number.isInteger(number));
  const take = (text: string): void => {
    const wanted = Number(text);
    const isFine = text.trim() !== '' && wanted >= low && wanted <= high && (fraction || Number.isInteger(wanted));
    setTyped(isFine ? null : text);
    if (isFine) chooseValue(name, wanted);
  };
  return (
    <div className="lab-parameter">
      <label htmlFor={id} title={words.means}>
        {words.label}
      </label>
      <input
        id={id}
        className="input"
        data-parameter={name}
        inputMode="decimal"
        value={shown}
        title={`${words.means}. ${t('lab.range', { low, high })}`}
        aria-invalid={!fits}
        aria-describedby={`${id}-hint`}
        onChange={(event) => take(event.currentTarget.value)}
        onBlur={() => setTyped(null)}
      />
      <span id={`${id}-hint`} className={fits ? 'quiet lab-hint' : 'field-error lab-hint'} aria-live="polite">
        {t(fits ? 'lab.range' : 'lab.outOfRange', { low, high })}
      </span>
    </div>
  );
}

/** Every setting of the system with its range, from the registry. */
export function ParameterForm({ system }: { readonly system: LabSystem }) {
  const t = useText();
  const registry = useRegistryText();
  const chosen = useLab((state) => state.chosen);
  const values = valuesOf(system, chosen);
  const isChanged = Object.keys(chosen[system.id] ?? {}).length > 0;
  return (
    <section className="lab-group" aria-label={t('lab.parameters')}>
      <div className="lab-head">
        <h3>{t('lab.parameters')}</h3>
        {isChanged && (
          <Button look="link" onClick={() => chooseValue(null)}>
            {t('lab.defaults')}
          </Button>
        )}
      </div>
      {system.parameters.length === 0 && <p className="quiet">{t('lab.noParameters')}</p>}
      <div className="lab-parameters">
        {system.parameters.map((parameter) => {
          const Value = parameter.choices === null ? NumberOf : ChoiceOf;
          return (
            <Value
              key={`${system.id}-${parameter.name}`}
              parameter={parameter}
              words={registry.parameter(system.id, parameter)}
              value={values[parameter.name] ?? parameter.default}
            />
          );
        })}
      </div>
    </section>
  );
}
