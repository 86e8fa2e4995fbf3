import { CircleCheck, CircleX } from 'lucide-react';
import type { CommandState } from '../lib/use-command.ts';
import { classes } from './classes.ts';
import styles from './command-outcome.module.css';

function Line({ ok, text }: { readonly ok: boolean; readonly text: string }) {
  const Icon = ok ? CircleCheck : CircleX;
  return (
    <span className={styles['line']}>
      <Icon
        size={15}
        className={styles[ok ? 'goodIcon' : 'badIcon']}
        aria-label={ok ? 'done' : 'failed'}
      />
      <span>{text}</span>
    </span>
  );
}

/** What the server said of a command, item by item. */
export function CommandOutcome({ state }: { readonly state: CommandState }) {
  if (state.kind === 'idle') return null;
  if (state.kind === 'running') return <p role="status">Waiting for the server…</p>;
  const reply = state.kind === 'replied' ? state.reply : null;
  const ok = reply?.ok === true;
  const message = state.kind === 'failed' ? state.message : state.reply.message;
  return (
    <div
      className={classes(styles['outcome'], ok ? styles['good'] : styles['bad'])}
      role={ok ? 'status' : 'alert'}
    >
      <Line ok={ok} text={message} />
      {reply?.items !== undefined && reply.items.length > 0 && (
        // Focusable, so that a long list scrolls by keyboard.
        <ul className={styles['items']} tabIndex={0} aria-label="Result by item">
          {reply.items.map(({ item, result, ok: done }) => (
            <li key={item}>
              <Line ok={done} text={`${item}: ${result}`} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
