import { epochMs } from '@tradewind/core/lib/time';
import { money, qty } from '@tradewind/core/lib/units';
import { book, livePrice, order, position, riskState, T0 } from '../../testing/documents.ts';
import { curveOf } from './equity-curve.ts';
import { summaryView, type SummaryFacts } from './summary-view.ts';

const facts = (over: Partial<SummaryFacts> = {}): SummaryFacts => ({
  book: book(),
  risk: riskState(),
  positions: { status: 'ready', data: [position()], faults: [], live: true },
  orders: [],
  prices: [livePrice()],
  now: T0,
  marketNow: T0,
  ...over,
});

test('equity is cash and holdings at the last price, P&L what that is over the start', () => {
  expect(summaryView(facts())).toMatchObject({
    equity: money('10019'),
    total: money('19'),
    today: money('19'),
    unrealized: money('20'),
    stale: false,
  });
});

test('PF-34 orders that the venue has not confirmed are listed beside the figures, once they had their time', () => {
  const sent = order({ venueOrderId: null, status: 'UNKNOWN', filledQuantity: qty('0') });
  const seen = (later: number) =>
    summaryView(facts({ orders: [sent], now: epochMs(sent.updatedAt + later) })).unverified;
  expect(seen(9_999).orders).toEqual([]);
  expect(seen(10_000)).toMatchObject({ orders: [{ cause: 'noVenueId' }] });
  expect(seen(10_000).quote).toBeGreaterThan(0n);
});

test('PF-35 frozen figures are grey and say why', () => {
  const frozen = { at: T0, reason: 'a fill is synthetic' };
  expect(summaryView(facts({ book: book({ frozen }) }))).toMatchObject({ stale: true, frozen });
});

test('dust counts in equity', () => {
  const dust = {
    'binance_spot_BTC-USDT': {
      quantity: qty('0.00001'),
      cost: money('0.1'),
      entryFees: money('0'),
    },
  };
  expect(summaryView(facts({ book: book({ dust }) })).equity).toBe(money('10019.102'));
});

test.each([
  ['no price for what is held', { prices: [] }],
  ['positions that are still loading', { positions: { status: 'pending' } }],
  [
    'an unreadable position',
    { positions: { status: 'ready', data: [], faults: [{ path: 'p', message: 'm' }], live: true } },
  ],
] as const)('UI-03 %s leaves equity unknown, not zero', (_title, over) => {
  expect(summaryView(facts(over))).toMatchObject({ equity: undefined, total: undefined });
});

test('yesterday’s opening says nothing about today', () => {
  expect(summaryView(facts({ marketNow: epochMs(T0 + 86_400_000) })).today).toBeUndefined();
});

test('UI-87 a win rate needs a closed trade', () => {
  expect(summaryView(facts()).winRatePct).toBeUndefined();
  expect(
    summaryView(facts({ book: book({ roundTrips: 3, winningTrades: 2 }) })).winRatePct,
  ).toBeCloseTo(66.67, 2);
});

test('the equity curve needs two points and keeps the start in sight', () => {
  const point = (minute: number, equity: string) => ({
    at: epochMs(T0 + minute * 60_000),
    equity: money(equity),
    cash: money('0'),
    unrealizedPnl: money('0'),
    realizedPnl: money('0'),
  });
  const box = { width: 100, height: 100 };
  expect(curveOf([point(0, '100')], money('100'), box)).toBeUndefined();
  const curve = curveOf([point(1, '120'), point(0, '110')], money('100'), box);
  expect(curve).toMatchObject({ low: 100, high: 120, base: 92, line: 'M0 50L100 8' });
});
