import type { BotDoc, StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, priceFromFloat, qty } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import fc from 'fast-check';
import type { BotFacts } from './book-facts.ts';
import { evaluateBot, newBars, standingOf } from './evaluate-bot.ts';

const MINUTE = 60_000;
const START = epochMs(1_700_000_040_000 - (1_700_000_040_000 % MINUTE));

const bot: BotDoc = {
  botId: 'trend',
  bookId: 'paper',
  name: 'Trend',
  marketKey: 'binance_spot_BTC-USDT',
  symbol: 'BTC-USDT',
  timeframe: '1m',
  positionSizeQuote: money('100'),
  maxPositions: 1,
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
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
  status: 'RUNNING',
  preset: 'balanced',
  createdAt: START,
  updatedAt: START,
  version: 0,
};

const facts: BotFacts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
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

const stored = (state: object, lastBarCloseAt: number, botVersion = 0): StrategyStateDoc => ({
  strategyId: bot.botId,
  marketKey: bot.marketKey,
  botVersion,
  state: JSON.stringify(state),
  lastBarCloseAt: epochMs(lastBarCloseAt),
  updatedAt: START,
});

const run = (
  candles: readonly Candle[],
  now: number,
  before?: StrategyStateDoc,
  own: Partial<BotFacts> = {},
) =>
  evaluateBot({
    bot,
    standing: standingOf(bot, before, epochMs(now)),
    candles,
    facts: { ...facts, ...own },
    now: epochMs(now),
    stale: false,
    dataQuality: 1,
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
        let state = first?.state ?? {};
        let last = closeOf(60);
        const total = 60 + portions.reduce((sum, portion) => sum + portion, 0);
        for (const portion of portions) {
          seen += portion;
          const outcome = run(rising(seen), closeOf(seen), stored(state, last), {
            pendingOrder: true,
          });
          state = outcome?.state ?? {};
          last = closeOf(seen);
        }
        const atOnce = run(rising(total), closeOf(total));
        expect(Reflect.get(state, 'indicators')).toEqual(atOnce?.state.indicators);
      },
    ),
  );
});

test('a bar is judged once: without a newer one there is nothing to do', () => {
  const first = run(rising(60), closeOf(60));
  expect(run(rising(60), closeOf(60) + 30_000, stored(first?.state ?? {}, closeOf(60)))).toBeNull();
});

test('at most one signal leaves, however many bars closed', () => {
  const first = run(rising(57), closeOf(57), undefined, { pendingOrder: true });
  const outcome = run(rising(60), closeOf(60), stored(first?.state ?? {}, closeOf(57)));
  expect(outcome?.bars).toBe(3);
  expect(outcome?.signal).not.toBeNull();
  expect(outcome?.view.block?.reason).not.toBeUndefined();
});

test('STR-17 what was held before a long pause is not confirmed by it', () => {
  const first = run(rising(60), closeOf(60), undefined, { pendingOrder: true });
  const before = stored(first?.state ?? {}, closeOf(60));
  const standing = standingOf(bot, before, epochMs(closeOf(70)));
  expect(standing.since).toBe(closeOf(60));
  expect(standing.historyUntil).toBe(closeOf(68));
});

test.each([
  ['other settings', stored({}, START + 60 * MINUTE, 7)],
  ['an unreadable text', { ...stored({}, START + 60 * MINUTE), state: '{' }],
  ['a time before the warm-up', stored({}, START - 1_000 * MINUTE)],
])('a state of %s is rebuilt from history', (_, before) => {
  const standing = standingOf(bot, before, epochMs(closeOf(60)));
  expect(standing.state.lastBarCloseAt).toBeNull();
  expect(standing.since).toBe(closeOf(60) - 600 * MINUTE);
});

test('a bar of five minutes needs all its minutes', () => {
  const five = { ...bot, timeframe: '5m' } as const;
  const begin = START - (START % (5 * MINUTE));
  const offset = (begin + 5 * MINUTE - START) / MINUTE;
  const minutes = Array.from({ length: 10 }, (_, index) => candle(offset + index, 100));
  const standing = { ...standingOf(five, undefined, epochMs(closeOf(60))), since: START };
  expect(newBars({ bot: five, standing, candles: minutes })).toHaveLength(2);
  expect(newBars({ bot: five, standing, candles: minutes.slice(0, 9) })).toHaveLength(1);
  expect(newBars({ bot: five, standing, candles: minutes.filter((_, i) => i !== 2) })).toHaveLength(
    1,
  );
});

test('an emergency stop keeps a bot from entering and is the reason it shows', () => {
  const entryBlock = { reason: 'emergency_stop', detail: 'stopped' } as const;
  const outcome = run(rising(60), closeOf(60), undefined, { entryBlock });
  expect(outcome?.signal).toBeNull();
  expect(outcome?.view.block).toEqual(entryBlock);
});

test('the price of a decision is the close of its bar', () => {
  const outcome = run(rising(60), closeOf(60));
  expect(outcome?.signal?.expectedPrice).toBe(rising(60).at(-1)?.close ?? price('0'));
});
