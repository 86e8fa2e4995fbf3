import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { botStatus, livePrice, position, T0 } from '../../testing/documents.ts';
import { positionsView, type PositionFacts } from './positions-view.ts';
import { rangeView } from './range.ts';

const facts = (over: Partial<PositionFacts> = {}): PositionFacts => ({
  positions: { status: 'ready', data: [position()], faults: [], live: true },
  prices: [livePrice()],
  markets: [],
  bots: [],
  statuses: [],
  now: T0,
  marketNow: epochMs(T0 + 252_000),
  ...over,
});
const rowsOf = (over: Partial<PositionFacts> = {}) => {
  const view = positionsView(facts(over));
  if (view.kind !== 'rows') throw new Error(`expected rows, got ${view.kind}`);
  return view;
};

test('UI-32 PF-04 unrealised P&L is computed anew from the last price, exactly', () => {
  const quantity = qty('0.000000000000000003');
  const [row] = rowsOf({
    positions: {
      status: 'ready',
      data: [position({ quantity, cost: money('0') })],
      faults: [],
      live: true,
    },
    prices: [livePrice({ price: price('3') })],
  }).rows;
  expect(row?.pnl).toBe(9n);
});

test('a position shows P&L, distances and how long market time has held it', () => {
  const [row] = rowsOf().rows;
  expect(row).toMatchObject({ pnl: money('20'), pnlPct: 2, held: 252_000, closing: false });
  expect(row?.stop.distancePct).toBeCloseTo(-3.92, 2);
});

test('PF-46 a position shows the stop that rests at the venue, and none where none does', () => {
  expect(rowsOf().rows[0]?.atVenue).toBeNull();
  const stop = {
    venueStopOrderId: 'tw1',
    stopPrice: price('9800'),
    quantity: qty('0.1'),
    generation: 1,
  };
  const positions = {
    status: 'ready',
    data: [position({ stop })],
    faults: [],
    live: true,
  } as const;
  expect(rowsOf({ positions }).rows[0]?.atVenue?.price).toBe(price('9800'));
});

test('UI-02 one price older than its maxAgeMs makes the panel stale', () => {
  expect(rowsOf({ now: epochMs(T0 + 10_000) }).stale).toBe(false);
  expect(rowsOf({ now: epochMs(T0 + 10_001) }).stale).toBe(true);
});

test.each([
  ['MD-61 a silent market', { stale: true }, 'silent', true],
  ['MD-12 sources that disagree', { conflict: true }, 'conflict', false],
  ['MD-62 a fallback source', { degraded: true }, 'degraded', false],
] as const)('%s is said beside the position', (_, marks, kind, stale) => {
  const view = rowsOf({ prices: [livePrice(marks)] });
  expect(view.rows[0]?.marks.map((mark) => mark.kind)).toEqual([kind]);
  expect(view.stale).toBe(stale);
});

test('UI-03 without a price, or with an unreadable position, the total is unknown', () => {
  expect(rowsOf({ prices: [] }).total).toBeUndefined();
  expect(rowsOf({ prices: [] }).rows[0]?.marks).toMatchObject([{ kind: 'unknown' }]);
  const faults = [{ path: 'p2', message: 'quantity' }];
  const positions = { status: 'ready', data: [position()], faults, live: true } as const;
  expect(rowsOf({ positions }).total).toBeUndefined();
  expect(rowsOf().total).toBe(money('20'));
});

test('PF-15 a position is advised on by its bot’s view, and not by an old price, an old view or while it closes', () => {
  const turned = botStatus({ botId: 'balanced', score: -0.6 });
  const adviceOf = (over: Partial<PositionFacts>) => rowsOf(over).rows[0]?.advice?.action;
  expect(adviceOf({ statuses: [turned] })).toBe('exit');
  expect(adviceOf({ statuses: [{ ...turned, evaluatedAt: epochMs(T0 - 86_400_000) }] })).not.toBe(
    'exit',
  );
  const old = livePrice({ writtenAt: epochMs(T0 - 60_000) });
  expect(adviceOf({ statuses: [turned], prices: [old] })).toBeUndefined();
  const closing = { status: 'ready', data: [position({ closeIntentId: 'i1' })] } as const;
  expect(adviceOf({ positions: { ...closing, faults: [], live: true } })).toBeUndefined();
});

test('loading and failure are not an empty list', () => {
  expect(positionsView(facts({ positions: { status: 'pending' } })).kind).toBe('loading');
  expect(positionsView(facts({ positions: { status: 'error', message: 'x' } }))).toEqual({
    kind: 'failed',
    message: 'x',
  });
});

test('the range bar runs from the nearer stop to the target', () => {
  expect(rangeView(position(), price('10100'))?.now).toBeCloseTo(50, 6);
  const trailing = { ...position().protection, trailingStop: price('10000') };
  expect(rangeView(position({ protection: trailing }), price('10100'))?.now).toBeCloseTo(25, 6);
  expect(rangeView(position(), price('1'))?.now).toBe(0);
});
