import { scripted } from '../../test/scripted-runs.ts';
import { scriptedById } from '../../test/scripted-strategies.ts';
import { epochMs } from '../lib/time.ts';
import { money, price, qty, toNumber } from '../lib/units.ts';
import type { Candle } from '../market/market.ts';
import type { SizingPlan } from '../portfolio/sizing.ts';
import { marketFigures } from '../risk/market-figures.ts';
import { sizeEntry } from '../order/size-entry.ts';
import { aContext, aSignal } from '../order/fixtures.ts';
import type { BacktestTrade } from './result.ts';
import { judge } from './judge.ts';
import { nextBar, seen } from './market.ts';
import { prepareRun } from './prepare.ts';
import { sizingFacts } from './sizing-facts.ts';
import type { Lane, Run } from './state.ts';
import { aConfig, aStrategy, BEGIN, seriesOf, type Row } from './testing.ts';

const MINUTE = 60_000;
/** Where {@link moving} by 0.4 % ends after an even number of minutes. */
const LAST = price('100.4');
const ADAPTIVE: SizingPlan = { profile: 'adaptive' };
/** A price that moves by as many percent from minute to minute, to and fro. */
const moving = (count: number, pct: number): readonly Row[] =>
  Array.from({ length: count }, (_, n) => {
    const px = n % 2 === 0 ? 100 : 100 * (1 + pct / 100);
    return [px, px, px, px] as const;
  });

/** A run after `rows` have closed, and its one lane. */
function after(rows: readonly Row[], sizing: SizingPlan | undefined): [Run, Lane] {
  const strategies = [aStrategy({ strategy: scripted({}), sizing })];
  const prepared = prepareRun(aConfig({ strategies }), [seriesOf(rows)], {
    strategyById: scriptedById,
  });
  if (!prepared.ok) throw new Error(prepared.error);
  const run = prepared.value;
  const lane = run.lanes[0] as Lane;
  for (const [, , , close] of rows) {
    seen(lane.market, close, BEGIN + (lane.market.row + 1) * MINUTE);
    nextBar(lane.market);
  }
  return [run, lane];
}

const candlesOf = (rows: readonly Row[]): readonly Candle[] =>
  rows.map(([open, high, low, close], n) => {
    const exact = (px: number) => price(String(px));
    return {
      openAt: epochMs(BEGIN + n * MINUTE),
      ...{ open: exact(open), high: exact(high), low: exact(low), close: exact(close) },
      ...{ volume: qty('1000'), buyVolume: qty('500'), quoteVolume: money('1000') },
      ...{ trades: 1, buyTrades: 1, gapFilled: false, incomplete: false },
      ...{ revision: 0, source: 'trades' },
    };
  });

test.each([60, 61, 200])(
  'PF-85 a backtest knows of the last hour of %i minutes what the gate of a desk knows',
  (count) => {
    const rows = moving(count, 0.1);
    const now = epochMs(BEGIN + count * MINUTE);
    const desk = marketFigures(candlesOf(rows), { bid: null, ask: null }, now);
    const [run, lane] = after(rows, ADAPTIVE);
    const { volatility, minuteSigma } = sizingFacts(run, lane).figures ?? {};
    expect([volatility, minuteSigma]).toEqual([desk.volatility, desk.minuteSigma]);
    expect(volatility === null).toBe(count < 61);
  },
);

test('PF-85 the win rate of the last twenty round trips is known from the twentieth on, of its own strategy', () => {
  const [run, lane] = after(moving(70, 0.1), ADAPTIVE);
  const trade = (outcome: string, strategyId = 'one') =>
    void run.trades.push({ strategyId, outcome } as BacktestTrade);
  const winRate = () => sizingFacts(run, lane).results?.recentWinRate;
  for (let n = 0; n < 19; n += 1) trade('loss');
  trade('profitable', 'other');
  expect(winRate()).toBeNull();
  trade('profitable');
  expect(winRate()).toBe(0.05);
  trade('profitable');
  expect(winRate()).toBe(0.1);
});

test('without a plan nothing is known, so that no other backtest is decided otherwise', () => {
  const [run, lane] = after(moving(70, 0.1), undefined);
  expect(sizingFacts(run, lane)).toEqual({ figures: null, results: null });
});

test('PF-85 an entry of a backtest is sized as the one of a desk is that knows the same', () => {
  const rows = moving(70, 0.4);
  const quote = money('10000');
  const signal = aSignal({ confidence: 0.8, suggestedQuote: quote });
  const [run, lane] = after(rows, ADAPTIVE);
  const now = epochMs(BEGIN + rows.length * MINUTE);
  const figures = marketFigures(candlesOf(rows), { bid: null, ask: null }, now);
  const strategy = { strategyId: 'one', enabled: true, maxPositions: 1, sizing: ADAPTIVE };
  const { limits } = run.config;
  const desk = sizeEntry(signal, quote, aContext({ figures, results: null, limits, strategy }));
  if (!desk.ok) throw new Error('it has a size');
  const { marketKey } = lane.market.series;
  judge(run, lane, {
    now,
    signal: { ...signal, bookId: 'book', strategyId: 'one', marketKey, expectedPrice: LAST },
  });
  const instruction = lane.order?.instruction;
  if (instruction === undefined) throw new Error('it was refused');
  const spent = toNumber(instruction.quantity) * toNumber(instruction.expectedPrice);
  expect(toNumber(desk.value.wanted)).toBeLessThan(toNumber(quote));
  // Whole units of the market.
  expect(Math.abs(spent - toNumber(desk.value.wanted))).toBeLessThan(101);
});

test('bars of more than a minute do not tell what sizes go by: such a backtest is refused, and says so', () => {
  const strategies = [aStrategy({ strategy: scripted({}), sizing: ADAPTIVE })];
  const fives = { ...seriesOf(moving(3, 0.1)), timeframe: '5m' as const };
  const openAt = fives.openAt.map((_, n) => BEGIN + n * 5 * MINUTE);
  const prepared = prepareRun(aConfig({ strategies }), [{ ...fives, openAt }], {
    strategyById: scriptedById,
  });
  expect(prepared).toMatchObject({
    ok: false,
    error: expect.stringContaining('give bars of a minute') as string,
  });
});
