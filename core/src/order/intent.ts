import type { EpochMs } from '../lib/time.ts';
import type { Price, Qty } from '../lib/units.ts';
import type { Action, Direction } from '../strategy/decision.ts';

export type Side = 'BUY' | 'SELL';
/** A STOP rests at the venue until its price is reached, and then sells at the market: it protects a position. */
export type OrderType = 'MARKET' | 'LIMIT' | 'STOP';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

/** Why a position is closed (PF-02); ZE1 is the strategy's own exit. */
export const CLOSE_REASONS = [
  'ZE1',
  'E1',
  'trailing_stop',
  'stop_loss',
  'take_profit',
  'hold_time',
  'dump',
  'correlated_dump',
  'health',
  'circuit_breaker',
  'allocation',
  'manual',
  'emergency',
  'liquidation',
  'external_close',
  'unknown_close',
  'session_stop',
  'reversal',
] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** States of an intent (EXE-14); `INTENT_TRANSITIONS` says which may follow which. */
export type IntentStatus =
  | 'NEW'
  | 'RISK_REJECTED'
  | 'APPROVED'
  | 'CLAIMED'
  | 'QUEUED'
  | 'SENT'
  | 'UNKNOWN'
  | 'DONE'
  | 'FAILED'
  | 'EXPIRED';

/** What is to be done at a venue, decided and written before anything leaves. */
export type Instruction = {
  readonly intentId: string;
  readonly bookId: string;
  readonly strategyId: string;
  readonly marketKey: string;
  readonly symbol: string;
  /** Signal that caused it; `null` for protections and manual actions. */
  readonly signalId: string | null;
  /** Position that it changes; `null` for an entry, whose first fill opens one. */
  readonly positionId: string | null;
  readonly action: Action;
  readonly direction: Direction;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Qty;
  readonly limitPrice: Price | null;
  /** Price that triggers a STOP; no other type has one. */
  readonly stopPrice?: Price | null;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  /** Of a futures entry (RSK-102); everything else has none. */
  readonly leverage?: number | undefined;
  readonly closeReason: CloseReason | null;
  /** Levels that an entry's position is to be protected at; `null` = percentages only. */
  readonly suggestedStop: Price | null;
  readonly suggestedTarget: Price | null;
  readonly expectedPrice: Price;
  /** Market time of `expectedPrice`. */
  readonly expectedAt: EpochMs;
  /** Market time after which an entry may no longer be sent; exits have none. */
  readonly expiresAt: EpochMs | null;
};
