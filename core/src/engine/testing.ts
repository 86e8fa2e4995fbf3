import { epochMs } from '../lib/time.ts';
import { money } from '../lib/units.ts';
import { require } from '../strategy/gate.ts';
import type { Context, Prepared } from '../strategy/strategy.ts';
import type { EngineBar } from './bar.ts';
import { createEngine, type Engine } from './decide.ts';
import type { EngineState } from './engine.ts';
import type { Facts } from './facts.ts';
import type { StructureNeed } from './structure-state.ts';

export const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 5);

/** A flat book with means, of a strategy that nothing keeps from trading. */
export const facts: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
};

export type Look = (context: Context<unknown, object>) => unknown;

/** An engine that only looks, and what it saw last. */
export function watching(structure: readonly StructureNeed[], look: Look) {
  const seen: { last: unknown } = { last: undefined };
  const nothing = (): void => undefined;
  const strategy: Prepared = {
    id: 'watch',
    kind: 'module',
    version: '1',
    needs: { timeframe: '1m', variants: {}, windows: [], structure, warmupBars: 0 },
    init: () => ({}),
    params: {},
    liveFaults: [],
    evaluate: (context) => {
      seen.last = look(context);
      return {
        wish: null,
        gates: [require({ gate: 'watch', reason: 'no_signal' }, true, false)],
        view: null,
      };
    },
    onOrder: nothing,
    onPosition: nothing,
    onPause: nothing,
    onResume: nothing,
    onRestart: nothing,
    onFailed: nothing,
    takeRecords: () => [],
    describe: ({ gate }) => gate,
  };
  const engine = createEngine({
    bookId: 'book',
    strategyId: 'one',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    grid: { tickSize: 0.01, lotSize: 0.001 },
    base: '1m',
    strategy,
    positionSizeQuote: money('100'),
  });
  return { engine, seen };
}

/** A quiet minute at 100. */
export const bar = (minute: number, change: Partial<EngineBar> = {}): EngineBar => ({
  openAt: START + minute * MINUTE,
  open: 100,
  high: 100.5,
  low: 99.5,
  close: 100,
  volume: 10,
  buyVolume: 5,
  trades: 40,
  buyTrades: 20,
  incomplete: false,
  ...change,
});

export const feed = (engine: Engine, state: EngineState, each: EngineBar) =>
  engine.decide(state, { kind: 'bar', bar: each, facts }, epochMs(each.openAt + MINUTE));
