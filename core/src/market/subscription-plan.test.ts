import fc from 'fast-check';
import {
  checkStrategySymbol,
  isTimely,
  PLAN_TIERS,
  planSubscriptions,
  type Interest,
} from './subscription-plan.ts';

const interest = (symbol: string, over: Partial<Interest> = {}): Interest => ({
  symbol,
  hasPosition: false,
  strategyActiveAt: null,
  watchTier: null,
  ...over,
});

test('MD-13 the basic plan streams thirty symbols of one exchange, plus all of the consolidated feed', () => {
  expect(PLAN_TIERS.basic).toEqual({
    stockFeed: 'iex',
    historyDelayMs: 900_000,
    streamedSymbols: 30,
    historyCallsPerMinute: 200,
    optionsFeed: 'indicative',
  });
  expect(PLAN_TIERS.plus).toMatchObject({
    stockFeed: 'sip',
    historyDelayMs: 0,
    streamedSymbols: null,
    historyCallsPerMinute: 10_000,
    optionsFeed: 'opra',
  });
});

test('MD-T10 MD-14 a basic plan with 40 symbols streams the 30 most important and polls the rest', () => {
  const positions = Array.from({ length: 5 }, (_, i) => interest(`POS${i}`, { hasPosition: true }));
  const bots = Array.from({ length: 20 }, (_, i) =>
    interest(`BOT${i}`, { strategyActiveAt: 1_000 + i }),
  );
  const watched = Array.from({ length: 15 }, (_, i) =>
    interest(`WATCH${String(i).padStart(2, '0')}`, { watchTier: 1 + Math.floor(i / 5) }),
  );
  const plan = planSubscriptions(
    [...watched, ...bots, ...positions],
    PLAN_TIERS.basic.streamedSymbols,
  );
  expect(plan.streamed).toEqual([
    ...positions.map(({ symbol }) => symbol),
    ...bots.map(({ symbol }) => symbol).reverse(),
    ...watched.slice(0, 5).map(({ symbol }) => symbol),
  ]);
  expect(plan.polled).toHaveLength(10);
  const live = { mode: 'live', feed: 'iex' } as const;
  expect(checkStrategySymbol(plan, 'BOT0', live).ok).toBe(true);
  expect(checkStrategySymbol(plan, 'WATCH14', live)).toMatchObject({
    ok: false,
    error: expect.stringContaining('WATCH14 is polled') as string,
  });
  expect(checkStrategySymbol(plan, 'WATCH14', { ...live, mode: 'paper' }).ok).toBe(true);
  expect(checkStrategySymbol(plan, 'NONE', live).ok).toBe(false);
});

test('MD-14 the delayed feed is for paper and never in time for trading', () => {
  const plan = planSubscriptions([interest('AAPL')], null);
  expect(isTimely('delayed_sip')).toBe(false);
  expect(checkStrategySymbol(plan, 'AAPL', { mode: 'live', feed: 'delayed_sip' }).ok).toBe(false);
  expect(checkStrategySymbol(plan, 'AAPL', { mode: 'paper', feed: 'delayed_sip' }).ok).toBe(true);
});

test('a symbol that is wanted twice counts once, with the stronger of its reasons', () => {
  const twice = [
    interest('B', { watchTier: 3 }),
    interest('A', { strategyActiveAt: 5 }),
    interest('B', { hasPosition: true }),
    interest('A', { strategyActiveAt: 9, watchTier: 1 }),
    interest('C', { strategyActiveAt: 7 }),
  ];
  expect(planSubscriptions(twice, 2)).toEqual({ streamed: ['B', 'A'], polled: ['C'] });
});

const interests = fc.array(
  fc.record({
    symbol: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'),
    hasPosition: fc.boolean(),
    strategyActiveAt: fc.option(fc.nat(5)),
    watchTier: fc.option(fc.integer({ min: 1, max: 3 })),
  }),
);

test('MD-14 prop: nothing is lost, no position waits for what has none, and order does not matter', () => {
  fc.assert(
    fc.property(interests, fc.option(fc.nat(8)), fc.nat(), (wanted, limit, turn) => {
      const plan = planSubscriptions(wanted, limit);
      const all = [...plan.streamed, ...plan.polled];
      expect(new Set(all)).toEqual(new Set(wanted.map(({ symbol }) => symbol)));
      expect(all).toHaveLength(new Set(all).size);
      expect(plan.streamed.length).toBeLessThanOrEqual(limit ?? Infinity);
      const held = new Set<string>(
        wanted.filter(({ hasPosition }) => hasPosition).map(({ symbol }) => symbol),
      );
      if (plan.polled.some((symbol) => held.has(symbol)))
        expect(plan.streamed.every((symbol) => held.has(symbol))).toBe(true);
      const cut = wanted.length === 0 ? 0 : turn % wanted.length;
      expect(planSubscriptions([...wanted.slice(cut), ...wanted.slice(0, cut)], limit)).toEqual(
        plan,
      );
    }),
  );
});

test.each([-1, 0.5, NaN])('a limit of %p is refused', (limit) => {
  expect(() => planSubscriptions([], limit)).toThrow(RangeError);
});
