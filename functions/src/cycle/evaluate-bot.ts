import type { BotDoc, StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import { bucketStart, durationMs, epochMs, later, type EpochMs } from '@tradewind/core/lib/time';
import { aggregate } from '@tradewind/core/market/aggregate';
import { TIMEFRAMES, type Candle } from '@tradewind/core/market/market';
import type { Signal } from '@tradewind/core/strategy/decision';
import {
  evaluateBar,
  weightedInit,
  weightedRestore,
  type BotView,
  type WeightedState,
} from '@tradewind/core/strategy/weighted/evaluate';
import type { BotFacts } from './book-facts.ts';

/** Bars that a new bot looks back on, and the most minutes that may take. */
const WARMUP_BARS = 600;
const WARMUP_MINUTES = 6_000;
/** STR-17: bars' time that evaluation may pause before what was held counts as new. */
const MAX_GAP_BARS = 3;

/** Where a bot stands: its state, and the close of the last bar it saw. */
export type Standing = {
  readonly state: WeightedState;
  /** Close of the last bar, or for a new bot the time that its history begins. */
  readonly since: EpochMs;
  /** Bars that close until then are history: they warm up and decide nothing. */
  readonly historyUntil: EpochMs;
};

const longestPeriod = ({ signalConfig: { rsi, movingAverage, macd } }: BotDoc): number =>
  Math.max(
    rsi === null ? 0 : rsi.period + 1,
    movingAverage?.slow ?? 0,
    macd === null ? 0 : macd.slow + macd.signal,
  );

/** Bars of history: enough for recursive averages to forget where they began. */
function warmupBars(bot: BotDoc): number {
  const affordable = Math.floor((WARMUP_MINUTES * 60_000) / TIMEFRAMES[bot.timeframe]);
  return Math.max(Math.min(WARMUP_BARS, affordable), 3 * longestPeriod(bot));
}

/**
 * Where to go on from. A state of other settings, an unreadable one, or one older than the whole
 * warm-up is not continued but rebuilt from history.
 *
 * Of history, the bars that a confirmation needs are judged as they would have been at their time,
 * so that a desk that starts need not wait for them again; a backtest would do the same.
 */
export function standingOf(
  bot: BotDoc,
  stored: StrategyStateDoc | undefined,
  now: EpochMs,
): Standing {
  const size = TIMEFRAMES[bot.timeframe];
  const lastClosed = bucketStart(now, durationMs(size));
  const begin = epochMs(Math.max(0, lastClosed - warmupBars(bot) * size));
  const judged = Math.ceil((bot.confirmationMinutes * 60_000) / size) + 1;
  const historyUntil = epochMs(Math.max(0, lastClosed - judged * size));
  const restored =
    stored?.botVersion === bot.version ? weightedRestore(bot, stored.state) : undefined;
  if (stored === undefined || restored?.ok !== true || stored.lastBarCloseAt < begin)
    return { state: weightedInit(bot), since: begin, historyUntil };
  const hasPaused = now - stored.lastBarCloseAt > (MAX_GAP_BARS + 1) * size;
  return {
    state: restored.value,
    since: stored.lastBarCloseAt,
    historyUntil: hasPaused ? historyUntil : stored.lastBarCloseAt,
  };
}

/** What the bars closed since then came to. */
export type Outcome = {
  readonly state: WeightedState;
  readonly view: BotView;
  readonly lastBar: Candle;
  readonly lastBarCloseAt: EpochMs;
  readonly bars: number;
  readonly signal: Signal | null;
};

type Input = {
  readonly bot: BotDoc;
  readonly standing: Standing;
  /** One-minute candles, oldest first. */
  readonly candles: readonly Candle[];
  readonly facts: BotFacts;
  readonly now: EpochMs;
  readonly stale: boolean;
  /** MD-11, of the market's price now. */
  readonly dataQuality: number;
};

/** The bot's bars that closed after `standing.since`. */
export function newBars({ bot, standing, candles }: Pick<Input, 'bot' | 'standing' | 'candles'>) {
  const size = durationMs(TIMEFRAMES[bot.timeframe]);
  return aggregate(candles, bot.timeframe)
    .map((candle) => ({ candle, barCloseAt: later(candle.openAt, size) }))
    .filter(({ barCloseAt }) => barCloseAt > standing.since);
}

/**
 * Judges every new bar in order, each once; `null` when there is none.
 *
 * A bar that closed in the past is judged at its own close. A signal leaves only while it is
 * valid, and at most one: after it, the bot has an order under way.
 */
export function evaluateBot(input: Input): Outcome | null {
  const { bot, standing, facts, now, stale, dataQuality } = input;
  const bars = newBars(input);
  const newest = bars.at(-1);
  if (newest === undefined) return null;
  let state = standing.state;
  let view: BotView | undefined;
  let signal: Signal | null = null;
  for (const { candle, barCloseAt } of bars) {
    const isNewest = barCloseAt === newest.barCloseAt;
    const evaluated = evaluateBar({
      bot,
      state,
      candle,
      context: {
        ...facts,
        pendingOrder: facts.pendingOrder || signal !== null,
        barCloseAt,
        now: isNewest ? now : barCloseAt,
        stale: isNewest && stale,
        dataQuality,
        warmup: barCloseAt <= standing.historyUntil,
      },
    });
    ({ state, view } = evaluated);
    const { decision } = evaluated;
    if (decision.kind === 'signal' && now - barCloseAt <= decision.signal.ttlMs)
      signal ??= decision.signal;
  }
  if (view === undefined) return null;
  return {
    state,
    view,
    lastBar: newest.candle,
    lastBarCloseAt: newest.barCloseAt,
    bars: bars.length,
    signal,
  };
}
