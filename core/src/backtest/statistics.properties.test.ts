import fc from 'fast-check';
import { DEFINITIONS } from './definitions.ts';
import { DAY, HOUR, pathOf, sampleWith, START, tradeOf } from './sample-testing.ts';
import type { Sample } from './sample.ts';
import { statisticsOfSample } from './statistics.ts';

const figuresOf = (change: Partial<Sample> = {}) => statisticsOfSample(sampleWith(change)).figures;

const pnl = fc
  .double({ min: -500, max: 500, noNaN: true })
  .map((value) => Math.round(value * 100) / 100);
const anyTrade = fc
  .record({
    pnl,
    opened: fc.integer({ min: 0, max: 90 * 24 }),
    hours: fc.integer({ min: 1, max: 48 }),
  })
  .map(({ pnl: value, opened, hours }) =>
    tradeOf(value, { openedAt: START + opened * HOUR, closedAt: START + (opened + hours) * HOUR }),
  );
const anyReturns = fc.array(
  fc.integer({ min: -2_000, max: 2_000 }).map((n) => n / 10_000),
  {
    minLength: 2,
    maxLength: 60,
  },
);

/** The figures, each to nine digits: sums of floats in another order differ in the last. */
const rounded = (figures: object): unknown =>
  JSON.parse(
    JSON.stringify(figures, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    ),
  );

test('prop: the order in which trades are listed changes nothing', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyTrade, { selector: ({ closedAt }) => closedAt }),
      fc.infiniteStream(fc.nat()),
      (trades, keys) => {
        const shuffled = trades
          .map((trade) => ({ trade, key: Number(keys.next().value) }))
          .sort((a, b) => a.key - b.key)
          .map(({ trade }) => trade);
        expect(rounded(figuresOf({ trades: shuffled }))).toEqual(rounded(figuresOf({ trades })));
      },
    ),
  );
});

test('prop: ten times the money gives ten times the amounts, and the same ratios', () => {
  const scaled = (sample: Sample, by: number): Sample => ({
    ...sample,
    initialBalance: sample.initialBalance * by,
    finalBalance: sample.finalBalance * by,
    trades: sample.trades.map((trade) => ({
      ...trade,
      entryValue: trade.entryValue * by,
      exitValue: trade.exitValue * by,
      fees: trade.fees * by,
      grossPnl: trade.grossPnl * by,
      netPnl: trade.netPnl * by,
    })),
    daily: sample.daily.map(({ at, equity }) => ({ at, equity: equity * by })),
    drawdown: { ...sample.drawdown, maxQuote: sample.drawdown.maxQuote * by },
  });
  fc.assert(
    fc.property(fc.array(anyTrade), anyReturns, (trades, returns) => {
      const daily = pathOf(returns, DAY);
      const sample = sampleWith({ trades, daily, finalBalance: daily.at(-1)?.equity ?? 0 });
      const [plain, tenfold] = [sample, scaled(sample, 10)].map(
        (each) => statisticsOfSample(each).figures,
      );
      for (const [id, { unit }] of Object.entries(DEFINITIONS)) {
        const [one, ten] = [plain, tenfold].map(
          (figures) => figures?.[id as keyof typeof figures] ?? null,
        );
        if (one === null || one === undefined) expect([id, ten]).toEqual([id, null]);
        else expect((ten ?? 0) / (unit === 'quote' ? 10 : 1)).toBeCloseTo(one, 6);
      }
    }),
  );
});

test('prop: counts, rates and shares keep to their ranges, and nothing is ever NaN', () => {
  fc.assert(
    fc.property(fc.array(anyTrade), anyReturns, (trades, returns) => {
      const figures = figuresOf({ trades, daily: pathOf(returns, DAY) });
      expect(figures.winning + figures.losing + figures.flat).toBe(figures.totalTrades);
      expect(figures.winRate ?? 0).toBeGreaterThanOrEqual(0);
      expect(figures.winRate ?? 0).toBeLessThanOrEqual(1);
      expect((figures.sharpe ?? 0) * (figures.sortino ?? 0)).toBeGreaterThanOrEqual(0);
      expect(
        Object.values(figures).filter((value) => value !== null && !Number.isFinite(value)),
      ).toEqual([]);
    }),
  );
});
