import fc from 'fast-check';
import { scriptedById } from '../../test/scripted-strategies.ts';
import {
  addMoney,
  formatDecimal,
  money,
  notional,
  qty,
  subMoney,
  sumMoney,
  toNumber,
  type Money,
} from '../lib/units.ts';
import { LIMITS } from '../risk/limits.ts';
import { BACKTEST_DEFAULTS, NEXT_OPEN, NO_LIMITS, type BacktestConfig } from './config.ts';
import type { BarSeries } from './data.ts';
import { MAX_CURVE_POINTS, resultJson, type BacktestResult } from './result.ts';
import { runBacktest } from './run.ts';
import type { RunHooks } from './state.ts';
import { aConfig, anInstrument, aStrategy, BEGIN, seriesOf, type Row } from './testing.ts';

const cents = (x: number): number => Math.round(x * 100) / 100;

/** Bars of a market that jumps: each opens near the close before, and its extremes lie around both. */
const rowsOf = (steps: readonly (readonly [number, number, number, number])[]): Row[] => {
  let last = 100;
  return steps.map(([gap, move, up, down], index): Row => {
    const open = cents(Math.max(1, last * (1 + gap)));
    const close = cents(Math.max(1, open * (1 + move)));
    last = close;
    const high = cents(Math.max(open, close) * (1 + up));
    const low = cents(Math.max(0.5, Math.min(open, close) * (1 - down)));
    return [open, high, Math.min(low, open, close), close, (index * 7_919) % 400];
  });
};

const step = fc.tuple(
  fc.double({ min: -0.02, max: 0.02, noNaN: true }),
  fc.double({ min: -0.05, max: 0.05, noNaN: true }),
  fc.double({ min: 0, max: 0.03, noNaN: true }),
  fc.double({ min: 0, max: 0.03, noNaN: true }),
);
const rows = fc.array(step, { minLength: 5, maxLength: 60 }).map(rowsOf);

const rules = { lotSize: qty('0.001'), minQty: qty('0.001'), minNotional: money('5') };
const BTC = anInstrument(rules);
const ETH = anInstrument({
  ...rules,
  marketKey: 'test_spot_ETH-USDT',
  symbol: 'ETH-USDT',
  base: 'ETH',
});
const PERP = anInstrument({ ...rules, marketKey: 'test_futures_BTC-USDT', market: 'futures' });

const protection = fc.option(
  fc.record({
    stopLossPct: fc.double({ min: 0.5, max: 20, noNaN: true }),
    takeProfitPct: fc.double({ min: 0.5, max: 20, noNaN: true }),
    trailingStopPct: fc.option(fc.double({ min: 0.5, max: 10, noNaN: true })),
  }),
);

const configs = (keys: readonly string[], short: boolean): fc.Arbitrary<BacktestConfig> =>
  fc
    .record({
      seeds: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      protection,
      isPlain: fc.boolean(),
      isLimited: fc.boolean(),
      takenIn: fc.constantFrom<'received' | 'quote'>('received', 'quote'),
      atEnd: fc.constantFrom<'keep' | 'close'>('keep', 'close'),
      pct: fc.integer({ min: 5, max: 100 }),
      seed: fc.nat(),
    })
    .map(({ seeds, isPlain, isLimited, takenIn, atEnd, pct, seed, ...rest }) => {
      const conventions = isPlain ? NEXT_OPEN : BACKTEST_DEFAULTS;
      return aConfig({
        ...conventions,
        fees: { ...conventions.fees, takenIn },
        fills: { ...conventions.fills, atEnd },
        initialBalance: money('10000'),
        limits: isLimited ? LIMITS.paper : { ...NO_LIMITS, balanceBufferPct: 1 },
        strategies: seeds.map((own, index) =>
          aStrategy({
            strategyId: `s${index}`,
            strategy: { id: 'erratic', params: { seed: own, short } },
            marketKeys: keys,
            positionSize: { kind: 'cash', pct },
            protection: rest.protection,
            maxPositions: 2,
          }),
        ),
        funding: { [PERP.marketKey]: { at: [BEGIN + 180_000], rate: [0.01] } },
        seed,
      });
    });

function run(
  config: BacktestConfig,
  series: readonly BarSeries[],
  hooks: Partial<RunHooks> = {},
): BacktestResult {
  const result = runBacktest(config, series, { strategyById: scriptedById, ...hooks });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** What the book's fills come to, told by an account that knows nothing of positions. */
type Account = { cash: Money; readonly held: Map<string, number>; fees: Money };

/** Follows every fill; @throws where a fill breaks a law. */
function audited(config: BacktestConfig, series: readonly BarSeries[]) {
  const account: Account = { cash: config.initialBalance, held: new Map(), fees: money('0') };
  const positions = new Set<string>();
  const signals: string[] = [];
  const verdicts: string[] = [];
  const result = run(config, series, {
    onStep: ({ effects }) => {
      for (const effect of effects)
        if (effect.kind === 'signal') signals.push(effect.signal.signalId);
    },
    onVerdict: ({ signal }) => verdicts.push(signal.signalId),
    onFill: ({ fill, effect }) => {
      expect(fill.fee).toBeGreaterThanOrEqual(0n);
      expect(fill.quantity).toBeGreaterThan(0n);
      expect(sumMoney(effect.postings.map(({ amount }) => amount))).toBe(0n);
      account.cash = addMoney(account.cash, effect.book.cash);
      account.fees = addMoney(account.fees, effect.feeQuote);
      positions.add(effect.position.positionId);
    },
  });
  return { account, positions, signals, verdicts, result };
}

describe('STR-93 laws of every backtest', () => {
  const spot = fc.tuple(rows, rows, configs([BTC.marketKey, ETH.marketKey], false));

  test('prop: spot: equity = cash + all that is held at the last price; cash is never below zero', () => {
    fc.assert(
      fc.property(spot, ([first, second, config]) => {
        const series = [seriesOf(first, BTC), seriesOf(second, ETH)];
        const { account, positions, result } = audited(config, series);
        const { openPositions, trades, fees, cash, finalBalance, initialBalance } = result;
        expect(cash).toBeGreaterThanOrEqual(0n);
        expect(account.cash).toBe(cash);
        expect(account.fees).toBe(fees);
        const open = openPositions.map(({ lastPrice, quantity }) =>
          notional(lastPrice, quantity, 'floor'),
        );
        const rest = subMoney(subMoney(finalBalance, cash), sumMoney(open));
        // What is left is dust: less than the venue would take, of each round trip.
        expect(rest).toBeGreaterThanOrEqual(0n);
        expect(toNumber(rest)).toBeLessThanOrEqual(5 * trades.length + 5 * positions.size);
        expect(result.totalPnl).toBe(subMoney(finalBalance, initialBalance));
        for (const { positionId } of openPositions) expect(positions).toContain(positionId);
        for (const { tradeId } of trades) expect(positions).toContain(tradeId);
      }),
      { numRuns: 60 },
    );
  });

  test('prop: every signal has one verdict, in order; where it waits for an open, the data may end before', () => {
    fc.assert(
      fc.property(spot, ([first, second, config]) => {
        const { signals, verdicts, result } = audited(config, [
          seriesOf(first, BTC),
          seriesOf(second, ETH),
        ]);
        const { counts } = result;
        expect(signals).toHaveLength(counts.signals);
        expect(signals.filter((id, index) => signals.indexOf(id) !== index)).toEqual([]);
        expect(new Set(verdicts).size).toBe(verdicts.length);
        expect(signals).toEqual(expect.arrayContaining(verdicts));
        const refused = Object.values(counts.rejections).reduce((sum, count) => sum + count, 0);
        expect(counts.approved + refused).toBe(verdicts.length);
        if (config.fills.judged === 'atClose') expect(verdicts).toEqual(signals);
      }),
      { numRuns: 40 },
    );
  });

  test('prop: futures, on either side: equity = cash + what is gained or lost', () => {
    const futures = fc.tuple(rows, configs([PERP.marketKey], true));
    fc.assert(
      fc.property(futures, ([bars, config]) => {
        const { result, account } = audited(config, [seriesOf(bars, PERP)]);
        const gains = result.openPositions.map(
          ({ side, quantity, averageEntry, lastPrice }) =>
            toNumber(quantity) *
            (side === 'LONG' ? 1 : -1) *
            (toNumber(lastPrice) - toNumber(averageEntry)),
        );
        const equity = toNumber(result.cash) + gains.reduce((sum, gain) => sum + gain, 0);
        expect(toNumber(result.finalBalance)).toBeCloseTo(equity, 6);
        expect(formatDecimal(subMoney(account.cash, result.funding))).toBe(
          formatDecimal(result.cash),
        );
        const paid = result.trades.map(({ netPnl }) => netPnl);
        if (result.openPositions.length === 0) expect(result.totalPnl).toBe(sumMoney(paid));
      }),
      { numRuns: 60 },
    );
  });
});

describe('STR-94, STR-95: what is decided depends on nothing else', () => {
  test('prop: STR-T13 the same inputs give the same result, byte by byte', () => {
    fc.assert(
      fc.property(rows, configs([BTC.marketKey], false), (bars, config) => {
        const texts = [0, 1].map(() => resultJson(run(config, [seriesOf(bars, BTC)])));
        expect(texts[1]).toBe(texts[0]);
      }),
      { numRuns: 30 },
    );
  });

  test('prop: STR-T13 another future leaves every decision of the past as it was', () => {
    const cases = fc.tuple(rows, fc.nat(), fc.array(step, { minLength: 1, maxLength: 20 }));
    fc.assert(
      fc.property(cases, configs([BTC.marketKey], false), ([bars, where, other], config) => {
        const kept = 1 + (where % bars.length);
        const past = (series: Row[]): string[] => {
          const seen: string[] = [];
          const until = BEGIN + kept * 60_000;
          run(config, [seriesOf(series, BTC)], {
            onStep: ({ at, audit, effects }) => {
              if (at <= until) seen.push(JSON.stringify([at, audit.gates, effects.length]));
            },
            onVerdict: ({ at, signal, decision }) => {
              if (at < until) seen.push(`${signal.signalId} ${decision.outcome}`);
            },
          });
          return seen;
        };
        const changed = [...bars.slice(0, kept), ...rowsOf(other)];
        expect(past(changed)).toEqual(past(bars));
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is kept of the closes', () => {
  test('is bounded, evenly spaced, and ends with the last', () => {
    const bars = rowsOf(Array.from({ length: 9_000 }, (_, i) => [0, Math.sin(i / 50) / 100, 0, 0]));
    const { curve, counts } = run(
      aConfig({ strategies: [aStrategy({ strategy: { id: 'erratic', params: { seed: 3 } } })] }),
      [seriesOf(bars)],
    );
    expect(counts.bars).toBe(9_000);
    expect(curve.length).toBeGreaterThan(MAX_CURVE_POINTS / 2 - 1);
    expect(curve.length).toBeLessThanOrEqual(MAX_CURVE_POINTS);
    const gaps = new Set(curve.slice(1, -1).map(({ at }, index) => at - (curve[index]?.at ?? 0)));
    expect(gaps.size).toBe(1);
    expect(curve.at(-1)?.at).toBe(BEGIN + 9_000 * 60_000);
  });

  test('prop: the deepest fall is that of every close', () => {
    fc.assert(
      fc.property(rows, configs([BTC.marketKey], false), (bars, config) => {
        const { curve, maxDrawdown, daily } = run(config, [seriesOf(bars, BTC)]);
        let [peak, deepest] = [10_000, 0];
        for (const { equity } of curve.slice(0, bars.length - 1)) {
          peak = Math.max(peak, equity);
          deepest = Math.max(deepest, (100 * (peak - equity)) / peak);
        }
        // The last close is amended by what is sold at it.
        expect(maxDrawdown.pct).toBeGreaterThanOrEqual(deepest - 1e-9);
        expect(daily.at(-1)?.equity).toBe(curve.at(-1)?.equity);
      }),
      { numRuns: 30 },
    );
  });
});
