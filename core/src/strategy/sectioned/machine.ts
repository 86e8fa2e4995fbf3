import { err, ok, type Result } from '../../lib/result.ts';
import type { BlockingReason } from '../blocking.ts';

/** Where a five-section strategy stands on one market (03, section 3). */
export const STATES = [
  'INACTIVE',
  'WARMING_UP',
  'MONITORING',
  'SIGNAL_DETECTED',
  'ENTRY_EVALUATION',
  'ENTRY_PENDING',
  'POSITION_ACTIVE',
  'EXIT_PENDING',
  'EMERGENCY_EXIT',
  'COOLDOWN',
  'PAUSED',
  'ERROR',
  'DISABLED',
] as const;
export type State = (typeof STATES)[number];

/** What moves it. */
export const CAUSES = [
  'activated',
  'ready',
  'S1',
  'O1',
  /** The signal's clock ran out. */
  'expired',
  /** Z1 was looked at for the first time. */
  'considered',
  'approved',
  'refused',
  /** Something of an entry was filled. */
  'filled',
  /** An entry ended with nothing filled. */
  'unfilled',
  'ZE1',
  'E1',
  /** The venue confirmed that nothing is held any more, whoever closed it (STR-35). */
  'flat',
  /** The cooldown is over. */
  'over',
  'paused',
  'resumed',
  'resumedHolding',
  'errors',
  'orderFailures',
] as const;
export type Cause = (typeof CAUSES)[number];

type Row = Readonly<Partial<Record<Cause, State>>>;

/** Rows of "any": of every state that can still be left. */
const anywhere: Row = { errors: 'ERROR', orderFailures: 'DISABLED' };
/** The same, where entries may be stopped. An exit under way is not: leaving its state would forget it. */
const pausable: Row = { ...anywhere, paused: 'PAUSED' };

/**
 * Which cause moves which state where; what is not in it does not happen.
 *
 * `filled` stands in more rows than that of ENTRY_PENDING: an entry may fill after it was given up, or before its
 * approval was heard of. What is held has to be watched by ZE1 and E1, whichever state that finds (see ADR 0020).
 */
export const TRANSITIONS: Readonly<Record<State, Row>> = {
  INACTIVE: { ...pausable, activated: 'WARMING_UP' },
  WARMING_UP: { ...pausable, ready: 'MONITORING' },
  MONITORING: { ...pausable, S1: 'SIGNAL_DETECTED', filled: 'POSITION_ACTIVE' },
  SIGNAL_DETECTED: {
    ...pausable,
    O1: 'MONITORING',
    expired: 'MONITORING',
    considered: 'ENTRY_EVALUATION',
    filled: 'POSITION_ACTIVE',
  },
  ENTRY_EVALUATION: {
    ...pausable,
    O1: 'MONITORING',
    expired: 'MONITORING',
    approved: 'ENTRY_PENDING',
    refused: 'MONITORING',
    filled: 'POSITION_ACTIVE',
  },
  ENTRY_PENDING: {
    ...pausable,
    filled: 'POSITION_ACTIVE',
    unfilled: 'COOLDOWN',
    E1: 'EMERGENCY_EXIT',
  },
  POSITION_ACTIVE: { ...pausable, ZE1: 'EXIT_PENDING', E1: 'EMERGENCY_EXIT', flat: 'COOLDOWN' },
  EXIT_PENDING: { ...anywhere, E1: 'EMERGENCY_EXIT', flat: 'COOLDOWN' },
  EMERGENCY_EXIT: { ...anywhere, flat: 'COOLDOWN' },
  COOLDOWN: { ...pausable, over: 'MONITORING', filled: 'POSITION_ACTIVE' },
  PAUSED: {
    ...anywhere,
    resumed: 'MONITORING',
    resumedHolding: 'POSITION_ACTIVE',
    E1: 'EMERGENCY_EXIT',
  },
  // A person starts it again.
  ERROR: { activated: 'WARMING_UP' },
  DISABLED: { activated: 'WARMING_UP' },
};

/** A move that the table does not hold. */
export type ForbiddenMove = {
  readonly kind: 'forbiddenMove';
  readonly state: State;
  readonly cause: Cause;
};

/** Where `cause` takes `state`. */
export function transition(state: State, cause: Cause): Result<State, ForbiddenMove> {
  const to = TRANSITIONS[state][cause];
  return to === undefined ? err({ kind: 'forbiddenMove', state, cause }) : ok(to);
}

/** What each state waits for, as a reason why nothing is traded. */
export const WAITS: Readonly<Record<State, BlockingReason>> = {
  INACTIVE: 'warmup',
  WARMING_UP: 'warmup',
  MONITORING: 'no_signal',
  SIGNAL_DETECTED: 'not_confirmed',
  ENTRY_EVALUATION: 'not_confirmed',
  ENTRY_PENDING: 'pending_order',
  POSITION_ACTIVE: 'no_signal',
  EXIT_PENDING: 'pending_order',
  EMERGENCY_EXIT: 'pending_order',
  COOLDOWN: 'cooldown',
  PAUSED: 'paused',
  ERROR: 'strategy_error',
  DISABLED: 'disabled',
};
