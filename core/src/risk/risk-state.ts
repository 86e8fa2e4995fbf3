import type { EpochMs } from '../lib/time.ts';
import type { Money } from '../lib/units.ts';

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
};
