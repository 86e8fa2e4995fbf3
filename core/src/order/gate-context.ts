import type { Instrument } from '../instrument/instrument.ts';
import type { Result } from '../lib/result.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';
import type { LivePrice } from '../market/market.ts';
import type { Position } from '../portfolio/position.ts';
import type { SizingPlan } from '../portfolio/sizing.ts';
import type { TranchePlan } from '../portfolio/tranches.ts';
import type { Limits, Mode } from '../risk/limits.ts';
import type { MarketFigures } from '../risk/market-figures.ts';
import type { RiskState } from '../risk/risk-state.ts';
import type { TraderResults } from '../risk/sharpe.ts';
import type { CryptoPhase } from '../risk/smart-allocation.ts';
import type { VenueCondition } from '../risk/venue-breaker.ts';
import type { Block } from '../strategy/blocking.ts';
import type { Signal } from '../strategy/decision.ts';
import type { Instruction } from './intent.ts';

/** An intent that has not ended: it holds a slot, balance and the lock of its strategy and symbol. */
export type WorkingIntent = Pick<
  Instruction,
  | 'intentId'
  | 'strategyId'
  | 'marketKey'
  | 'symbol'
  | 'action'
  | 'side'
  | 'quantity'
  | 'expectedPrice'
  | 'leverage'
>;

/** What the gate needs to know of the strategy that asks. */
export type StrategySettings = {
  readonly strategyId: string;
  /** Running, and not disabled by a person or by repeated failures. */
  readonly enabled: boolean;
  /** Positions that the strategy itself may hold at once. */
  readonly maxPositions: number;
  /** Of futures positions; left out = the default of the book's limits. */
  readonly leverage?: number | undefined;
  /** Left out = it may not add to what it holds. */
  readonly tranches?: TranchePlan | undefined;
  /** Left out = sized as it asks. */
  readonly sizing?: SizingPlan | undefined;
  /** Left out = `flatten`. */
  readonly reversal?: ReversalPolicy | undefined;
};

/**
 * What an entry against the strategy's own position comes to (05, section 2): `flatten` closes the position and
 * enters nothing; `flip` closes it and, once it is closed, asks for the entry anew; `ignore` leaves it as it is.
 */
export const REVERSAL_POLICIES = ['flatten', 'flip', 'ignore'] as const;
export type ReversalPolicy = (typeof REVERSAL_POLICIES)[number];

/** All that one verdict is decided on, as read in one transaction; every time is market time. */
export type GateContext = {
  readonly now: EpochMs;
  readonly book: {
    readonly bookId: string;
    readonly mode: Mode;
    readonly status: 'RUNNING' | 'PAUSED' | 'STOPPED' | 'ERROR';
    readonly cash: Money;
  };
  /** Valued and rolled to today before (see `revalue`). */
  readonly risk: RiskState;
  /** Whether the venue takes orders in the signal's symbol (RSK-85). */
  readonly breaker: VenueCondition;
  /** Every position of the book that is not CLOSED. */
  readonly positions: readonly Position[];
  /** Every intent of the book that is not terminal. */
  readonly workingIntents: readonly WorkingIntent[];
  /** Of the signal's market; `undefined` when unknown, which refuses entries. */
  readonly price: LivePrice | undefined;
  /** Of the signal's market; `undefined` when unknown, which refuses every order. */
  readonly instrument: Instrument | undefined;
  /** `undefined` when unknown, which refuses entries. */
  readonly strategy: StrategySettings | undefined;
  readonly limits: Limits;
  /** Market milliseconds after which a price is stale (MD-64). */
  readonly priceMaxAgeMs: number;
  /** Entries at the market are held to the largest slippage of the limits (EXE-12). */
  readonly priceGuard: boolean;
} & GateFigures;

/** What the gate compares beyond the book itself; `null` = not known. */
export type GateFigures = {
  /** Last price of any market that the book holds. */
  readonly priceOf: (marketKey: string) => Price | undefined;
  /** Stop distance of a strategy's document in percent. */
  readonly stopLossPctOf: (strategyId: string) => number | undefined;
  /** Of the signal's market. */
  readonly figures: MarketFigures | null;
  /** Of the signal's strategy. */
  readonly results: TraderResults | null;
  /** Budget of the signal's strategy (RSK-55). */
  readonly allocated: Money | null;
  readonly cryptoPhase: CryptoPhase;
  /** Share of what is held whose correlation to a leader is 0.7 or more (PF-60). */
  readonly correlatedShare: number | null;
  /** The venue's clock less ours (MD-25). */
  readonly clockSkewMs: number | null;
  /** Wall milliseconds since the book was found to agree with its venue. */
  readonly reconciledAgeMs: number | null;
  /** Why the book is known not to agree with its venue (EXE-53, EXE-60); `null` = nothing says so. */
  readonly outOfStep: string | null;
  /** Margin health of a future that is held, by symbol, 1 to 0 and below; `null` = not known (RSK-103). */
  readonly marginHealthOf: (symbol: string) => number | null;
  /** The most leverage that the venue gives in the signal's market. */
  readonly maxVenueLeverage: number | null;
};

/** An entry on its way through the checks. */
export type EntryCandidate = {
  readonly signal: Signal;
  /** Quote amount that the strategy wants to commit; positive. */
  readonly wanted: Money;
  readonly instrument: Instrument;
  readonly context: GateContext;
  /** What its size was made by, in words; `null` = it is what the strategy asked for, or half of it. */
  readonly sizedBy: string | null;
  /** Position that it adds to; `null` for one that opens another. */
  readonly addsTo: Position | null;
  /** What `wanted` buys, on the venue's grid; the error says why nothing can be bought. */
  readonly quantity: Result<Qty, Block>;
};
