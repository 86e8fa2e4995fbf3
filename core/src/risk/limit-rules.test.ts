import { epochMs } from '../lib/time.ts';
import { money } from '../lib/units.ts';
import { changeLimits, limitFaults, limitsInForce, limitsOf, loosened } from './limit-rules.ts';
import { LIMITS, type Limits, type Mode } from './limits.ts';

const faults = (change: Partial<Limits>, mode: Mode = 'full'): readonly string[] =>
  limitFaults({ ...LIMITS[mode], ...change }, mode).map(({ field }) => field);

test.each(['paper', 'small', 'full'] as const)(
  'RSK-120 the profile of %s keeps its rules',
  (mode) => {
    expect(faults({}, mode)).toEqual([]);
  },
);

test.each<[string, Partial<Limits>, string]>([
  [
    'a ladder that does not rise',
    { ladder: { alertPct: 2, warningPct: 2, criticalPct: 4 } },
    'ladder',
  ],
  [
    'a ladder that ends above the daily loss',
    { ladder: { alertPct: 2, warningPct: 3, criticalPct: 5 } },
    'ladder',
  ],
  ['a symbol cap below one position', { symbolPct: 4 }, 'symbolPct'],
  ['a sector cap below one position', { sectorPct: 4 }, 'sectorPct'],
  ['a ceiling below its default', { maxLeverage: 2 }, 'maxLeverage'],
  ['fewer orders for the book than for a strategy', { ordersPerMinute: 9 }, 'ordersPerMinute'],
])('RSK-120 refuses %s', (_, change, field) => {
  expect(faults(change)).toEqual([field]);
});

test.each<[Partial<Limits>, string]>([
  [{ ignoreDailyLoss: true }, 'ignoreDailyLoss'],
  [{ symbolPct: null }, 'symbolPct'],
  [{ tradesPerDay: null }, 'tradesPerDay'],
  [{ ladder: null }, 'ladder'],
  [{ marketChecks: 'warn' }, 'marketChecks'],
  [{ minConfidence: null }, 'minConfidence'],
  [{ blockPatterns: false }, 'blockPatterns'],
])('RSK-03 RSK-T19 %j is refused on a live book and allowed on paper', (change, field) => {
  expect(faults(change, 'full')).toEqual([field]);
  expect(faults(change, 'small')).toEqual([field]);
  expect(faults(change, 'paper')).toEqual([]);
});

test.each<[Partial<Limits>, readonly string[]]>([
  [{ maxOpenPositions: 4 }, ['maxOpenPositions']],
  [{ maxOpenPositions: 2 }, []],
  [{ minHealth: 60 }, ['minHealth']],
  [{ symbolCooldownMinutes: 4 }, ['symbolCooldownMinutes']],
  [{ symbolCooldownMinutes: 6 }, []],
  [{ symbolPct: null }, ['symbolPct']],
  [{ dailyLossQuote: money('10') }, []],
  [{ ladder: { alertPct: 2, warningPct: 3.5, criticalPct: 4 } }, ['ladder']],
  [{ ladder: { alertPct: 1, warningPct: 2, criticalPct: 3 } }, []],
  [{ countSides: 'all' }, []],
  [{ ignoreDailyLoss: true, blockPatterns: false }, ['ignoreDailyLoss', 'blockPatterns']],
  [{ maxDrawdownPct: Number.NaN }, ['maxDrawdownPct']],
])('RSK-01 %j loosens %j', (change, fields) => {
  expect(loosened(LIMITS.paper, { ...LIMITS.paper, ...change }).toSorted()).toEqual(
    [...fields].sort(),
  );
});

test('RSK-01 what is tighter holds at once, what is looser after 60 s', () => {
  const now = epochMs(1_000_000);
  const wanted = { ...LIMITS.full, maxOpenPositions: 5, tradesPerDay: 10 };
  const kept = changeLimits({ limits: LIMITS.full, pending: null }, wanted, now);
  expect(limitsInForce(kept, now)).toMatchObject({ maxOpenPositions: 3, tradesPerDay: 10 });
  expect(limitsInForce(kept, epochMs(now + 59_999)).maxOpenPositions).toBe(3);
  expect(limitsInForce(kept, epochMs(now + 60_000))).toEqual(wanted);
});

test('RSK-01 tightening takes back a loosening that still waits', () => {
  const now = epochMs(1_000_000);
  const looser = { ...LIMITS.full, maxOpenPositions: 5 };
  const waiting = changeLimits({ limits: LIMITS.full, pending: null }, looser, now);
  const kept = changeLimits(waiting, LIMITS.full, now);
  expect(limitsInForce(kept, epochMs(now + 120_000))).toEqual(LIMITS.full);
});

test('RSK-06 limits that were set for another mode do not outlive it', () => {
  const set = {
    mode: 'small',
    limits: { ...LIMITS.small, tradesPerDay: 1 },
    pending: null,
  } as const;
  expect(limitsOf('small', set)).toEqual({ kept: set, set });
  const own = { kept: { limits: LIMITS.full, pending: null }, set: null };
  expect(limitsOf('full', set)).toEqual(own);
  expect(limitsOf('full', undefined)).toEqual(own);
});
