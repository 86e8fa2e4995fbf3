import type { Engine } from '../engine/decide.ts';
import type { EngineState, Step } from '../engine/engine.ts';
import type { Facts } from '../engine/facts.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';
import type { StrategySettings } from '../order/gate-context.ts';
import type { SignalDecision } from '../order/decide-signal.ts';
import type { Instruction } from '../order/intent.ts';
import type { Fill } from '../order/order.ts';
import type { DustByMarket } from '../portfolio/dust.ts';
import type { FillEffect } from '../portfolio/fill-effect.ts';
import type { Position } from '../portfolio/position.ts';
import type { Approved } from '../risk/gate.ts';
import type { RiskState } from '../risk/risk-state.ts';
import type { Seed } from '../simulation/random.ts';
import type { Signal } from '../strategy/decision.ts';
import type { StrategyDefinition } from '../strategy/strategy.ts';
import type { BacktestConfig, BacktestStrategy } from './config.ts';
import type { Market } from './market.ts';
import type { Recorder } from './recorder.ts';
import type { BacktestTrade } from './result.ts';
import type { Tally } from './tally.ts';

/** An order at the simulated venue. */
export type VenueOrder = {
  readonly instruction: Approved<Instruction>;
  readonly positionId: string;
  /** When its latency is over, market time. */
  readonly dueAt: number;
  readonly filled: Qty;
  /** Quote value of what is filled. */
  readonly filledQuote: Money;
};

/** What is told of a position beyond the position itself. */
export type Stay = {
  readonly entrySignalId: string;
  readonly entryBarAt: EpochMs;
  readonly entryRow: number;
  low: number;
  high: number;
  funding: Money;
  /** Protective exits so far: each has an intent of its own. */
  exits: number;
};

/** One strategy on one market. */
export type Lane = {
  readonly settings: BacktestStrategy;
  readonly gateSettings: StrategySettings;
  readonly engine: Engine;
  readonly state: EngineState;
  readonly market: Market;
  position: Position | null;
  stay: Stay | null;
  /** Its one order at the venue. */
  order: VenueOrder | null;
  /** A signal that waits to be judged at the price that it fills at. */
  waiting: Signal | null;
  /** The entry that follows once the venue has closed the position (`followUpOf`). */
  followUp: Signal | null;
  lastFill: Facts['lastFill'];
  /** No protection is touched while prices stay above the one and below the other. */
  guardLow: number;
  guardHigh: number;
  /** Market time from which on its position has been held for long enough. */
  leaveAt: number;
  /** What the engine is told, and the version of the book that it tells of. */
  facts: Facts;
  factsOf: number;
};

/** What the book has beyond the positions of its lanes. */
export type Book = {
  cash: Money;
  fees: Money;
  funding: Money;
  dust: DustByMarket;
  risk: RiskState;
  /** Moves with every change of what facts and valuations are made of. */
  version: number;
};

/** What a run tells while it goes on; all of it is in order, and the same every time. */
export type RunHooks = {
  readonly strategyById: (id: string) => StrategyDefinition | undefined;
  /** Bars done, of how many; about a hundred times. */
  readonly onProgress?: (done: number, total: number) => void;
  /** One judged bar, with all its gates: a line of the journal. */
  readonly onStep?: (step: {
    readonly at: EpochMs;
    readonly strategyId: string;
    readonly marketKey: string;
    readonly audit: Step['audit'];
    readonly effects: Step['effects'];
  }) => void;
  /** One signal and what the gate said. */
  readonly onVerdict?: (verdict: {
    readonly at: EpochMs;
    readonly signal: Signal;
    readonly decision: SignalDecision;
  }) => void;
  /** One fill and all that it moved. */
  readonly onFill?: (filled: { readonly fill: Fill; readonly effect: FillEffect }) => void;
};

/** What must be free for each unit of quote that is spent: with its fee, and with the buffer on that. */
export type SpendingPrice = { readonly fee: Price; readonly buffer: Price };

/** Everything that a run changes, in place. */
export type Run = {
  readonly config: BacktestConfig;
  readonly spending: SpendingPrice;
  readonly hooks: RunHooks;
  readonly markets: readonly Market[];
  /** By market key, then by strategy id: the order in which they decide. */
  readonly lanes: readonly Lane[];
  /** What strategies want at the close under way: judged once all of them have been shown their bars. */
  readonly wanted: { readonly lane: Lane; readonly signal: Signal }[];
  readonly book: Book;
  readonly trades: BacktestTrade[];
  readonly recorder: Recorder;
  readonly tally: Tally;
  /** As the gate asks for them (`GateFigures`). */
  readonly priceOf: (marketKey: string) => Price | undefined;
  readonly stopLossPctOf: (strategyId: string) => number | undefined;
  seed: Seed;
};
