import { epochMs, type EpochMs } from '../lib/time.ts';
import { toNumber, ZERO_MONEY } from '../lib/units.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { firstFailing, require, type Gate } from '../strategy/gate.ts';
import type { Context, StateRecord, Verdict } from '../strategy/strategy.ts';
import type { EngineBar } from './bar.ts';
import { effectsOf } from './effects.ts';
import {
  type Audit,
  type Effect,
  type EngineEvent,
  type EngineState,
  type Instance,
  type Step,
} from './engine.ts';
import type { Facts } from './facts.ts';
import type { FrameState } from './frames.ts';
import { closedBar, framesOf, structureOf } from './inputs.ts';
import { structureReader } from './structure.ts';
import { faultOf } from './nonsense.ts';
import {
  aroundEmergency,
  blindness,
  isEmergency,
  isHeldBack,
  surroundingsOf,
} from './surroundings.ts';

/** Failed evaluations in a row after which a strategy is stopped (STR-06). */
export const MAX_ERRORS = 3;

const NO_EFFECTS: readonly Effect[] = [];
const NO_GATES: readonly Gate[] = [];
const NO_RECORDS: readonly StateRecord[] = [];
const NOTHING: Audit = {
  barCloseAt: null,
  gates: NO_GATES,
  failing: null,
  view: null,
  fault: null,
  records: NO_RECORDS,
};

/** Runs one strategy on one market: the same code in backtest, paper and live (STR-05). */
export type Engine = {
  readonly instance: Instance;
  /** A state that has seen nothing. */
  readonly init: () => EngineState;
  /**
   * What one event leads to (rule 2). Time comes in as `now`, market time; nothing else is asked.
   *
   * The state is changed in place and given back: it is the caller's to store it together with the effects, or to
   * drop both and begin again from what was stored.
   *
   * @throws RangeError for bars that do not come oldest first: their sender has a bug.
   */
  readonly decide: (state: EngineState, event: EngineEvent, now: EpochMs) => Step;
};

/** Where each variant's value stands. */
type Readers = ReadonlyMap<string, FrameState['set']['readers'][number]>;

function readersOf(frames: readonly FrameState[], own: Timeframe): Readers {
  const readers = new Map<string, FrameState['set']['readers'][number]>();
  for (const { timeframe, set } of frames)
    for (const reader of set.readers) {
      readers.set(`${reader.id}@${timeframe}`, reader);
      if (timeframe === own) readers.set(reader.id, reader);
    }
  return readers;
}

/** What is being judged; a place for `value` to look at while a strategy is evaluated. */
type Desk = { state: EngineState; readers: Readers };

/** Puts a state on the desk; mostly it is there already. */
function lay(desk: Desk, state: EngineState, { strategy: { needs } }: Instance): void {
  if (desk.state === state) return;
  desk.state = state;
  desk.readers = readersOf(state.frames, needs.timeframe);
}

function valueReader(instance: Instance, desk: Desk): Context<unknown, object>['value'] {
  const windows = new Set(instance.strategy.needs.windows);
  return (name) => {
    const reader = desk.readers.get(name);
    if (reader !== undefined) return reader.value ?? undefined;
    if (windows.has(name)) return desk.state.windows[name] ?? undefined;
    throw new RangeError(`${name} is not among what ${instance.strategy.id} says that it needs`);
  };
}

/** How far the warm-up is; `null` when it is over. */
function warmingOf(state: EngineState, warmupBars: number) {
  let wanting: { seen: number; needed: number } | null =
    state.bars < warmupBars ? { seen: state.bars, needed: warmupBars } : null;
  for (const { set } of state.frames)
    if (
      set.seen < set.warmup &&
      set.warmup - set.seen > (wanting === null ? 0 : wanting.needed - wanting.seen)
    )
      wanting = { seen: set.seen, needed: set.warmup };
  return wanting;
}

/** What an engine is made of, worked out once. */
type Parts = {
  readonly instance: Instance;
  /** Length of the strategy's own bars. */
  readonly barMs: number;
  readonly desk: Desk;
  /** What strategies are shown: one for all bars, since none keeps it; a new one would cost more than most strategies take. */
  readonly shown: Shown;
};

type Shown = {
  -readonly [K in keyof Context<unknown, object>]: Context<unknown, object>[K];
};

const NO_BAR: EngineBar = {
  openAt: 0,
  open: NaN,
  high: NaN,
  low: NaN,
  close: NaN,
  volume: NaN,
  buyVolume: null,
  trades: 0,
  buyTrades: null,
  incomplete: true,
};

const NO_FACTS: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: ZERO_MONEY,
  entryBlock: null,
  stale: true,
  dataQuality: 0,
  warmup: true,
};

/** A context before its first bar. */
function contextFor(instance: Instance, desk: Desk): Shown {
  const { strategy, marketKey, symbol, grid, positionSizeQuote } = instance;
  const sizeQuote = toNumber(positionSizeQuote);
  const timeframes = desk.state.frames.map(({ timeframe }) => timeframe);
  const shown: Shown = {
    schemaVersion: 1,
    params: strategy.params,
    memory: desk.state.memory,
    marketKey,
    symbol,
    grid,
    bar: NO_BAR,
    barCloseAt: epochMs(0),
    now: epochMs(0),
    facts: NO_FACTS,
    blind: null,
    value: valueReader(instance, desk),
    structure: structureReader(instance, timeframes, () => desk.state),
    surroundings: (action, direction = 'LONG') =>
      surroundingsOf({ action, direction }, shown.facts, {
        sizeQuote,
        pausedFor: desk.state.pausedFor,
      }),
  };
  return shown;
}

function onBar(parts: Parts, state: EngineState, event: EngineEvent & { kind: 'bar' }): Step {
  const { instance, desk, shown } = parts;
  const { needs } = instance.strategy;
  // What the event does not tell is not known: the value of the bar before is none of this one's.
  for (const name of needs.windows) state.windows[name] = event.windows?.[name] ?? null;
  const bar = closedBar(state, event.bar, instance.grid);
  if (bar === null) return { state, effects: NO_EFFECTS, audit: NOTHING };
  const barCloseAt = epochMs(bar.openAt + parts.barMs);
  state.bars += 1;
  state.lastBarCloseAt = barCloseAt;
  if (state.status === 'ERROR') return stopped(state, barCloseAt);
  lay(desk, state, instance);
  shown.memory = state.memory;
  shown.bar = bar;
  shown.barCloseAt = barCloseAt;
  shown.facts = event.facts;
  shown.blind = blindness(shown, warmingOf(state, needs.warmupBars));
  return judged(parts, shown, state);
}

/** A strategy may have looked at its surroundings itself: what is around a wish is told once, and by the engine. */
const without = (gates: readonly Gate[], around: readonly Gate[]): readonly Gate[] =>
  around.length === 0
    ? gates
    : gates.filter(({ gate }) => !around.some((other) => other.gate === gate));

function judged({ instance }: Parts, context: Context<unknown, object>, state: EngineState): Step {
  const { barCloseAt, blind } = context;
  let verdict: Verdict;
  try {
    verdict = instance.strategy.evaluate(context);
    const fault = faultOf(verdict, context);
    if (fault !== null) return failed(instance, { state, context, fault });
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return failed(instance, { state, context, fault });
  }
  state.errors = 0;
  const { wish, view } = verdict;
  const around =
    wish === null
      ? NO_GATES
      : isEmergency(wish)
        ? aroundEmergency(context.facts)
        : context.surroundings(wish.action, wish.direction);
  const unseen = blind !== null && isHeldBack(wish, blind) ? [blind] : NO_GATES;
  const gates =
    unseen.length === 0 && around.length === 0
      ? verdict.gates
      : [...unseen, ...without(verdict.gates, around), ...around];
  const failing = firstFailing(gates) ?? null;
  const audit = { barCloseAt, gates, failing, view, fault: null, records: NO_RECORDS };
  if (wish === null || failing !== null) return { state, effects: NO_EFFECTS, audit };
  return { state, effects: effectsOf(instance, wish, context), audit };
}

/** Makes a strategy ready to run on a market. @throws RangeError when it needs what cannot be had. */
export function createEngine(instance: Instance): Engine {
  const { strategy } = instance;
  const init = (): EngineState => {
    const frames = framesOf(instance);
    return {
      schemaVersion: 1,
      status: 'RUNNING',
      pausedFor: null,
      errors: 0,
      bars: 0,
      lastBarCloseAt: null,
      frames,
      structure: structureOf(instance, frames),
      windows: Object.fromEntries(strategy.needs.windows.map((name) => [name, null])),
      memory: strategy.init(),
    };
  };
  const model = init();
  const desk: Desk = {
    state: model,
    readers: readersOf(model.frames, strategy.needs.timeframe),
  };
  const barMs = TIMEFRAMES[strategy.needs.timeframe];
  const parts = { instance, barMs, desk, shown: contextFor(instance, desk) };
  const stepOf = (state: EngineState, event: EngineEvent, now: EpochMs): Step => {
    switch (event.kind) {
      case 'bar':
        parts.shown.now = now;
        return onBar(parts, state, event);
      case 'order':
        strategy.onOrder(state.memory, event.update, now);
        return { state, effects: NO_EFFECTS, audit: NOTHING };
      case 'position':
        strategy.onPosition(state.memory, event.update, now);
        return { state, effects: NO_EFFECTS, audit: NOTHING };
      case 'pause':
        return paused(state, event.reason, () => {
          strategy.onPause(state.memory, event.reason, now);
        });
      case 'resume':
        return resumed(state, () => {
          strategy.onResume(state.memory, now);
        });
    }
  };
  const decide = (state: EngineState, event: EngineEvent, now: EpochMs): Step => {
    const step = stepOf(state, event, now);
    const records = strategy.takeRecords(state.memory);
    return records.length === 0 ? step : { ...step, audit: { ...step.audit, records } };
  };
  return { instance, init, decide };
}

/** A strategy that failed too often decides nothing until a person starts it again. */
function stopped(state: EngineState, barCloseAt: EpochMs): Step {
  const failing = require({ gate: 'strategy', reason: 'strategy_error' }, 'stopped', 'working');
  return {
    state,
    effects: NO_EFFECTS,
    audit: {
      barCloseAt,
      gates: [failing],
      failing,
      view: null,
      fault: null,
      records: NO_RECORDS,
    },
  };
}

type Failure = {
  readonly state: EngineState;
  readonly context: Context<unknown, object>;
  readonly fault: string;
};

function failed({ strategy }: Instance, { state, context, fault }: Failure): Step {
  const { barCloseAt, now } = context;
  state.errors += 1;
  if (state.errors >= MAX_ERRORS) {
    state.status = 'ERROR';
    strategy.onFailed(state.memory, fault, now);
  }
  const failing = require({ gate: 'strategy', reason: 'strategy_error' }, fault, 'working');
  return {
    state,
    effects: NO_EFFECTS,
    audit: { barCloseAt, gates: [failing], failing, view: null, fault, records: NO_RECORDS },
  };
}

function paused(state: EngineState, reason: string, tell: () => void): Step {
  if (state.status !== 'RUNNING') return { state, effects: NO_EFFECTS, audit: NOTHING };
  state.status = 'PAUSED';
  state.pausedFor = reason;
  tell();
  return { state, effects: [{ kind: 'cancelEntries', reason }], audit: NOTHING };
}

function resumed(state: EngineState, tell: () => void): Step {
  if (state.status !== 'PAUSED') return { state, effects: NO_EFFECTS, audit: NOTHING };
  state.status = 'RUNNING';
  state.pausedFor = null;
  tell();
  return { state, effects: NO_EFFECTS, audit: NOTHING };
}
