import type * as z from 'zod';
import { err, ok, type Result } from '../lib/result.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Money } from '../lib/units.ts';
import type { Timeframe } from '../market/market.ts';
import type { EngineBar } from '../engine/bar.ts';
import type { Facts } from '../engine/facts.ts';
import type { StructureNeed, StructureView } from '../engine/structure.ts';
import { engineWords } from '../engine/words.ts';
import type { Direction, SignalType } from './decision.ts';
import type { Gate } from './gate.ts';

/** The families of decision logic (03). */
export type StrategyKind = 'bot' | 'sectioned' | 'hierarchical' | 'confluence' | 'module';

/** What a strategy reads; the engine computes nothing else for it (STR-38). */
export type Needs = {
  /** Timeframe whose closed bars are decided on. */
  readonly timeframe: Timeframe;
  /** Variants of closed bars such as `RSI_14`, by timeframe; read as `RSI_14`, or `RSI_14@15m` for another timeframe. */
  readonly variants: Readonly<Partial<Record<Timeframe, readonly string[]>>>;
  /** Variants of trades such as `TWPA_300_0`: they come with the event, from whoever saw the trades. */
  readonly windows: readonly string[];
  /** Timeframes whose zones, gaps, profile, regime or flow are looked at, and which of these; each timeframe once. */
  readonly structure: readonly StructureNeed[];
  /** Bars of `timeframe` to see before deciding, beyond what the variants take; 0 = none. */
  readonly warmupBars: number;
  /** Market milliseconds of history that are judged when a state begins, as what a confirmation takes; left out = none. */
  readonly judgedMs?: number;
};

/** What one evaluation looks at. Nothing else may have a say: the same context gives the same decision (STR-02). */
export type Context<P, M> = {
  readonly schemaVersion: 1;
  readonly params: P;
  /**
   * What the strategy keeps from bar to bar: plain data, JSON-able. It may be changed in place: the engine
   * stores it together with the decision, or not at all.
   */
  readonly memory: M;
  readonly marketKey: string;
  readonly symbol: string;
  /** Smallest steps of the market's price and size, in quote and base. */
  readonly grid: { readonly tickSize: number; readonly lotSize: number };
  /** The closed bar of the strategy's own timeframe. */
  readonly bar: EngineBar;
  /** End of `bar`, market time. */
  readonly barCloseAt: EpochMs;
  /** Market time of the evaluation. */
  readonly now: EpochMs;
  /**
   * A variant's value as of the last closed bar of its timeframe; `undefined` until ready and where not defined.
   *
   * @throws RangeError for a name that is not among the strategy's needs.
   */
  readonly value: (name: string) => number | undefined;
  /**
   * Zones, gaps, profile, regime and flow of a timeframe; `undefined` before its first closed bar.
   *
   * @throws RangeError for a timeframe, or a part of it, that is not among the strategy's needs.
   */
  readonly structure: (timeframe: Timeframe) => StructureView | undefined;
  /** What the book holds and what keeps it from trading. */
  readonly facts: Facts;
  /** Why this bar cannot be acted on, if so: stale or incomplete data, or history that only warms up. */
  readonly blind: Gate | null;
  /** The gates around a wish that are not the strategy's own: order under way, balance, the book's switches. */
  readonly surroundings: (action: Wish['action'], direction?: Wish['direction']) => readonly Gate[];
};

/** What a strategy wants (STR-03); risk and execution dispose. */
export type Wish = {
  readonly action: 'ENTER' | 'ADD' | 'REDUCE' | 'EXIT' | 'CANCEL';
  readonly direction: Direction;
  readonly signalType: SignalType;
  /** 0 to 1. */
  readonly confidence: number;
  /** -1 to 1, positive = buy pressure. */
  readonly score: number;
  readonly reasons: readonly string[];
  readonly indicatorValues: Readonly<Record<string, number>>;
  /** Prices; `null` leaves them to the document's percentages. */
  readonly suggestedStop: number | null;
  readonly suggestedTarget: number | null;
  /** Quote amount; `null` = what the document says. Exits sell what is held. */
  readonly suggestedQuote: Money | null;
  /** How long it may wait to be executed, market milliseconds. */
  readonly ttlMs: number;
};

/** What a strategy says of one bar: a wish or none, and every gate it looked at (STR-04). */
export type Verdict = {
  readonly wish: Wish | null;
  /** In order; where there is no wish, at least one fails and the first such is the reason. */
  readonly gates: readonly Gate[];
  /** For people and charts, such as a score and its parts. */
  readonly view: Readonly<Record<string, number | string | boolean | null>> | null;
};

/** What became of an order of the strategy's. */
export type OrderUpdate = {
  readonly intentId: string;
  readonly action: 'ENTER' | 'ADD' | 'REDUCE' | 'EXIT';
  /** `refused`: by the risk gate, before anything was sent. */
  readonly status:
    'approved' | 'refused' | 'partial' | 'filled' | 'cancelled' | 'rejected' | 'expired';
  readonly reason: string | null;
};

/** What became of the strategy's position. */
export type PositionUpdate = {
  readonly status: 'opened' | 'changed' | 'closed';
  /** Closed by somebody else, at the venue (STR-35). */
  readonly isExternal: boolean;
};

/** A move of a strategy between states of its own, for whoever keeps the journal (STR-34). */
export type StateRecord = {
  /** Market time. */
  readonly at: EpochMs;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  /** More about the cause, such as why risk refused; `null` when it says all. */
  readonly detail: string | null;
  /** 0 to 1; `null` where nothing was judged. */
  readonly confidence: number | null;
  readonly indicatorValues: Readonly<Record<string, number>>;
  readonly actionTaken: 'ORDER_CREATED' | 'POSITION_CLOSED' | 'SIGNAL_CANCELLED' | 'NO_ACTION';
};

/**
 * One kind of decision logic: a schema for its parameters and pure functions (STR-01). The engine adds what is
 * the same for all: pause and resume, snapshot and restore, readiness, isolation.
 */
export type Strategy<P, M> = {
  readonly id: string;
  readonly kind: StrategyKind;
  /** Of the code; a change of what it decides is a new version (STR-07). */
  readonly version: string;
  readonly title: string;
  /** JSON in, parameters out; defaults included. The optimiser searches within its ranges. */
  readonly paramsSchema: z.ZodType<P>;
  readonly needs: (params: P) => Needs;
  readonly init: (params: P) => M;
  /** What keeps parameters that are right in themselves from real money, a line each (STR-14, STR-31); none when left out. */
  readonly liveFaults?: (params: P) => readonly string[];
  /** Judges one closed bar (STR-02). */
  readonly evaluate: (context: Context<P, M>) => Verdict;
  /** Takes note of an order, in place. */
  readonly onOrder?: (memory: M, update: OrderUpdate, at: EpochMs) => void;
  /** Takes note of the position, in place. */
  readonly onPosition?: (memory: M, update: PositionUpdate, at: EpochMs) => void;
  /** Entries are to stop or may go on (STR-91); working entries are cancelled by the engine. */
  readonly onPause?: (memory: M, reason: string, at: EpochMs) => void;
  readonly onResume?: (memory: M, at: EpochMs) => void;
  /** The engine gave up on it after failures in a row (STR-06): it is not asked again. */
  readonly onFailed?: (memory: M, fault: string, at: EpochMs) => void;
  /** A person starts it again from what was stored: what it failed at, and why it was paused, is forgiven. */
  readonly onRestart?: (memory: M, at: EpochMs) => void;
  /** Hands out what moved since it was last asked, and forgets it: asked after every event. */
  readonly takeRecords?: (memory: M) => readonly StateRecord[];
  /** A failed gate in words for people; `null` for gates that are not its own. */
  readonly describe?: (gate: Gate, params: P) => string | null;
};

/** A strategy with parameters of its own, ready to be run by the engine; what it keeps is its own business. */
export type Prepared = {
  readonly id: string;
  readonly kind: StrategyKind;
  readonly version: string;
  readonly needs: Needs;
  readonly init: () => object;
  readonly params: unknown;
  /** Why it may not trade real money as it is, a line each; empty when it may. */
  readonly liveFaults: readonly string[];
  readonly evaluate: (context: Context<unknown, object>) => Verdict;
  readonly onOrder: (memory: object, update: OrderUpdate, at: EpochMs) => void;
  readonly onPosition: (memory: object, update: PositionUpdate, at: EpochMs) => void;
  readonly onPause: (memory: object, reason: string, at: EpochMs) => void;
  readonly onResume: (memory: object, at: EpochMs) => void;
  readonly onFailed: (memory: object, fault: string, at: EpochMs) => void;
  readonly onRestart: (memory: object, at: EpochMs) => void;
  readonly takeRecords: (memory: object) => readonly StateRecord[];
  /** Any gate of its evaluations in words for people. */
  readonly describe: (gate: Gate) => string;
};

/** A strategy as registries and tools see it. */
export type StrategyDefinition = Pick<
  Strategy<unknown, object>,
  'id' | 'kind' | 'version' | 'title'
> & {
  readonly paramsSchema: z.ZodType;
  /** Parses parameters. The error says, in a line for each, what is wrong with which of them. */
  readonly prepare: (params: unknown) => Result<Prepared, string>;
};

const issueLine = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;

const nothing = (): void => undefined;
const NO_RECORDS: readonly StateRecord[] = [];
const none = (): readonly StateRecord[] => NO_RECORDS;

/**
 * Makes a strategy known: forgets the types of its parameters and memory, so that strategies stand in one list.
 * Each only ever sees parameters that its own schema parsed and memory that its own `init` made.
 */
export function defineStrategy<P, M extends object>(strategy: Strategy<P, M>): StrategyDefinition {
  const { id, kind, version, title, paramsSchema } = strategy;
  const { onOrder, onPosition, onPause, onResume, onFailed, onRestart, takeRecords } = strategy;
  const prepare = (raw: unknown): Result<Prepared, string> => {
    const parsed = paramsSchema.safeParse(raw);
    if (!parsed.success) return err(parsed.error.issues.map(issueLine).join('\n'));
    const params = parsed.data;
    return ok({
      id,
      kind,
      version,
      needs: strategy.needs(params),
      init: () => strategy.init(params),
      params,
      liveFaults: strategy.liveFaults?.(params) ?? [],
      evaluate: (context) => strategy.evaluate(context as Context<P, M>),
      onOrder:
        onOrder === undefined
          ? nothing
          : (m, update, at) => {
              onOrder(m as M, update, at);
            },
      onPosition:
        onPosition === undefined
          ? nothing
          : (m, update, at) => {
              onPosition(m as M, update, at);
            },
      onPause:
        onPause === undefined
          ? nothing
          : (m, reason, at) => {
              onPause(m as M, reason, at);
            },
      onResume:
        onResume === undefined
          ? nothing
          : (m, at) => {
              onResume(m as M, at);
            },
      onFailed:
        onFailed === undefined
          ? nothing
          : (m, fault, at) => {
              onFailed(m as M, fault, at);
            },
      onRestart:
        onRestart === undefined
          ? nothing
          : (m, at) => {
              onRestart(m as M, at);
            },
      takeRecords: takeRecords === undefined ? none : (m) => takeRecords(m as M),
      describe: (gate) => strategy.describe?.(gate, params) ?? engineWords(gate),
    });
  };
  return { id, kind, version, title, paramsSchema, prepare };
}
