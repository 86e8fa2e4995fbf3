import { err, ok, type Result } from '../lib/result.ts';
import type { IntentStatus } from './intent.ts';
import type { OrderStatus } from './order.ts';

/** Which state of an order may follow which (05, section 4). An empty row is a terminal state (EXE-10). */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['SUBMITTED', 'QUEUED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'UNKNOWN'],
  QUEUED: ['SUBMITTED', 'EXPIRED', 'CANCELLED', 'REJECTED', 'UNKNOWN'],
  SUBMITTED: ['ACKNOWLEDGED', 'PARTIAL', 'FILLED', 'EXPIRED', 'CANCELLED', 'UNKNOWN', 'REJECTED'],
  ACKNOWLEDGED: ['PARTIAL', 'FILLED', 'CANCELLING', 'CANCELLED', 'EXPIRED', 'REJECTED', 'UNKNOWN'],
  PARTIAL: ['FILLED', 'CANCELLING', 'CANCELLED', 'EXPIRED', 'UNKNOWN'],
  CANCELLING: ['CANCELLED', 'PARTIAL', 'FILLED', 'EXPIRED', 'ACKNOWLEDGED', 'UNKNOWN'],
  UNKNOWN: [
    'ACKNOWLEDGED',
    'PARTIAL',
    'FILLED',
    'CANCELLED',
    'EXPIRED',
    'REJECTED',
    'SUBMITTED',
    'NOT_SENT',
  ],
  FILLED: [],
  CANCELLED: [],
  REJECTED: [],
  EXPIRED: [],
  NOT_SENT: [],
};

/** Terminal states in which a venue may still report fills that happened before (EXE-10). */
export const LATE_FILL_STATES: readonly OrderStatus[] = ['CANCELLED', 'EXPIRED'];

/** Which state of an intent may follow which (EXE-14). */
export const INTENT_TRANSITIONS: Readonly<Record<IntentStatus, readonly IntentStatus[]>> = {
  NEW: ['APPROVED', 'RISK_REJECTED'],
  APPROVED: ['CLAIMED', 'QUEUED', 'EXPIRED'],
  CLAIMED: ['SENT', 'QUEUED', 'UNKNOWN', 'FAILED'],
  QUEUED: ['CLAIMED', 'EXPIRED'],
  SENT: ['UNKNOWN', 'DONE', 'FAILED'],
  UNKNOWN: ['SENT', 'DONE', 'FAILED'],
  RISK_REJECTED: [],
  DONE: [],
  FAILED: [],
  EXPIRED: [],
};

/** A move that its table does not hold; whoever meets one raises an alert. */
export type IllegalMove<S extends string> = {
  readonly kind: 'illegalMove';
  readonly from: S;
  readonly to: S;
};

/** True when the table holds the move; staying in a state is not a move. */
export const canMoveOrder = (from: OrderStatus, to: OrderStatus): boolean =>
  ORDER_TRANSITIONS[from].includes(to);

/** True when the table holds the move; staying in a state is not a move. */
export const canMoveIntent = (from: IntentStatus, to: IntentStatus): boolean =>
  INTENT_TRANSITIONS[from].includes(to);

/** `to`, if an order may move there. */
export const moveOrder = (
  from: OrderStatus,
  to: OrderStatus,
): Result<OrderStatus, IllegalMove<OrderStatus>> =>
  canMoveOrder(from, to) ? ok(to) : err({ kind: 'illegalMove', from, to });

/** `to`, if an intent may move there. */
export const moveIntent = (
  from: IntentStatus,
  to: IntentStatus,
): Result<IntentStatus, IllegalMove<IntentStatus>> =>
  canMoveIntent(from, to) ? ok(to) : err({ kind: 'illegalMove', from, to });

/** The order has ended at the venue, or never got there. */
export const isTerminal = (status: OrderStatus): boolean => ORDER_TRANSITIONS[status].length === 0;

/** The order may be, or come to be, at the venue: it blocks another one of its strategy and symbol. */
export const isWorking = (status: OrderStatus): boolean => !isTerminal(status);

/** Nothing more can come of the intent. */
export const isIntentTerminal = (status: IntentStatus): boolean =>
  INTENT_TRANSITIONS[status].length === 0;

/** The intent still holds its slot, its balance and the lock of its strategy and symbol (EXE-22). */
export const isIntentWorking = (status: IntentStatus): boolean => !isIntentTerminal(status);
