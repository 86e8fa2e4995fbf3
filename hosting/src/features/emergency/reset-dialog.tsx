import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { CommandOutcome } from '../../components/command-outcome.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import field from '../../components/field.module.css';
import { isReason, ReasonField } from '../../components/reason-field.tsx';
import { useCommand } from '../../lib/use-command.ts';

/** The way back, for an administrator: a reason and the word RESET (RSK-94). */
export function ResetDialog({
  bookId,
  disabled,
  onClose,
}: {
  readonly bookId: string;
  readonly disabled: boolean;
  readonly onClose: () => void;
}) {
  const { state, run } = useCommand('resetSafety');
  const [reason, setReason] = useState('');
  const [word, setWord] = useState('');
  const done = state.kind === 'replied' && state.reply.ok;
  const complete = isReason(reason) && word === 'RESET';
  const submit = (): void => {
    void run((commandId) => ({ commandId, bookId, reason: reason.trim(), confirm: 'RESET' }));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Let trading go on"
      description="Entries are allowed again as soon as the server has checked that nothing is unclear. It is recorded with your name and reason."
    >
      <form
        style={{ display: 'grid', gap: 'var(--space-4)' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (complete && !disabled && !done) submit();
        }}
      >
        <ReasonField label="Why it is safe again" value={reason} onChange={setReason} />
        <label className={field['field']}>
          Type RESET
          <input
            className={field['input']}
            value={word}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setWord(event.target.value);
            }}
          />
        </label>
        <CommandOutcome state={state} />
        <DialogActions>
          <Button onClick={onClose}>{done ? 'Done' : 'Stay stopped'}</Button>
          {!done && (
            <Button
              type="submit"
              variant="primary"
              disabled={!complete || disabled || state.kind === 'running'}
            >
              {state.kind === 'running' ? 'Resetting…' : 'Reset'}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
