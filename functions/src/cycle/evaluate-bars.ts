import type { StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import { engineBar, type EngineBar } from '@tradewind/core/engine/bar';
import type { Engine } from '@tradewind/core/engine/decide';
import type { Audit, Effect, EngineEvent, EngineState } from '@tradewind/core/engine/engine';
import type { Facts } from '@tradewind/core/engine/facts';
import { barsFingerprint, decidedOf, type Decided } from '@tradewind/core/engine/recorded';
import { restore, stored as textOf } from '@tradewind/core/engine/restore';
import { bucketStart, durationMs, epochMs, later, type EpochMs } from '@tradewind/core/lib/time';
import { aggregate } from '@tradewind/core/market/aggregate';
import { TIMEFRAMES, type Candle } from '@tradewind/core/market/market';
import type { Signal } from '@tradewind/core/strategy/decision';
import type { Decider } from './deciders.ts';
import type { Readings } from './market-data.ts';

/** Bars that a new strategy looks back on, and the most minutes that may take. */
const WARMUP_BARS = 600;
const WARMUP_MINUTES = 6_000;
/** So many times what an indicator needs, for recursive ones to forget where they began. */
const SETTLING = 3;
/** STR-17: bars' time that evaluation may pause before what was held counts as new. */
const MAX_GAP_BARS = 3;

/** Where a strategy stands: its state, and the close of the last bar it saw. */
export type Standing = {
  readonly state: EngineState;
  /** It has seen nothing: the state is made of history first. */
  readonly isNew: boolean;
  /** Close of the last bar, or for a new one the time that its history begins. */
  readonly since: EpochMs;
  /** Bars that close until then are history: they warm up and decide nothing. */
  readonly historyUntil: EpochMs;
};

const sizeOf = ({ instance }: Engine) => durationMs(TIMEFRAMES[instance.strategy.needs.timeframe]);

/** Market milliseconds of history that a new strategy takes. */
function warmupMs(engine: Engine, { frames }: EngineState): number {
  const size = sizeOf(engine);
  const affordable = Math.floor((WARMUP_MINUTES * 60_000) / size);
  return Math.max(
    Math.min(WARMUP_BARS, affordable) * size,
    (engine.instance.strategy.needs.warmupBars + 1) * size,
    ...frames.map(({ timeframe, set }) => SETTLING * set.warmup * TIMEFRAMES[timeframe]),
  );
}

/**
 * Where to go on from. A state of another making, an unreadable one, one older than the whole warm-up, or one of a
 * bot that had failed is not continued but rebuilt from history.
 *
 * Of history, the bars that a confirmation needs are judged as they would have been at their time, so that a desk
 * that starts need not wait for them again; a backtest would do the same.
 */
export function standingOf(
  { engine, bot }: Pick<Decider, 'engine' | 'bot'>,
  stored: StrategyStateDoc | undefined,
  now: EpochMs,
): Standing {
  const size = sizeOf(engine);
  const fresh = engine.init();
  const lastClosed = bucketStart(now, size);
  const begin = epochMs(
    Math.max(0, bucketStart(epochMs(Math.max(0, lastClosed - warmupMs(engine, fresh))), size)),
  );
  const judged = Math.ceil((engine.instance.strategy.needs.judgedMs ?? 0) / size) + 1;
  const historyUntil = epochMs(Math.max(0, lastClosed - judged * size));
  const restored = stored === undefined ? undefined : restore(engine, stored.state);
  // A bot that runs although it had failed was started again by a person; starting a strategy writes its states anew.
  const isStartedAgain = bot !== null && restored?.ok === true && restored.value.status === 'ERROR';
  if (
    stored === undefined ||
    restored?.ok !== true ||
    isStartedAgain ||
    stored.lastBarCloseAt < begin
  )
    return { state: fresh, isNew: true, since: begin, historyUntil };
  const hasPaused = now - stored.lastBarCloseAt > (MAX_GAP_BARS + 1) * size;
  return {
    state: restored.value,
    isNew: false,
    since: stored.lastBarCloseAt,
    historyUntil: hasPaused ? historyUntil : stored.lastBarCloseAt,
  };
}

/** One bar as it was judged, to be recorded. */
export type Judged = Decided & {
  readonly at: EpochMs;
  readonly now: EpochMs;
  readonly bar: EngineBar;
  readonly fed: number;
  readonly bars: string;
  readonly windows: Readings | null;
  readonly told: readonly EngineEvent[];
  readonly facts: Facts;
  /** What moved in the strategy since the bar before (STR-34). */
  readonly moved: Audit['records'];
  /** The engine's state before `told`. */
  readonly state: string;
  readonly audit: Audit;
  readonly sent: boolean;
};

/** What the bars closed since then came to. */
export type Outcome = {
  readonly state: EngineState;
  /** Of the last bar. */
  readonly audit: Audit;
  readonly lastBar: EngineBar;
  readonly lastBarCloseAt: EpochMs;
  readonly bars: number;
  readonly signal: Signal | null;
  /** Why working entries are to be cancelled; `null` when they are not. */
  readonly cancel: string | null;
  readonly judged: readonly Judged[];
  /** Whether the news reached the strategy: not while all bars are history. */
  readonly isTold: boolean;
};

export type Input = {
  readonly decider: Pick<Decider, 'engine' | 'isPaused'>;
  readonly standing: Standing;
  /** One-minute candles, oldest first. */
  readonly candles: readonly Candle[];
  readonly readings: ReadonlyMap<number, Readings>;
  /** What happened since the last bar besides bars. */
  readonly news: readonly EngineEvent[];
  readonly facts: Omit<Facts, 'stale' | 'warmup'>;
  readonly now: EpochMs;
  readonly stale: boolean;
};

/** Closes of the strategy's bars that closed after `standing.since`, oldest first. */
export function newCloses({
  decider: { engine },
  standing,
  candles,
}: Pick<Input, 'standing' | 'candles'> & {
  readonly decider: Pick<Decider, 'engine'>;
}): EpochMs[] {
  return aggregate(candles, engine.instance.strategy.needs.timeframe)
    .map(({ openAt }) => later(openAt, sizeOf(engine)))
    .filter((close) => close > standing.since);
}

/** Pause or resume, where the document says other than the state (STR-91). */
function switched({ decider, standing }: Input): EngineEvent[] {
  const { status } = standing.state;
  if (decider.isPaused && status === 'RUNNING')
    return [{ kind: 'pause', reason: 'the strategy is paused' }];
  return !decider.isPaused && status === 'PAUSED' ? [{ kind: 'resume' }] : [];
}

/** What of the windows a strategy asked for is known at a close; `null` when it asked for none. */
function windowsAt({ decider: { engine }, readings }: Input, close: EpochMs): Readings | null {
  const { windows } = engine.instance.strategy.needs;
  if (windows.length === 0) return null;
  const known = readings.get(close);
  return Object.fromEntries(windows.map((name) => [name, known?.[name] ?? null]));
}

/** All that one run over bars goes on with. */
type Run = {
  readonly input: Input;
  readonly newest: EpochMs;
  readonly state: EngineState;
  /** Fed since the last bar of the strategy's own. */
  fed: EngineBar[];
  told: EngineEvent[];
  moved: Audit['records'];
  /** The state before the first of them. */
  before: string;
  isTold: boolean;
  signal: Signal | null;
  cancel: string | null;
  last: { readonly audit: Audit; readonly bar: EngineBar } | null;
  bars: number;
  readonly judged: Judged[];
};

const MINUTE = durationMs(TIMEFRAMES['1m']);

const cancelOf = (effects: readonly Effect[]): string | null =>
  effects.find((effect) => effect.kind === 'cancelEntries')?.reason ?? null;

/** Tells what happened besides bars before the first bar that is no history. */
function tell(run: Run, at: EpochMs): void {
  const { input, state } = run;
  run.isTold = true;
  for (const event of [...switched(input), ...input.news]) {
    const { effects, audit } = input.decider.engine.decide(state, event, at);
    run.cancel ??= cancelOf(effects);
    run.moved = [...run.moved, ...audit.records];
    run.told.push(event);
  }
}

/** What a bar is judged by. */
function circumstances({ input, newest, signal }: Run, close: EpochMs) {
  const isNewest = close === newest;
  const facts: Facts = {
    ...input.facts,
    pendingOrder: input.facts.pendingOrder || signal !== null,
    stale: isNewest && input.stale,
    warmup: close <= input.standing.historyUntil,
  };
  return { facts, windows: windowsAt(input, close), now: isNewest ? input.now : close };
}

function feed(run: Run, candle: Candle): void {
  const { input, state } = run;
  const { engine } = input.decider;
  const close = later(candle.openAt, MINUTE);
  const bar = engineBar(candle);
  const { facts, windows, now } = circumstances(run, close);
  // Bars that a new state is made of are no decisions: the state is told with the first bar after them.
  const isRecorded = !(input.standing.isNew && facts.warmup);
  if (run.fed.length === 0 && isRecorded) run.before = textOf(engine, state);
  if (!run.isTold && !facts.warmup) tell(run, close);
  run.fed.push(bar);
  const event = { kind: 'bar', bar, facts, ...(windows === null ? {} : { windows }) } as const;
  const step = engine.decide(state, event, now);
  const { audit, effects } = step;
  if (audit.barCloseAt === null) return;
  const wish = effects.find((effect) => effect.kind === 'signal')?.signal ?? null;
  const sent = wish !== null && run.signal === null && input.now - close <= wish.ttlMs;
  if (sent) run.signal = wish;
  run.cancel ??= cancelOf(effects);
  if (isRecorded)
    run.judged.push({
      ...decidedOf(step),
      ...{ at: close, now, bar, windows, facts, audit, sent },
      ...{ fed: run.fed.length, bars: barsFingerprint(run.fed) },
      ...{ told: run.told, moved: [...run.moved, ...audit.records], state: run.before },
    });
  run.fed = [];
  run.told = [];
  run.moved = [];
  run.bars += 1;
  run.last = { audit, bar };
}

/**
 * Judges every new bar in order, each once; `null` when there is none. The state of `standing` is changed in place.
 *
 * A bar that closed in the past is judged at its own close. A signal leaves only while it is valid, and at most
 * one: after it, there is an order under way.
 */
export function evaluateBars(input: Input): Outcome | null {
  const { standing, candles } = input;
  const newest = newCloses(input).at(-1);
  if (newest === undefined) return null;
  const run: Run = {
    ...{ input, newest, state: standing.state, before: '', isTold: false },
    ...{ fed: [], told: [], moved: [], judged: [] },
    ...{ signal: null, cancel: null, last: null, bars: 0 },
  };
  for (const candle of candles) {
    const close = later(candle.openAt, MINUTE);
    if (close > standing.since && close <= newest) feed(run, candle);
  }
  const { state, last, bars, signal, cancel, judged, isTold } = run;
  if (last === null) return null;
  return {
    ...{ state, audit: last.audit, lastBar: last.bar, lastBarCloseAt: newest },
    ...{ bars, signal, cancel, judged, isTold },
  };
}
