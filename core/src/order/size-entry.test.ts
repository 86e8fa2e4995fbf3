import { money, toNumber } from '../lib/units.ts';
import { aContext, aRiskState, aSignal } from './fixtures.ts';
import type { GateContext } from './gate-context.ts';
import { sizeEntry } from './size-entry.ts';

const strategy = aContext().strategy;
if (strategy === undefined) throw new Error('the fixture has a strategy');
const figures = { volatility: 0.03, spreadPct: null, minuteSigma: null, minuteQuoteVolume: null };
const results = { trades: 40, sharpe: 1, recentWinRate: 0.6 };
const adaptive = { ...strategy, sizing: { profile: 'adaptive' as const } };

const sizedAt = (change: Partial<GateContext>, confidence = 1) =>
  sizeEntry(
    aSignal({ confidence }),
    money('100'),
    aContext({ figures, results, strategy: adaptive, ...change }),
  );
const wanted = (change: Partial<GateContext>, confidence = 1) => {
  const sized = sizedAt(change, confidence);
  return sized.ok ? sized.value.wanted : sized.error.reason;
};

test('PF-85 without a plan a size is what the strategy asks for, whatever else is known', () => {
  expect(wanted({ strategy }, 0.7)).toBe(money('100'));
});

test.each<[string, Partial<GateContext>, number, string]>([
  ['sure, calm and with good trades', {}, 1, '100'],
  ['half sure', {}, 0.8, '75'],
  ['in a market that moves twice as much', { figures: { ...figures, volatility: 0.06 } }, 1, '50'],
  ['in a market that nobody measures', { figures: null }, 1, '25'],
  ['after few trades', { results: { trades: 3, sharpe: null } }, 1, '75'],
  ['after bad trades', { results: { ...results, recentWinRate: 0.3 } }, 1, '50'],
  [
    'from the warning of the loss ladder on',
    { risk: aRiskState({ openingEquity: money('10000'), equity: money('9690') }) },
    1,
    '50',
  ],
  [
    'of a careful profile',
    { strategy: { ...strategy, sizing: { profile: 'conservative' } } },
    1,
    '50',
  ],
])('PF-85 an entry %s', (_, change, confidence, size) => {
  expect(wanted(change, confidence)).toBe(money(size));
});

test('PF-85 the smallest base counts: a stop of 5 % may lose half a percent of equity', () => {
  const risky = { ...strategy, sizing: { profile: 'adaptive' as const, riskPct: 0.5 } };
  const of = (asked: string) => {
    const sized = sizeEntry(
      aSignal({ confidence: 1 }),
      money(asked),
      aContext({ figures, results, strategy: risky, stopLossPctOf: () => 5 }),
    );
    return sized.ok ? sized.value.wanted : sized.error;
  };
  expect(of('100')).toBe(money('100'));
  // 0.5 % of 10,000 is 50, which a stop of 5 % loses of 1,000; the largest position is that too.
  expect(of('5000')).toBe(money('1000'));
});

test('PF-86 good trades make an entry a little larger, and never larger than the largest position', () => {
  const good = { results: { ...results, recentWinRate: 0.9 } };
  const larger = sizedAt(good);
  expect(larger.ok && toNumber(larger.value.wanted)).toBeCloseTo(110);
  const limits = { ...aContext().limits, maxPositionQuote: money('105') };
  expect(wanted({ ...good, limits })).toBe(money('105'));
  expect(larger.ok && larger.value.sizedBy).toBe('sized by history 1.1');
});

test('PF-85 a factor of zero is no trade, in words', () => {
  expect(wanted({}, 0.59)).toBe('low_confidence');
});
