import { durationMs, epochMs, later, type EpochMs } from '../src/lib/time.ts';
import { money, priceFromFloat, qty } from '../src/lib/units.ts';
import type { Candle } from '../src/market/market.ts';
import type { BlockingReason } from '../src/strategy/blocking.ts';
import type { WeightedBot } from '../src/strategy/weighted/config.ts';
import { evaluateBar, weightedInit, type BarContext } from '../src/strategy/weighted/evaluate.ts';
import { botFromPreset } from '../src/strategy/weighted/presets.ts';

/** The start of a minute. */
export const T0 = 1_700_000_040_000;
export const MINUTE = 60_000;

/** A bot that follows two short averages and acts at once, so that a test's price says what it does. */
export const follower: WeightedBot = {
  ...botFromPreset('balanced', 'follower'),
  botId: 'follower',
  bookId: 'paper',
  marketKey: 'binance_spot_BTC-USDT',
  symbol: 'BTC-USDT',
  confirmationMinutes: 1,
  cooldownMinutes: 1,
  signalConfig: {
    rsi: null,
    movingAverage: { enabled: true, weight: 1, kind: 'SMA', fast: 1, slow: 2 },
    macd: null,
  },
};
export const balanced: WeightedBot = {
  ...follower,
  ...botFromPreset('balanced', 'balanced'),
  botId: 'balanced',
  temperatureTable: 'sensitive',
  confirmationMinutes: 1,
  minConfidence: 0.1,
};

export const bar = (minute: number, close: number): Candle => {
  const px = priceFromFloat(close, 'floor');
  return {
    openAt: epochMs(T0 + minute * MINUTE),
    open: px,
    high: priceFromFloat(close * 1.001, 'floor'),
    low: priceFromFloat(close * 0.999, 'floor'),
    close: px,
    volume: qty('1'),
    buyVolume: qty('0.5'),
    quoteVolume: money('100'),
    trades: 3,
    gapFilled: false,
    buyTrades: null,
    incomplete: false,
    revision: 0,
    source: 'trades',
  };
};
export const closeOf = (candle: Candle): EpochMs => later(candle.openAt, durationMs(MINUTE));

export const idle = (candle: Candle): BarContext => ({
  barCloseAt: closeOf(candle),
  now: closeOf(candle),
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  stale: false,
});
/** What surrounds a bar, and whether it lacks trades itself. */
export type Around = Partial<BarContext> & { readonly incomplete?: boolean };
export type Step = ReturnType<typeof evaluateBar>;

/** Evaluates closes one minute apart; `around` says what surrounds the last bar. */
export function run(
  bot: WeightedBot,
  closes: readonly number[],
  { incomplete = false, ...around }: Around = {},
): Step[] {
  let state = weightedInit(bot);
  return closes.map((close, minute) => {
    const last = minute === closes.length - 1;
    const candle = { ...bar(minute, close), incomplete: last && incomplete };
    const context = { ...idle(candle), ...(last ? around : { position: around.position ?? null }) };
    const step = evaluateBar({ bot, state, candle, context });
    state = step.state;
    return step;
  });
}
export const final = (bot: WeightedBot, closes: readonly number[], around: Around = {}): Step => {
  const step = run(bot, closes, around).at(-1);
  if (step === undefined) throw new Error('a run has at least one bar');
  return step;
};
export const reasonOf = ({ decision }: Step): BlockingReason | null =>
  decision.kind === 'hold' ? decision.block.reason : null;

export const RISING = [100, 102, 104];
export const FALLING = [100, 98, 96];
export const HELD = { quantity: qty('1') };
