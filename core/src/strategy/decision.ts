import type { EpochMs } from '../lib/time.ts';
import type { Money, Price } from '../lib/units.ts';

export type Direction = 'LONG' | 'SHORT';
export type Action = 'ENTER' | 'ADD' | 'REDUCE' | 'EXIT';
/** S1 opportunity, O1 cancelled, Z1 entry, ZE1 exit, E1 protection. */
export type SignalType = 'S1' | 'O1' | 'Z1' | 'ZE1' | 'E1';

/** A decided wish to trade; risk and execution dispose (STR-03). */
export type Signal = {
  readonly signalId: string;
  readonly bookId: string;
  readonly strategyId: string;
  readonly marketKey: string;
  readonly symbol: string;
  readonly signalType: SignalType;
  readonly action: Action;
  readonly direction: Direction;
  /** 0 to 1. */
  readonly confidence: number;
  /** -1 to 1, positive = buy pressure (ARC-22). */
  readonly score: number;
  readonly reasons: readonly string[];
  readonly indicatorValues: Readonly<Record<string, number>>;
  /** Price at the decision; slippage is measured against it. */
  readonly expectedPrice: Price;
  /** Quote amount that the strategy wants to commit; `null` for exits, which sell what is held. */
  readonly suggestedQuote: Money | null;
  /** Where the strategy wants out of an entry; `null` leaves it to the document's percentages. */
  readonly suggestedStop: Price | null;
  readonly suggestedTarget: Price | null;
  readonly ttlMs: number;
  /** Close of the bar that was decided on, market time. */
  readonly barCloseAt: EpochMs;
  /** When it was decided, market time. */
  readonly decidedAt: EpochMs;
};
