import { useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { CommandOutcome } from '../../components/command-outcome.tsx';
import { useCommand } from '../../lib/use-command.ts';
import styles from './target-form.module.css';

type Range = { readonly leastPct: number; readonly mostPct: number };

/** Both ends, or none; `undefined` = not a range. */
function rangeOf(least: string, most: string): Range | null | undefined {
  if (least.trim() === '' && most.trim() === '') return null;
  const [leastPct, mostPct] = [Number(least), Number(most)];
  const isRange = least.trim() !== '' && most.trim() !== '' && leastPct <= mostPct;
  return isRange ? { leastPct, mostPct } : undefined;
}

function Field({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        step="any"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </>
  );
}

/** Sets the range of a month's return that reports compare with: information, nothing trades by it (RSK-73). */
export function TargetForm({
  bookId,
  target,
  disabled,
}: {
  readonly bookId: string;
  readonly target: Range | null;
  readonly disabled: boolean;
}) {
  const { state, run } = useCommand('setTargetRange');
  const [least, setLeast] = useState(target === null ? '' : String(target.leastPct));
  const [most, setMost] = useState(target === null ? '' : String(target.mostPct));
  const range = rangeOf(least, most);
  return (
    <form
      className={styles['form']}
      aria-label="Range of a month's return"
      onSubmit={(event) => {
        event.preventDefault();
        if (range !== undefined) void run((commandId) => ({ commandId, bookId, target: range }));
      }}
    >
      <Field label="Compare months with, from %" value={least} onChange={setLeast} />
      <Field label="to %" value={most} onChange={setMost} />
      <Button
        small
        type="submit"
        disabled={disabled || range === undefined || state.kind === 'running'}
      >
        Set range
      </Button>
      <CommandOutcome state={state} />
    </form>
  );
}
