import type { BotDoc, StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import { createEngine, type Engine } from '@tradewind/core/engine/decide';
import type { EngineEvent, EngineState } from '@tradewind/core/engine/engine';
import { stored as textOf } from '@tradewind/core/engine/restore';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, priceFromFloat, qty } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import { require } from '@tradewind/core/strategy/gate';
import {
  defineStrategy,
  type Needs,
  type StrategyDefinition,
} from '@tradewind/core/strategy/strategy';
import { botFromPreset } from '@tradewind/core/strategy/weighted/presets';
import { weighted } from '@tradewind/core/strategy/weighted/weighted';
import fc from 'fast-check';
import * as z from 'zod';
import { RanTooLong, runWithin } from '@tradewind/adapters/isolation/run-within';
import { evaluateBars, newCloses, standingOf, type Input } from './evaluate-bars.ts';

const MINUTE = 60_000;
const START = epochMs(1_700_000_040_000 - (1_700_000_040_000 % MINUTE));

const SETTINGS = {
  timeframe: '1m',
  tradeStepPct: 0,
  cooldownMinutes: 1,
  confirmationMinutes: 1,
  minTradeTemperature: 'WARM',
  minConfidence: 0,
  temperatureTable: 'sensitive',
  signalConfig: {
    rsi: null,
    movingAverage: { enabled: true, weight: 1, kind: 'SMA', fast: 3, slow: 6 },
    macd: null,
  },
};

function engineOf(settings: object, definition: StrategyDefinition = weighted): Engine {
  const strategy = definition.prepare(settings);
  if (!strategy.ok) throw new Error(strategy.error);
  return createEngine({
    bookId: 'paper',
    strategyId: 'trend',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    grid: { tickSize: 0.01, lotSize: 0.0001 },
    base: '1m',
    strategy: strategy.value,
    positionSizeQuote: money('100'),
  });
}
const deciderOf = (engine: Engine) => ({ engine, bot: null, isPaused: false }) as const;
const BOT: BotDoc = {
  ...botFromPreset('balanced', 'Trend'),
  ...{ botId: 'trend', bookId: 'paper', marketKey: 'binance_spot_BTC-USDT', symbol: 'BTC-USDT' },
  ...{ status: 'RUNNING', preset: 'balanced', createdAt: START, updatedAt: START, version: 0 },
};
const decider = deciderOf(engineOf(SETTINGS));

const facts: Input['facts'] = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  dataQuality: 1,
};

const candle = (index: number, close: number): Candle => {
  const at = priceFromFloat(close, 'floor');
  return {
    openAt: epochMs(START + index * MINUTE),
    open: at,
    high: at,
    low: at,
    close: at,
    volume: qty('1'),
    buyVolume: null,
    quoteVolume: money('1'),
    trades: 1,
    gapFilled: false,
    buyTrades: null,
    incomplete: false,
    revision: 0,
    source: 'trades',
  };
};
/** A market that rises 1 % a minute: the averages part at once and stay apart. */
const rising = (count: number): Candle[] =>
  Array.from({ length: count }, (_, index) => candle(index, 100 * 1.01 ** index));
const closeOf = (count: number) => epochMs(START + count * MINUTE);

const documentOf = (state: string, lastBarCloseAt: number): StrategyStateDoc => ({
  strategyId: 'trend',
  marketKey: 'binance_spot_BTC-USDT',
  botVersion: 0,
  state,
  told: { signals: [], position: null },
  lastBarCloseAt: epochMs(lastBarCloseAt),
  updatedAt: START,
});
const stored = (state: EngineState | undefined, lastBarCloseAt: number): StrategyStateDoc =>
  documentOf(textOf(decider.engine, state ?? decider.engine.init()), lastBarCloseAt);

type Other = Partial<Pick<Input, 'news' | 'readings' | 'stale'>> & {
  readonly facts?: Partial<Input['facts']>;
  readonly by?: ReturnType<typeof deciderOf>;
  readonly isPaused?: boolean;
};

const run = (
  candles: readonly Candle[],
  now: number,
  before?: StrategyStateDoc,
  { facts: own = {}, by = decider, isPaused = false, ...other }: Other = {},
) =>
  evaluateBars({
    decider: { ...by, isPaused },
    standing: standingOf(by, before, epochMs(now)),
    candles,
    readings: new Map(),
    news: [],
    facts: { ...facts, ...own },
    now: epochMs(now),
    stale: false,
    ...other,
  });

test('a new bot that history confirms may act on the bar that just closed', () => {
  const outcome = run(rising(60), closeOf(60) + 5_000);
  expect(outcome?.bars).toBe(60);
  expect(outcome?.signal).toMatchObject({ action: 'ENTER', barCloseAt: closeOf(60) });
});

test('a signal that came too late does not leave, but the state moves on', () => {
  const outcome = run(rising(60), closeOf(60) + 59_000 + 120_000);
  expect(outcome?.signal).toBeNull();
  expect(outcome?.lastBarCloseAt).toBe(closeOf(60));
});

test('prop: bars judged in any portions give the same state as in one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 8 }),
      (portions) => {
        const first = run(rising(60), closeOf(60));
        let seen = 60;
        let state = first?.state;
        let last = closeOf(60);
        const total = 60 + portions.reduce((sum, portion) => sum + portion, 0);
        for (const portion of portions) {
          seen += portion;
          const outcome = run(rising(seen), closeOf(seen), stored(state, last));
          state = outcome?.state;
          last = closeOf(seen);
        }
        const atOnce = run(rising(total), closeOf(total));
        expect(state?.frames).toEqual(atOnce?.state.frames);
      },
    ),
    { numRuns: 20 },
  );
});

test('a bar is judged once: without a newer one there is nothing to do', () => {
  const first = run(rising(60), closeOf(60));
  expect(run(rising(60), closeOf(60) + 30_000, stored(first?.state, closeOf(60)))).toBeNull();
});

test('at most one signal leaves, however many bars closed', () => {
  const first = run(rising(57), closeOf(57), undefined, { facts: { pendingOrder: true } });
  const outcome = run(rising(60), closeOf(60), stored(first?.state, closeOf(57)));
  expect(outcome?.bars).toBe(3);
  expect(outcome?.signal?.barCloseAt).toBe(closeOf(58));
  expect(outcome?.judged.map(({ sent }) => sent)).toEqual([true, false, false]);
});

test('STR-17 what was held before a long pause is not confirmed by it', () => {
  const first = run(rising(60), closeOf(60), undefined, { facts: { pendingOrder: true } });
  const before = stored(first?.state, closeOf(60));
  const standing = standingOf(decider, before, epochMs(closeOf(70)));
  expect(standing.since).toBe(closeOf(60));
  expect(standing.historyUntil).toBe(closeOf(68));
});

test.each([
  ['other settings', documentOf(textOf(engineOf({}), engineOf({}).init()), START + 60 * MINUTE)],
  ['an unreadable text', documentOf('{', START + 60 * MINUTE)],
  ['a time before the warm-up', stored(undefined, START - 1_000 * MINUTE)],
])('a state of %s is rebuilt from history', (_, before) => {
  const standing = standingOf(decider, before, epochMs(closeOf(60)));
  expect(standing).toMatchObject({ isNew: true, since: closeOf(60) - 600 * MINUTE });
  expect(standing.state.lastBarCloseAt).toBeNull();
});

test('STR-06 a bot that failed is made anew when it runs again; a strategy stays stopped on its market', () => {
  const failed = { ...decider.engine.init(), status: 'ERROR' as const };
  const before = stored(failed, closeOf(60));
  const statusOf = (bot: BotDoc | null) =>
    standingOf({ ...decider, bot }, before, epochMs(closeOf(61))).state.status;
  expect([statusOf(BOT), statusOf(null)]).toEqual(['RUNNING', 'ERROR']);
});

test('a bar of five minutes needs all its minutes', () => {
  const five = deciderOf(engineOf({ ...SETTINGS, timeframe: '5m' }));
  const begin = START - (START % (5 * MINUTE));
  const offset = (begin + 5 * MINUTE - START) / MINUTE;
  const minutes = Array.from({ length: 10 }, (_, index) => candle(offset + index, 100));
  const standing = { ...standingOf(five, undefined, epochMs(closeOf(60))), since: START };
  const closes = (candles: readonly Candle[]) =>
    newCloses({ decider: five, standing, candles }).length;
  expect(closes(minutes)).toBe(2);
  expect(closes(minutes.slice(0, 9))).toBe(1);
  expect(closes(minutes.filter((_, i) => i !== 2))).toBe(1);
});

test('bars of five minutes are judged once each, of all the minutes that they are made of', () => {
  const by = deciderOf(engineOf({ ...SETTINGS, timeframe: '5m', confirmationMinutes: 5 }));
  const outcome = run(rising(60), closeOf(60), undefined, { by });
  expect(outcome?.judged.map(({ fed }) => fed)).toEqual([5, 5]);
  expect(outcome?.lastBarCloseAt).toBe(outcome?.state.lastBarCloseAt);
});

test('an emergency stop keeps a bot from entering and is the reason it shows', () => {
  const entryBlock = { reason: 'emergency_stop', detail: 'stopped' } as const;
  const outcome = run(rising(60), closeOf(60), undefined, { facts: { entryBlock } });
  expect(outcome?.signal).toBeNull();
  expect(outcome?.audit.failing).toMatchObject({ gate: 'book', input: 'stopped' });
});

test('the price of a decision is the close of its bar', () => {
  const outcome = run(rising(60), closeOf(60));
  expect(outcome?.signal?.expectedPrice).toBe(rising(60).at(-1)?.close ?? price('0'));
});

const BARE: Needs = { timeframe: '1m', variants: {}, windows: [], structure: [], warmupBars: 0 };

describe('what happened besides bars', () => {
  const heard: string[] = [];
  const listener = defineStrategy<object, { bars: number }>({
    id: 'listener',
    kind: 'module',
    version: '1',
    title: 'Listener',
    paramsSchema: z.strictObject({}),
    needs: () => ({ ...BARE, windows: ['TWPA_300_0'], warmupBars: 5, judgedMs: MINUTE }),
    init: () => ({ bars: 0 }),
    evaluate: ({ blind, value }) => {
      if (blind === null) heard.push(`bar ${value('TWPA_300_0') ?? 'unknown'}`);
      return {
        wish: null,
        gates: [require({ gate: 'never', reason: 'no_signal' }, true, false)],
        view: null,
      };
    },
    onOrder: (_, { status }) => heard.push(status),
    onPause: () => heard.push('pause'),
    onResume: () => heard.push('resume'),
  });
  const by = deciderOf(engineOf({}, listener));
  const news: EngineEvent[] = [
    {
      kind: 'order',
      update: { intentId: 'i', action: 'ENTER', status: 'filled', reason: null },
    },
  ];
  beforeEach(() => {
    heard.length = 0;
  });

  test('is told once, after the history that a new state is made of', () => {
    const outcome = run(rising(60), closeOf(60), undefined, { by, news });
    expect(heard).toEqual(['filled', 'bar unknown', 'bar unknown']);
    expect(outcome?.isTold).toBe(true);
    expect(outcome?.judged.map(({ told }) => told.length)).toEqual([1, 0]);
  });

  test('waits while all bars are history', () => {
    const outcome = run(rising(57), closeOf(60), undefined, { by, news });
    expect([outcome?.isTold, outcome?.judged, heard]).toEqual([false, [], []]);
  });

  test('STR-91 a strategy that its document pauses is paused, and cancels its entries', () => {
    const outcome = run(rising(60), closeOf(60), undefined, { by, isPaused: true });
    expect(heard[0]).toBe('pause');
    expect(outcome?.cancel).toBe('the strategy is paused');
    expect(outcome?.state.status).toBe('PAUSED');
    const before = documentOf(textOf(by.engine, outcome?.state ?? by.engine.init()), closeOf(60));
    const resumed = run(rising(61), closeOf(61), before, { by });
    expect([heard.at(-2), resumed?.state.status]).toEqual(['resume', 'RUNNING']);
  });

  test('windows over trades are known only of the bar at whose close they were read', () => {
    const readings = new Map([[closeOf(60), { TWPA_300_0: 7, OTHER: 1 }]]);
    const outcome = run(rising(60), closeOf(60), undefined, { by, readings });
    expect(heard).toEqual(['bar unknown', 'bar 7']);
    expect(outcome?.judged.map(({ windows }) => windows)).toEqual([
      { TWPA_300_0: null },
      { TWPA_300_0: 7 },
    ]);
  });
});

test('STR-06 a strategy that loops for ever is ended, and the next is evaluated', () => {
  const looping = defineStrategy<object, { turns: number }>({
    id: 'looping',
    kind: 'module',
    version: '1',
    title: 'Looping',
    paramsSchema: z.strictObject({}),
    needs: () => BARE,
    init: () => ({ turns: 0 }),
    evaluate: ({ memory }) => {
      for (;;) memory.turns += 1;
    },
  });
  const by = deciderOf(engineOf({}, looping));
  expect(() => runWithin(50, () => run(rising(60), closeOf(60), undefined, { by }))).toThrow(
    RanTooLong,
  );
  expect(runWithin(10_000, () => run(rising(60), closeOf(60)))?.signal).not.toBeNull();
});
