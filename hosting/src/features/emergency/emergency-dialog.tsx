import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { CommandOutcome } from '../../components/command-outcome.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import field from '../../components/field.module.css';
import { useCommand } from '../../lib/use-command.ts';
import styles from './emergency.module.css';

const HOLD_MS = 2_000;
const WORD = 'STOP';

/** Fires after the button was held for two seconds by pointer, or at once when `armed`. */
function HoldButton({
  armed,
  disabled,
  running,
  onFire,
}: {
  readonly armed: boolean;
  readonly disabled: boolean;
  readonly running: boolean;
  readonly onFire: () => void;
}) {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const [holding, setHolding] = useState(false);
  const release = (): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    setHolding(false);
  };
  useEffect(() => release, []);
  return (
    <Button
      type="submit"
      variant="danger"
      className={styles['hold']}
      data-holding={holding}
      disabled={disabled}
      onPointerDown={() => {
        if (armed) return;
        setHolding(true);
        timer.current = setTimeout(() => {
          release();
          onFire();
        }, HOLD_MS);
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
    >
      {running
        ? 'Stopping…'
        : armed
          ? 'Stop trading now'
          : holding
            ? 'Keep holding…'
            : 'Hold for 2 seconds'}
    </Button>
  );
}

/** Asks once, plainly, and shows what the server did with every order (UI-70, RSK-90). */
export function EmergencyDialog({
  disabled,
  onClose,
}: {
  readonly disabled: boolean;
  readonly onClose: () => void;
}) {
  const { state, run } = useCommand('emergencyCancel');
  const [typed, setTyped] = useState('');
  const [flatten, setFlatten] = useState(false);
  const armed = typed.trim().toUpperCase() === WORD;
  const running = state.kind === 'running';
  const done = state.kind === 'replied' && state.reply.ok;
  const fire = (): void => {
    if (!disabled) void run((commandId) => ({ commandId, flatten, reason: 'dashboard' }));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      locked={running}
      title="Emergency stop"
      description={
        <ul className={styles['effects']}>
          <li>Every open order of every book is cancelled at the venue.</li>
          <li>No bot can open a position until an administrator resets it.</li>
          <li>Open positions stay, and their stops keep working, unless you close them below.</li>
          <li>It is recorded with your name.</li>
        </ul>
      }
    >
      <form
        style={{ display: 'grid', gap: 'var(--space-4)' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (armed && !done) fire();
        }}
      >
        {!done && (
          <>
            <label className={styles['check']}>
              <input
                type="checkbox"
                checked={flatten}
                onChange={(event) => {
                  setFlatten(event.target.checked);
                }}
              />
              <span>
                Also close all positions
                <small>Sells everything held at the market, at whatever price it gives.</small>
              </span>
            </label>
            <label className={field['field']}>
              Type {WORD} and press Enter, or hold the button
              <input
                className={field['input']}
                value={typed}
                autoFocus
                autoComplete="off"
                autoCapitalize="characters"
                spellCheck={false}
                onChange={(event) => {
                  setTyped(event.target.value);
                }}
              />
            </label>
          </>
        )}
        {disabled && (
          <p role="alert">You are offline: nothing can be sent. Use the venue’s own site.</p>
        )}
        <CommandOutcome state={state} />
        <DialogActions>
          <Button onClick={onClose} disabled={running}>
            {done ? 'Done' : 'Keep trading'}
          </Button>
          {!done && (
            <HoldButton
              armed={armed}
              disabled={disabled || running}
              running={running}
              onFire={fire}
            />
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
