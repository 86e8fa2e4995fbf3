import type { EngineBar } from '../src/engine/bar.ts';
import { createEngine, type Engine } from '../src/engine/decide.ts';
import type { EngineState, Step as EngineStep } from '../src/engine/engine.ts';
import type { Facts, Holding } from '../src/engine/facts.ts';
import { epochMs, type EpochMs } from '../src/lib/time.ts';
import { money, price, qty } from '../src/lib/units.ts';
import type { Signal } from '../src/strategy/decision.ts';
import { DEFAULT_SIGNALS } from '../src/strategy/weighted/presets.ts';
import type { WeightedParams } from '../src/strategy/weighted/params.ts';
import { weightedView, type WeightedView } from '../src/strategy/weighted/view.ts';
import { weighted } from '../src/strategy/weighted/weighted.ts';

/** The start of a minute. */
export const T0 = 1_700_000_040_000;
export const MINUTE = 60_000;

/** A bot that follows two short averages and acts at once, so that a test's price says what it does. */
export const follower: WeightedParams = {
  timeframe: '1m',
  tradeStepPct: 2,
  cooldownMinutes: 1,
  confirmationMinutes: 1,
  minTradeTemperature: 'HOT',
  minConfidence: 0.6,
  temperatureTable: 'production',
  signalConfig: {
    rsi: null,
    movingAverage: { enabled: true, weight: 1, kind: 'SMA', fast: 1, slow: 2 },
    macd: null,
  },
};
export const balanced: WeightedParams = {
  ...follower,
  temperatureTable: 'sensitive',
  minConfidence: 0.1,
  signalConfig: DEFAULT_SIGNALS,
};

/** A bot with these parameters, buying for 100. @throws Error that says what is wrong with them. */
export function engineOf(params: WeightedParams): Engine {
  const strategy = weighted.prepare(params);
  if (!strategy.ok) throw new Error(strategy.error);
  return createEngine({
    bookId: 'paper',
    strategyId: 'follower',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    grid: { tickSize: 0.01, lotSize: 0.0001 },
    base: '1m',
    strategy: strategy.value,
    positionSizeQuote: money('100'),
  });
}

export const bar = (minute: number, close: number): EngineBar => ({
  openAt: T0 + minute * MINUTE,
  open: close,
  high: close * 1.001,
  low: close * 0.999,
  close,
  volume: 1,
  buyVolume: 0.5,
  trades: 3,
  incomplete: false,
});
export const closeOf = ({ openAt }: EngineBar): EpochMs => epochMs(openAt + MINUTE);

export const idle: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
};
/** What surrounds a bar, whether it lacks trades itself, and when it is evaluated. */
export type Around = Partial<Facts> & { readonly incomplete?: boolean; readonly now?: EpochMs };
/** What one bar came to. */
export type Step = EngineStep & { readonly view: WeightedView; readonly signal: Signal | null };

/** Feeds one bar. */
export function feed(
  engine: Engine,
  state: EngineState,
  [fed, { incomplete = false, now = closeOf(fed), ...around }]: readonly [EngineBar, Around],
): Step {
  const facts = { ...idle, ...around };
  const step = engine.decide(state, { kind: 'bar', bar: { ...fed, incomplete }, facts }, now);
  const [effect] = step.effects;
  const signal = effect?.kind === 'signal' ? effect.signal : null;
  return { ...step, signal, view: weightedView.parse(step.audit.view) };
}

/** Evaluates closes one minute apart; `around` says what surrounds the last bar. */
export function run(
  params: WeightedParams,
  closes: readonly number[],
  around: Around = {},
): Step[] {
  const engine = engineOf(params);
  const state = engine.init();
  return closes.map((close, minute) => {
    const isLast = minute === closes.length - 1;
    const position = around.position ?? null;
    return feed(engine, state, [bar(minute, close), isLast ? around : { position }]);
  });
}
export const final = (
  params: WeightedParams,
  closes: readonly number[],
  around: Around = {},
): Step => {
  const step = run(params, closes, around).at(-1);
  if (step === undefined) throw new Error('a run has at least one bar');
  return step;
};

export const RISING = [100, 102, 104];
export const FALLING = [100, 98, 96];
export const HELD: Holding = {
  side: 'LONG',
  quantity: qty('1'),
  averageEntry: price('50'),
  openedAt: epochMs(T0),
  lastFillAt: epochMs(T0),
};
