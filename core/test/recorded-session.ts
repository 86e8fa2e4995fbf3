import * as z from 'zod';
import { engineBar } from '../src/engine/bar.ts';
import { createEngine } from '../src/engine/decide.ts';
import type { Facts } from '../src/engine/facts.ts';
import { barsFingerprint, decidedOf } from '../src/engine/recorded.ts';
import { stored } from '../src/engine/restore.ts';
import { epochMs } from '../src/lib/time.ts';
import { formatDecimal, money, priceFromFloat, qty } from '../src/lib/units.ts';
import type { Candle } from '../src/market/market.ts';
import { at, BTC } from '../src/order/fixtures.ts';
import { compareLedger } from '../src/parity/compare-ledger.ts';
import type { UnderWay } from '../src/parity/compare-facts.ts';
import type { Made, RecordedBar, Recording } from '../src/parity/recording.ts';
import type { Signal } from '../src/strategy/decision.ts';
import { measure, require } from '../src/strategy/gate.ts';
import { defineStrategy, type StrategyDefinition } from '../src/strategy/strategy.ts';
import { aLedger, type Trip } from './ledger.ts';

const MINUTE = 60_000;
const OF = { bot: 'balanced', market: BTC };

type Params = { readonly period: number };

/** Holds while the close is above its average, and a window over trades agrees. */
export const above: StrategyDefinition = defineStrategy<Params, { seen: number }>({
  id: 'above',
  kind: 'module',
  version: '1.0.0',
  title: 'Above its average',
  paramsSchema: z.strictObject({ period: z.int().min(2) }),
  needs: ({ period }) => ({
    timeframe: '1m',
    variants: { '1m': [`SMA_${period}`] },
    windows: ['TRADE_RATE_60_0'],
    structure: [],
    warmupBars: 0,
  }),
  init: () => ({ seen: 0 }),
  evaluate: ({ params, memory, value, facts, bar }) => {
    memory.seen += 1;
    const average = value(`SMA_${params.period}`);
    const isHeld = facts.position !== null;
    const rate = measure({ gate: 'rate', reason: 'no_signal' }, value('TRADE_RATE_60_0'), ['>', 0]);
    const side = measure({ gate: 'average', reason: 'no_signal' }, bar.close, [
      isHeld ? '<' : '>',
      average ?? Number.NaN,
    ]);
    const gates = [
      rate,
      side,
      require({ gate: 'even', reason: 'no_signal' }, memory.seen > 0, true),
    ];
    if (!gates.every(({ passes }) => passes)) return { wish: null, gates, view: null };
    return {
      wish: {
        action: isHeld ? 'EXIT' : 'ENTER',
        direction: 'LONG',
        signalType: isHeld ? 'ZE1' : 'Z1',
        confidence: 1,
        score: 0,
        reasons: [`bar ${memory.seen}`],
        indicatorValues: average === undefined ? {} : { average },
        suggestedStop: null,
        suggestedTarget: null,
        suggestedQuote: null,
        ttlMs: 120_000,
      },
      gates,
      view: null,
    };
  },
});

export const MADE: Made = {
  strategy: 'above',
  version: '1.0.0',
  params: { period: 3 },
  positionSizeQuote: money('100'),
  tickSize: 0.01,
  lotSize: 0.00001,
  document: 1,
  code: 'test',
};

const candle = (minute: number, close: number): Candle => {
  const px = priceFromFloat(close, 'floor');
  return {
    openAt: at(minute * MINUTE),
    open: px,
    high: px,
    low: px,
    close: px,
    volume: qty('1'),
    buyVolume: null,
    quoteVolume: money('1'),
    trades: 1,
    buyTrades: null,
    gapFilled: false,
    incomplete: false,
    revision: 0,
    source: 'trades',
  };
};

/** What the ledger knew after these trips. */
function knownAfter(trips: readonly Trip[]): Facts {
  const steps = compareLedger(OF, aLedger(trips)).steps;
  const last = steps.at(-1);
  const position = last === undefined || last.position.status === 'CLOSED' ? null : last.position;
  return {
    position:
      position === null
        ? null
        : {
            side: position.side,
            quantity: position.quantity,
            averageEntry: position.averageEntry,
            openedAt: position.openedAt,
            lastFillAt: position.lastFillAt,
          },
    pendingOrder: false,
    lastFill:
      last === undefined
        ? null
        : { at: last.fill.at, side: last.fill.side, price: last.fill.price },
    availableQuote: money('1000'),
    entryBlock: null,
    stale: false,
    dataQuality: 1,
    warmup: false,
  };
}

/** A bar is judged this long after its close, and stored this much later; an order is filled at once. */
const [JUDGED, SAVED, FILLED] = [2_000, 2_500, 3_000] as const;

const engineOf = () => {
  const prepared = above.prepare(MADE.params);
  if (!prepared.ok) throw new Error(prepared.error);
  return createEngine({
    bookId: 'paper',
    strategyId: OF.bot,
    marketKey: OF.market,
    symbol: 'BTC-USDT',
    grid: { tickSize: MADE.tickSize, lotSize: MADE.lotSize },
    base: '1m',
    strategy: prepared.value,
    positionSizeQuote: MADE.positionSizeQuote,
  });
};

/** The trips after a signal was filled: one more, or the last one over. */
function filled(trips: readonly Trip[], signal: Signal): readonly Trip[] {
  const minute = (signal.barCloseAt + FILLED - at(0)) / MINUTE;
  const price = formatDecimal(signal.expectedPrice);
  const open = trips.at(-1);
  if (signal.action === 'EXIT' && open !== undefined)
    return [...trips.slice(0, -1), { ...open, heldMinutes: minute - open.minute, exits: [price] }];
  const fee = { amount: '0.05', currency: 'USDT' } as const;
  const trip = { minute, heldMinutes: 0, entries: [price], exits: [], quantity: '0.00200', fee };
  return [...trips, trip];
}

const textOf = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a, textOf) === JSON.stringify(b, textOf);

/**
 * A session on these closes as a desk would record it: each signal is filled before the next bar closes. The state is
 * told every twenty bars, facts when they change.
 */
export function aRecording(closes: readonly number[]): Recording {
  const engine = engineOf();
  const state = engine.init();
  const candles = closes.map((close, minute) => candle(minute, close));
  const bars: RecordedBar[] = [];
  const signals = new Map<string, Signal>();
  let trips: readonly Trip[] = [];
  let told: Facts | null = null;
  for (const [minute, one] of candles.entries()) {
    const closeAt = epochMs(one.openAt + MINUTE);
    const facts = knownAfter(trips);
    const bar = engineBar(one);
    const text = minute % 20 === 0 ? { state: stored(engine, state) } : {};
    const windows = { TRADE_RATE_60_0: minute };
    const now = epochMs(closeAt + JUDGED);
    const step = engine.decide(state, { kind: 'bar', bar, facts, windows }, now);
    bars.push({
      ...decidedOf(step),
      ...text,
      at: closeAt,
      now,
      savedAt: epochMs(closeAt + SAVED),
      fed: 1,
      bars: barsFingerprint([bar]),
      windows,
      sent: step.effects.length > 0,
      gates: step.audit.gates,
      ...(minute === 0 ? { made: MADE } : {}),
      ...(isSame(facts, told) ? {} : { facts }),
    });
    told = facts;
    const [effect] = step.effects;
    if (effect?.kind !== 'signal') continue;
    signals.set(effect.signal.signalId, effect.signal);
    trips = filled(trips, effect.signal);
  }
  const underWay: UnderWay[] = [...signals.values()].map(({ barCloseAt }) => ({
    from: epochMs(barCloseAt + SAVED),
    until: epochMs(barCloseAt + FILLED),
  }));
  return {
    ...OF,
    bookId: 'paper',
    symbol: 'BTC-USDT',
    bars,
    candles,
    signals,
    underWay,
    ledger: aLedger(trips),
  };
}
