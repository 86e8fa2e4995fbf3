import type { DeadLetterDoc } from '@tradewind/contracts/documents/system';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { CommandOutcome } from '../../components/command-outcome.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { isReason, ReasonField } from '../../components/reason-field.tsx';
import { useCommand } from '../../lib/use-command.ts';

/** Asks for a reason before a task is given up for good. */
export function DiscardDialog({
  letter,
  disabled,
  onClose,
}: {
  readonly letter: DeadLetterDoc;
  readonly disabled: boolean;
  readonly onClose: () => void;
}) {
  const { deadLetterId, topic, payload } = letter;
  const { state, run } = useCommand('discardDeadLetter');
  const [reason, setReason] = useState('');
  const done = state.kind === 'replied' && state.reply.ok;
  const canSend = isReason(reason) && !disabled && !done && state.kind !== 'running';
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Give up this task of ${topic}?`}
      description={`It will not run again: ${payload}. That, your name and your reason stay in the audit log.`}
    >
      <form
        style={{ display: 'grid', gap: 'var(--space-4)' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (canSend)
            void run((commandId) => ({ commandId, deadLetterId, reason: reason.trim() }));
        }}
      >
        <ReasonField label="Why it need not be done" value={reason} onChange={setReason} />
        <CommandOutcome state={state} />
        <DialogActions>
          <Button onClick={onClose}>{done ? 'Done' : 'Keep it'}</Button>
          {!done && (
            <Button type="submit" variant="danger" disabled={!canSend}>
              {state.kind === 'running' ? 'Discarding…' : 'Discard'}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
