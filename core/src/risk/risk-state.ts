import type { EpochMs } from '../lib/time.ts';
import type { Money } from '../lib/units.ts';
import type { LadderLevel } from './loss-ladder.ts';
import type { SymbolHistory } from './symbol-history.ts';
import type { TraderHistory } from './trader-history.ts';

/** An approval that counts towards the order rate. */
export type RecentOrder = { readonly strategyId: string; readonly at: EpochMs };

/** What the gate knows of a book beyond its positions; every time is market time. */
export type RiskState = {
  readonly executionEnabled: boolean;
  readonly emergencyStop: boolean;
  /** 00:00 UTC of the day that `openingEquity` belongs to. */
  readonly dayAt: EpochMs;
  readonly openingEquity: Money;
  readonly peakEquity: Money;
  readonly equity: Money;
  /** When `equity` was valued. */
  readonly equityAt: EpochMs;
  /** Approvals within the last minute, oldest first. */
  readonly recentOrders: readonly RecentOrder[];
  /** Entries that were filled on the day of `dayAt` (RSK-29). */
  readonly tradesToday: number;
  /** First fills that count towards a symbol's hour, oldest first (RSK-24). */
  readonly symbolEntries: Readonly<Record<string, readonly EpochMs[]>>;
  /** By symbol; one that was never traded has none. */
  readonly symbols: Readonly<Record<string, SymbolHistory>>;
  /** By strategy; one that never sent an order has none. */
  readonly traders: Readonly<Record<string, TraderHistory>>;
  /** Highest step of the loss ladder that was announced and not recovered from. */
  readonly ladder: LadderLevel;
  /** Health fell below its limit and has not yet been good for a minute (PF-61). */
  readonly healthStop: boolean;
};
