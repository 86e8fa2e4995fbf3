import type { EpochMs } from '../lib/time.ts';
import type { Money } from '../lib/units.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import type { Gate } from '../strategy/gate.ts';
import type { Signal } from '../strategy/decision.ts';
import type {
  OrderUpdate,
  PositionUpdate,
  Prepared,
  StateRecord,
  Verdict,
} from '../strategy/strategy.ts';
import type { EngineBar } from './bar.ts';
import type { Facts } from './facts.ts';
import type { FrameState } from './frames.ts';
import type { StructureState } from './structure-state.ts';

/** One strategy on one market of one book: what decisions are made with, unchanged while they are made. */
export type Instance = {
  readonly bookId: string;
  /** Id of the bot's or strategy's document. */
  readonly strategyId: string;
  readonly marketKey: string;
  readonly symbol: string;
  readonly grid: { readonly tickSize: number; readonly lotSize: number };
  /** Timeframe of the bars that the engine is fed. */
  readonly base: Timeframe;
  readonly strategy: Prepared;
  /** Quote amount of an entry whose strategy names none. */
  readonly positionSizeQuote: Money;
};

export type EngineStatus = 'RUNNING' | 'PAUSED' | 'ERROR';

/** All that is carried from event to event: plain data, so that it can be stored and resumed. */
export type EngineState = {
  readonly schemaVersion: 1;
  status: EngineStatus;
  /** Why entries are paused; `null` when they are not. */
  pausedFor: string | null;
  /** Failed evaluations in a row (STR-06). */
  errors: number;
  /** Closed bars of the strategy's own timeframe, counted. */
  bars: number;
  /** Close of the last of them; `null` before the first. */
  lastBarCloseAt: EpochMs | null;
  /** The strategy's own timeframe first. */
  readonly frames: readonly FrameState[];
  /** Beyond indicators, what is known of the frames' bars. */
  readonly structure: StructureState;
  /** Latest values of the windows over trades, by variant. */
  readonly windows: Record<string, number | null>;
  readonly memory: object;
};

/** What may happen to a strategy, in order. */
export type EngineEvent =
  | {
      /** A bar of the base timeframe closed. */
      readonly kind: 'bar';
      readonly bar: EngineBar;
      readonly facts: Facts;
      /** Values of windows over trades as of the close; left out = none are known. */
      readonly windows?: Readonly<Record<string, number | null>>;
    }
  | { readonly kind: 'order'; readonly update: OrderUpdate }
  | { readonly kind: 'position'; readonly update: PositionUpdate }
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'resume' };

/** What is to be done about it. */
export type Effect =
  | { readonly kind: 'signal'; readonly signal: Signal }
  /** Working entries of the strategy are to be cancelled. */
  | { readonly kind: 'cancelEntries'; readonly reason: string };

/** Why this and nothing else was decided: a line of the journal. */
export type Audit = {
  /** `null` where the event closed no bar of the strategy's own. */
  readonly barCloseAt: EpochMs | null;
  /** Every condition that was looked at, in order. */
  readonly gates: readonly Gate[];
  /** The first that failed; `null` when a signal left, or nothing was judged. */
  readonly failing: Gate | null;
  readonly view: Verdict['view'];
  /** What the strategy threw, or what was wrong with its answer; `null` when it behaved. */
  readonly fault: string | null;
  /** Moves between the strategy's own states that the event led to, oldest first (STR-34). */
  readonly records: readonly StateRecord[];
};

export type Step = {
  /** The given state, changed in place: whoever needs the one before makes a copy first. */
  readonly state: EngineState;
  readonly effects: readonly Effect[];
  readonly audit: Audit;
};

/** The close of a bar. */
export const closeOf = (bar: EngineBar, timeframe: Timeframe): number =>
  bar.openAt + TIMEFRAMES[timeframe];
