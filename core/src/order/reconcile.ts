import type { EpochMs } from '../lib/time.ts';
import type { Action } from '../strategy/decision.ts';
import type { IntentStatus } from './intent.ts';
import type { OrderStatus } from './order.ts';

/** What order sync needs to know of an intent that has not ended. */
export type SyncIntent = {
  readonly intentId: string;
  readonly orderId: string;
  readonly action: Action;
  readonly status: IntentStatus;
  /** Market time. */
  readonly expiresAt: EpochMs | null;
  /** Wall time until which its claim holds. */
  readonly claimedUntil: EpochMs | null;
  /** Wall time of its last change. */
  readonly updatedAt: EpochMs;
};

/** What order sync needs to know of an order that has not ended. */
export type SyncOrder = {
  readonly orderId: string;
  readonly intentId: string;
  readonly status: OrderStatus;
  /** Wall time of its last change. */
  readonly updatedAt: EpochMs;
};

/** One thing that order sync has to do; plans never hold the same action twice. */
export type SyncAction =
  /** Ask the venue for it by client order id. */
  | { readonly kind: 'lookup'; readonly orderId: string }
  /** Nobody took it: put it on the task queue again. */
  | { readonly kind: 'enqueueIntent'; readonly intentId: string }
  /** Its sender vanished: intent and order become UNKNOWN, and the order is looked up. */
  | { readonly kind: 'markUnknown'; readonly intentId: string; readonly orderId: string }
  /** An entry that came too late and was never claimed. */
  | { readonly kind: 'expireIntent'; readonly intentId: string; readonly orderId: string }
  | { readonly kind: 'alertStuck'; readonly orderId: string; readonly ageMs: number }
  | {
      readonly kind: 'alertUnknown';
      readonly orderId: string;
      readonly severity: 'WARNING' | 'CRITICAL';
      readonly ageMs: number;
    };

/** Plans one pass of order sync. */
export function planSync(state: {
  readonly intents: readonly SyncIntent[];
  readonly orders: readonly SyncOrder[];
  readonly wallNow: EpochMs;
  readonly marketNow: EpochMs;
}): readonly SyncAction[] {
  throw new Error(`Invariant: ${state.wallNow}`);
}
