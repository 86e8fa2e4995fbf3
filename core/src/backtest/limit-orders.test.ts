import { scripted } from '../../test/scripted-runs.ts';
import { scriptedById } from '../../test/scripted-strategies.ts';
import { epochMs } from '../lib/time.ts';
import { money, price, toNumber } from '../lib/units.ts';
import type { TimeInForce } from '../order/intent.ts';
import type { Fill } from '../order/order.ts';
import { BACKTEST_DEFAULTS, NO_LIMITS } from './config.ts';
import type { TradeColumns } from './data.ts';
import { judge } from './judge.ts';
import { nextBar, seen } from './market.ts';
import { prepareRun } from './prepare.ts';
import type { Lane, Run } from './state.ts';
import { aConfig, anInstrument, aStrategy, BEGIN, seriesOf, type Row } from './testing.ts';
import { meetOpen, walkBar } from './walk.ts';

const FUTURE = anInstrument({ marketKey: 'test_futures_BTC-USDT', market: 'futures' });
const MAKER = 0.001;
const TAKER = 0.01;

type Setting = {
  readonly side: 'BUY' | 'SELL';
  readonly limit: string;
  readonly latencyMs?: number;
  readonly slippagePct?: number;
  readonly trades?: TradeColumns;
  readonly timeInForce?: TimeInForce;
  readonly participationPct?: number;
};

/** A run in which one limit order for an entry of 10 units waits at the venue, decided at 100 a piece. */
function waiting(rows: readonly Row[], setting: Setting) {
  const {
    side,
    limit,
    latencyMs = 0,
    slippagePct = 0,
    trades = null,
    timeInForce = 'GTC',
  } = setting;
  const fills: Fill[] = [];
  const prepared = prepareRun(
    aConfig({
      strategies: [aStrategy({ strategy: scripted({}), marketKeys: [FUTURE.marketKey] })],
      limits: { ...NO_LIMITS, assumedFeePct: 0 },
      fees: { maker: MAKER, taker: TAKER, takenIn: 'quote' },
      slippage: { spreadPct: 0, fixedPct: slippagePct, impactPct: 0, maxImpactRatio: 0 },
      latencyMs: { min: latencyMs, max: latencyMs },
      fills: { ...BACKTEST_DEFAULTS.fills, market: 'nextTick', priceGuard: false },
      participationPct: setting.participationPct ?? null,
    }),
    [{ ...seriesOf(rows, FUTURE), trades }],
    { strategyById: scriptedById, onFill: ({ fill }) => fills.push(fill) },
  );
  if (!prepared.ok) throw new Error(prepared.error);
  const run = prepared.value;
  const lane = run.lanes[0] as Lane;
  seen(lane.market, 100, BEGIN);
  const now = epochMs(BEGIN);
  judge(run, lane, {
    now,
    signal: {
      signalId: 's',
      bookId: 'book',
      strategyId: 'one',
      marketKey: FUTURE.marketKey,
      symbol: 'BTC-USDT',
      signalType: 'Z1',
      action: 'ENTER',
      direction: side === 'BUY' ? 'LONG' : 'SHORT',
      confidence: 1,
      score: 0,
      reasons: [],
      indicatorValues: {},
      expectedPrice: price('100'),
      suggestedQuote: money('1000'),
      suggestedStop: null,
      suggestedTarget: null,
      ttlMs: 600_000,
      barCloseAt: now,
      decidedAt: now,
    },
  });
  const { order } = lane;
  if (order === null) throw new Error('Invariant: the gate without limits approves it');
  const limited = { type: 'LIMIT' as const, limitPrice: price(limit), timeInForce };
  const instruction = { ...order.instruction, ...limited };
  lane.order = { ...order, instruction };
  return { run, lane, fills };
}

/** What the order met in the first bar: price, and whether it paid as a maker or a taker. */
function met({ run, lane, fills }: { run: Run; lane: Lane; fills: readonly Fill[] }) {
  meetOpen(run, lane.market, [lane]);
  walkBar(run, lane.market, [lane]);
  const [fill] = fills;
  if (fill === undefined) return 'waits';
  const rate = toNumber(fill.fee) / (toNumber(fill.price) * toNumber(fill.quantity));
  return `${toNumber(fill.price)} ${Math.abs(rate - MAKER) < 1e-9 ? 'maker' : 'taker'}`;
}

describe('a limit order meets a bar of which four prices are known (STR-93, STR-94)', () => {
  test.each<[string, Row, Partial<Setting>, string]>([
    ['not reached', [100, 101, 99.5, 100], {}, 'waits'],
    ['touched at its low', [100, 101, 99, 100], {}, 'waits'],
    ['traded through', [100, 101, 98.99, 100], {}, '99 maker'],
    ['opened at', [99, 101, 99, 100], {}, '99 taker'],
    ['gapped through', [97, 98, 96, 97.5], {}, '97 taker'],
    ['gapped through, with slippage', [98, 98, 96, 97], { slippagePct: 1 }, '98.98 taker'],
    ['never filled worse than itself', [98.5, 99, 96, 97], { slippagePct: 2 }, '99 taker'],
    ['late, and the worse end is beyond it', [98, 101, 97, 100], { latencyMs: 200 }, '99 maker'],
    ['late, and both ends allow it', [97, 98, 96, 98], { latencyMs: 200 }, '98 taker'],
    ['later than the bar', [97, 98, 96, 98], { latencyMs: 90_000 }, 'waits'],
  ])('bought at 99 when %s', (_, row, setting, wanted) => {
    expect(met(waiting([row], { side: 'BUY', limit: '99', ...setting }))).toBe(wanted);
  });

  test.each<[string, Row, Partial<Setting>, string]>([
    ['not reached', [100, 100.5, 99, 100], {}, 'waits'],
    ['touched at its high', [100, 101, 99, 100], {}, 'waits'],
    ['traded through', [100, 101.01, 99, 100], {}, '101 maker'],
    ['gapped through', [103, 104, 102, 103], {}, '103 taker'],
    ['never filled worse than itself', [101.5, 104, 101, 103], { slippagePct: 2 }, '101 taker'],
    ['late, and the worse end is beyond it', [102, 103, 99, 100], { latencyMs: 200 }, '101 maker'],
  ])('sold at 101 when %s', (_, row, setting, wanted) => {
    expect(met(waiting([row], { side: 'SELL', limit: '101', ...setting }))).toBe(wanted);
  });
});

describe('an order that is to be filled at once or not at all does not rest (EXE-12, STR-94)', () => {
  /** The minute before, by whose volume fills are bounded. */
  const QUIET: Row = [100, 100, 100, 100, 40];
  /** What it got, and whether it is still at the venue. */
  function outcome(row: Row, setting: Partial<Setting>) {
    const scene = waiting([QUIET, row], { side: 'BUY', limit: '99', ...setting });
    nextBar(scene.lane.market);
    meetOpen(scene.run, scene.lane.market, [scene.lane]);
    walkBar(scene.run, scene.lane.market, [scene.lane]);
    const got = scene.fills.map((fill) => `${toNumber(fill.quantity)} at ${toNumber(fill.price)}`);
    return `${got.length === 0 ? 'nothing' : got.join(', ')}${scene.lane.order === null ? '' : ', waits'}`;
  }

  test.each<[TimeInForce, string, Row, Partial<Setting>, string]>([
    [
      'IOC',
      'the market opens beyond its limit and trades through it later',
      [100, 101, 98, 100],
      {},
      'nothing',
    ],
    [
      'FOK',
      'the market opens beyond its limit and trades through it later',
      [100, 101, 98, 100],
      {},
      'nothing',
    ],
    [
      'GTC',
      'the market opens beyond its limit and trades through it later',
      [100, 101, 98, 100],
      {},
      '10 at 99',
    ],
    ['IOC', 'all of it can be had', [98, 101, 97, 100], {}, '10 at 98'],
    ['FOK', 'all of it can be had', [98, 101, 97, 100], {}, '10 at 98'],
    ['IOC', 'a part of it can be had', [98, 101, 97, 100, 40], { participationPct: 10 }, '4 at 98'],
    ['FOK', 'a part of it can be had', [98, 101, 97, 100, 40], { participationPct: 10 }, 'nothing'],
    [
      'GTC',
      'a part of it can be had',
      [98, 101, 97, 100, 40],
      { participationPct: 10 },
      '4 at 98, 4 at 99, waits',
    ],
    ['IOC', 'it is not due yet', [98, 101, 97, 100], { latencyMs: 150_000 }, 'nothing, waits'],
  ])('%s: %s', (timeInForce, _, row, setting, wanted) => {
    expect(outcome(row, { timeInForce, ...setting })).toBe(wanted);
  });

  test('IOC takes what a trade at its own price offers, and expires with the first that is worse', () => {
    const at = (...prices: readonly number[]): TradeColumns => ({
      length: prices.length,
      at: Float64Array.from(prices, (__, index) => BEGIN + 60_000 + index * 1_000),
      price: Float64Array.from(prices),
      size: Float64Array.from(prices, () => 1_000),
    });
    const row: Row = [100, 100, 98, 100];
    expect(outcome(row, { timeInForce: 'IOC', trades: at(99, 100) })).toBe('10 at 99');
    expect(outcome(row, { timeInForce: 'IOC', trades: at(100, 98) })).toBe('nothing');
  });
});

describe('a limit order meets trades (STR-93, STR-94)', () => {
  const trades = (...prices: readonly number[]): TradeColumns => ({
    length: prices.length,
    at: Float64Array.from(prices, (_, index) => BEGIN + index * 1_000),
    price: Float64Array.from(prices),
    size: Float64Array.from(prices, () => 1_000),
  });
  test.each<[string, readonly number[], number, string]>([
    ['none reaches it', [100, 99.5, 100], 0, 'waits'],
    ['one touches it', [100, 99, 100], 0, 'waits'],
    ['one goes through it', [100, 98.5, 100], 0, '98.5 taker'],
    ['one does before its latency is over', [98, 100, 100], 1_500, 'waits'],
    ['one does after its latency is over', [100, 100, 98], 1_500, '98 taker'],
  ])('bought at 99 when %s', (_, prices, latencyMs, wanted) => {
    const row: Row = [100, 100, 98, 100];
    const setting = { side: 'BUY', limit: '99', latencyMs, trades: trades(...prices) } as const;
    expect(met(waiting([row], setting))).toBe(wanted);
  });
});
