import type { Signal } from '../strategy/decision.ts';
import type { ReversalPolicy } from './gate-context.ts';
import type { CloseReason } from './intent.ts';

/**
 * The entry that a strategy with the policy `flip` is still owed once the venue has closed its position; `null` where
 * none is. It is a signal of its own, with the time that the first one had, and passes every gate (05, section 2).
 *
 * @param signal - the one that closed the position; `null` where none did.
 */
export function followUpOf<S extends Signal>(
  signal: S | null,
  { policy, reason }: { readonly policy: ReversalPolicy; readonly reason: CloseReason | null },
): S | null {
  const isFlip = policy === 'flip' && reason === 'reversal';
  return isFlip && signal?.action === 'ENTER'
    ? { ...signal, signalId: `${signal.signalId}-flip` }
    : null;
}
