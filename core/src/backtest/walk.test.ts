import { exitOf, FLAT, run, scripted } from '../../test/scripted-runs.ts';
import { price } from '../lib/units.ts';
import type { HoldLimits } from '../portfolio/hold-time.ts';
import { BACKTEST_DEFAULTS } from './config.ts';
import type { FinerBars, TradeColumns } from './data.ts';
import { aStrategy, BEGIN, seriesOf, type Row } from './testing.ts';

const MINUTE = 60_000;
const STOPS = { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null };

/** Enters at the open of the third bar, which follows on two quiet ones; stop at 95, target at 110. */
const protectedRun = (
  rows: readonly Row[],
  change: {
    trailingStopPct?: number;
    finer?: FinerBars;
    trades?: TradeColumns;
    hold?: HoldLimits;
  } = {},
) => {
  const { trailingStopPct = null, finer = null, trades = null } = change;
  const { hold } = change;
  const protection = { ...STOPS, trailingStopPct, ...(hold === undefined ? {} : { hold }) };
  const strategies = [aStrategy({ strategy: scripted({ 1: 'ENTER' }), protection })];
  return run({ strategies }, [{ ...seriesOf([FLAT, FLAT, ...rows]), finer, trades }]);
};

describe('hold times, as on the desk', () => {
  const hold = { minSeconds: null, maxSeconds: 120, extend: false };

  test('PF-55 end a position at the close of the bar in which its time is over', () => {
    expect(exitOf(protectedRun([FLAT, [100, 103, 99, 102], FLAT, FLAT], { hold }))).toEqual([
      ['hold_time', 102],
    ]);
    expect(exitOf(protectedRun([FLAT], { hold }))).toEqual([]);
  });

  test('PF-56 hold back a small profit, and no stop', () => {
    const least = { hold: { minSeconds: 600, maxSeconds: null, extend: false } };
    // Half of the risk of 5 is less than the target's 10: that is no small profit.
    expect(exitOf(protectedRun([[100, 112, 99, 100]], least))).toEqual([['take_profit', 110]]);
    expect(exitOf(protectedRun([[100, 101, 94, 100]], least))).toEqual([['stop_loss', 95]]);
  });
});

describe('PF-40 to PF-48: stop, target and trailing stop within a bar of which only four prices are known', () => {
  test.each<[string, Row[], [string, number][]]>([
    ['the stop, when the bar reaches both', [[100, 120, 90, 100]], [['stop_loss', 95]]],
    ['the target, when the bar reaches it alone', [[100, 112, 99, 100]], [['take_profit', 110]]],
    ['neither, when the bar reaches none', [[100, 109, 96, 100]], []],
    ['a gap below the stop at its open', [FLAT, [90, 92, 80, 91]], [['stop_loss', 90]]],
    ['a gap above the target at its open', [FLAT, [115, 120, 114, 118]], [['take_profit', 115]]],
    ['a level that is just touched', [[100, 100, 95, 99]], [['stop_loss', 95]]],
  ])('meet %s', (_, rows, wanted) => {
    expect(exitOf(protectedRun(rows))).toEqual(wanted);
  });

  test.each<[string, Row[], [string, number][]]>([
    [
      'not by the low of the bar that moves it',
      [[100, 108, 99, 107], FLAT],
      [['trailing_stop', 100]],
    ],
    ['by the close of the bar that moves it', [[100, 108, 99, 101]], [['trailing_stop', 104.76]]],
    [
      'by the low of a later bar',
      [
        [100, 108, 99, 107],
        [107, 107, 104, 106],
      ],
      [['trailing_stop', 104.76]],
    ],
    [
      'never backwards',
      [
        [100, 108, 99, 107],
        [107, 107, 105, 106],
        [106, 106, 105, 105],
      ],
      [],
    ],
  ])('a trailing stop is hit %s', (_, rows, wanted) => {
    expect(exitOf(protectedRun(rows, { trailingStopPct: 3 }))).toEqual(wanted);
  });

  test('levels that the strategy names protect its position though the document has none', () => {
    const strategies = [
      aStrategy({ strategy: scripted({ 0: 'ENTER' }, { stop: 98, target: 103 }) }),
    ];
    const result = run({ strategies }, [
      seriesOf([FLAT, [100, 102, 99, 101], [101, 104, 99, 101]]),
    ]);
    expect(exitOf(result)).toEqual([['take_profit', 103]]);
  });
});

describe('finer data decide what a bar leaves open', () => {
  const column = (...values: number[]) => Float64Array.from(values);
  /** Within the third minute: up to the target first, down to the stop later. */
  const at = (second: number) => BEGIN + 2 * MINUTE + second * 1_000;
  const bar: Row = [100, 120, 90, 100];

  test('finer bars: the target came before the stop', () => {
    const finer: FinerBars = {
      length: 2,
      barMs: 30_000,
      openAt: column(at(0), at(30)),
      open: column(100, 118),
      high: column(120, 118),
      low: column(99, 90),
      close: column(118, 100),
      volume: column(1, 1),
    };
    expect(exitOf(protectedRun([bar], { finer }))).toEqual([['take_profit', 110]]);
  });

  test('finer bars that cover only a part of a bar do not decide: what they miss is read against us', () => {
    const finer: FinerBars = {
      length: 1,
      barMs: 30_000,
      openAt: column(at(0)),
      open: column(100),
      high: column(120),
      low: column(99),
      close: column(118),
      volume: column(1),
    };
    expect(exitOf(protectedRun([bar], { finer }))).toEqual([['stop_loss', 95]]);
  });

  test('finer bars whose prices cannot be are refused', () => {
    const wrong = { length: 1, barMs: 30_000, openAt: column(at(0)), open: column(100) };
    const finer = { ...wrong, high: column(99), low: column(98), close: column(98) };
    expect(() => protectedRun([bar], { finer: { ...finer, volume: column(1) } })).toThrow(
      'row 0 of its finer bars has open 100, high 99',
    );
  });

  test('trades: each of them is a price, and the first to reach a level counts', () => {
    const trades: TradeColumns = {
      length: 4,
      at: column(at(1), at(20), at(40), at(41)),
      price: column(100, 120, 90, 100),
      size: column(1, 1, 1, 1),
    };
    expect(exitOf(protectedRun([bar], { trades }))).toEqual([['take_profit', 120]]);
  });

  test('STR-94 with a latency an order meets the first trade after it', () => {
    const strategies = [aStrategy({ strategy: scripted({ 1: 'ENTER' }) })];
    const trades: TradeColumns = {
      length: 3,
      at: column(at(0), at(1), at(3)),
      price: column(100, 101, 102),
      size: column(500, 500, 500),
    };
    const { openPositions } = run(
      {
        strategies,
        latencyMs: { min: 2_000, max: 2_000 },
        fills: { ...BACKTEST_DEFAULTS.fills, judged: 'atClose' },
      },
      [{ ...seriesOf([FLAT, FLAT, [100, 102, 100, 102]]), trades }],
    );
    expect(openPositions[0]?.averageEntry).toBe(price('102'));
    expect(openPositions[0]?.openedAt).toBe(at(3));
  });

  test('without them an order that comes due within a bar meets the worse of its open and close', () => {
    const strategies = [aStrategy({ strategy: scripted({ 0: 'ENTER' }) })];
    const { openPositions } = run(
      {
        strategies,
        latencyMs: { min: 200, max: 200 },
        fills: { ...BACKTEST_DEFAULTS.fills, judged: 'atClose' },
      },
      [seriesOf([FLAT, [100, 105, 98, 103]])],
    );
    expect(openPositions[0]?.averageEntry).toBe(price('103'));
  });
});
