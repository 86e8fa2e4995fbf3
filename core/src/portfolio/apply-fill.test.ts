import { anInstrument, aPosition, at, BTC, NOON } from '../order/fixtures.ts';
import type { Side } from '../order/intent.ts';
import type { Fill } from '../order/order.ts';
import { addMoney, formatDecimal, money, notional, price, qty } from '../lib/units.ts';
import { applyFill, type FillRequest } from './apply-fill.ts';
import type { FilledOrder, FillEffect } from './fill-effect.ts';
import type { Position } from './position.ts';
import { bookValue } from './valuation.ts';

const PLAN = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};

const aFill = (change: Partial<Fill> = {}): Fill => ({
  fillId: 'fill-1',
  orderId: 'tw1',
  side: 'BUY',
  price: price('100'),
  quantity: qty('1'),
  fee: qty('0'),
  feeCurrency: 'USDT',
  at: NOON,
  ...change,
});

const anOrder = (change: Partial<FilledOrder> = {}): FilledOrder => ({
  intentId: 'intent-1',
  positionId: 'position-1',
  strategyId: 'balanced',
  bookId: 'paper',
  marketKey: BTC,
  symbol: 'BTC-USDT',
  side: 'BUY',
  closeReason: null,
  expectedPrice: price('100'),
  remaining: qty('0'),
  ...change,
});

type Quick = {
  readonly fill?: Partial<Fill>;
  readonly order?: Partial<FilledOrder>;
  readonly position?: Position | null;
};

const request = ({ fill, order, position }: Quick): FillRequest => ({
  position: position ?? null,
  fill: aFill(fill),
  order: anOrder({ side: fill?.side ?? 'BUY', ...order }),
  instrument: anInstrument(),
  protection: PLAN,
});

function booked(quick: Quick): FillEffect {
  const effect = applyFill(request(quick));
  if (!effect.ok) throw new Error(`not booked: ${effect.error.kind}`);
  return effect.value;
}

const buy = (position: Position | null, px: string, quantity: string): Position =>
  booked({ position, fill: { price: price(px), quantity: qty(quantity) } }).position;

const sale = (px: string, quantity: string, change: Partial<Fill> = {}): Partial<Fill> => ({
  side: 'SELL',
  price: price(px),
  quantity: qty(quantity),
  ...change,
});

describe('an entry', () => {
  test('the first fill opens a position with its stops armed at the fill price', () => {
    const { position, book, trade, dust } = booked({ fill: { price: price('50000') } });
    expect(position).toMatchObject({
      positionId: 'position-1',
      status: 'OPEN',
      quantity: qty('1'),
      cost: money('50000'),
      averageEntry: price('50000'),
      openedAt: NOON,
      protection: { stopLoss: price('47500'), takeProfit: price('55000') },
    });
    expect(book).toEqual({ cash: money('-50000'), realizedPnl: money('0'), fees: money('0') });
    expect([trade, dust]).toEqual([null, null]);
  });

  test('STR-03 a position is protected at the levels that its order names, over every part of it', () => {
    const protection = { ...PLAN, stopAt: price('99.7'), targetAt: price('100.6') };
    const first = applyFill({ ...request({ order: { remaining: qty('1') } }), protection });
    if (!first.ok) throw new Error(first.error.kind);
    const second = applyFill({ ...request({ position: first.value.position }), protection });
    if (!second.ok) throw new Error(second.error.kind);
    for (const { position } of [first.value, second.value])
      expect(position.protection).toMatchObject({
        stopLoss: price('99.7'),
        takeProfit: price('100.6'),
      });
  });

  test('is BUILDING while more of its order may come', () => {
    expect(booked({ order: { remaining: qty('0.5') } }).position.status).toBe('BUILDING');
  });

  test('PF-T01 1 at 100 and 1 at 90 average 95, and selling 1 leaves 95', () => {
    const two = buy(buy(null, '100', '1'), '90', '1');
    expect(two.averageEntry).toBe(price('95'));
    const { position } = booked({ position: two, fill: sale('120', '1') });
    expect(position.averageEntry).toBe(price('95'));
    expect(position.quantity).toBe(qty('1'));
    expect(position.realizedPnl).toBe(money('25'));
  });

  test('PF-44 a further fill moves target and stop to the new average, the stop never away', () => {
    const first = buy(null, '100', '1');
    expect(buy(first, '90', '1').protection.stopLoss).toBe(price('95'));
    expect(buy(first, '120', '1').protection).toMatchObject({
      stopLoss: price('104.5'),
      takeProfit: price('121'),
    });
  });

  test('PF-T20 PF-22 a fee in base reduces what is held and counts as an entry fee at the fill price', () => {
    const { position, book, feeQuote } = booked({
      fill: { fee: qty('0.001'), feeCurrency: 'BTC' },
    });
    expect(position).toMatchObject({
      quantity: qty('0.999'),
      cost: money('99.9'),
      entryFees: money('0.1'),
      averageEntry: price('100'),
    });
    expect(feeQuote).toBe(money('0.1'));
    expect(book).toEqual({ cash: money('-100'), realizedPnl: money('0'), fees: money('0.1') });
  });

  test('PF-T03 PF-21 25 quote at 4,864.2 spends 25, not 121,605', () => {
    const { book } = booked({ fill: { price: price('4864.2'), quantity: qty('0.00513959') } });
    expect(formatDecimal(book.cash)).toBe('-24.999993678');
  });

  test('PF-T04 an open purchase at an unchanged price is worth its fee less', () => {
    const { position, book } = booked({ fill: { fee: qty('0.1') } });
    const value = bookValue({
      cash: addMoney(money('10000'), book.cash),
      positions: [position],
      dust: {},
      prices: { [BTC]: price('100') },
    });
    expect(value?.equity).toBe(money('9999.9'));
  });

  test('one of less than a lot can never be sold: it closes as dust without a round trip', () => {
    const { position, dust, trade } = booked({
      fill: { quantity: qty('0.00001'), fee: qty('0.00000001'), feeCurrency: 'BTC' },
    });
    expect(position.status).toBe('CLOSED');
    expect(dust?.quantity).toBe(qty('0.00000999'));
    expect(trade).toBeNull();
  });
});

describe('an exit', () => {
  const held = aPosition({ closeIntentId: 'intent-2' });
  const exitOrder: Partial<FilledOrder> = { intentId: 'intent-2', closeReason: 'take_profit' };

  test('PF-30 realises price difference less exit fee and entry fees', () => {
    const effect = booked({
      position: held,
      fill: sale('55000', '0.002', { fee: qty('0.11'), at: at(1_000) }),
      order: exitOrder,
    });
    expect(effect.book).toEqual({
      cash: money('109.89'),
      realizedPnl: money('9.79'),
      fees: money('0.11'),
    });
    expect(effect.position).toMatchObject({
      status: 'CLOSED',
      quantity: qty('0'),
      closeIntentId: null,
      closeReason: 'take_profit',
      closedAt: at(1_000),
    });
    expect(effect.dust).toBeNull();
  });

  test('PF-51 the round trip tells averages, fees, net result and how long it took', () => {
    const half = booked({
      position: held,
      fill: sale('55000', '0.001', { at: at(1_000) }),
      order: { ...exitOrder, remaining: qty('0.001') },
    });
    expect(half.position.status).toBe('REDUCING');
    expect(half.trade).toBeNull();
    const { trade } = booked({
      position: half.position,
      fill: sale('56000', '0.001', { fee: qty('0.05'), at: at(2_000) }),
      order: exitOrder,
    });
    expect(trade).toEqual({
      tradeId: 'position-1',
      bookId: 'paper',
      strategyId: 'balanced',
      marketKey: BTC,
      symbol: 'BTC-USDT',
      side: 'LONG',
      entryPrice: price('50000'),
      exitPrice: price('55500'),
      quantity: qty('0.002'),
      fees: money('0.15'),
      netPnl: money('10.85'),
      netPnlPct: 10.85,
      holdMs: 62_000,
      exitReason: 'take_profit',
      outcome: 'profitable',
      openedAt: held.openedAt,
      closedAt: at(2_000),
      ...{ initialStop: price('47500'), rMultiple: 2.17, maePct: 0, mfePct: 12, efficiency: 95 },
      ...{ slippageInPct: null, slippageOutPct: null },
    });
  });

  test.each([
    ['51000', 'profitable'],
    ['50000', 'flat'],
    ['49000', 'loss'],
  ])('PF-T18 a sale at %s is %s: executing is not success', (px, outcome) => {
    expect(
      booked({ position: held, fill: sale(px, '0.002'), order: exitOrder }).trade?.outcome,
    ).toBe(outcome);
  });

  test.each([
    ['less than a lot', '0.001999995', '50000'],
    ['less than the minimum notional', '0.0019', '40000'],
  ])('that leaves %s closes, and the rest becomes dust with its cost', (_, quantity, px) => {
    const { position, dust } = booked({
      position: held,
      fill: sale(px, quantity),
      order: exitOrder,
    });
    expect(position).toMatchObject({ status: 'CLOSED', quantity: qty('0'), cost: money('0') });
    const left = qty('0.002') - qty(quantity);
    expect(dust?.quantity).toBe(left);
    expect(dust?.cost).toBe(notional(price('50000'), dust?.quantity ?? qty('0'), 'ceil'));
  });

  test('a tiny rest stays while more of the order may come', () => {
    const { position, dust } = booked({
      position: held,
      fill: sale('50000', '0.00199'),
      order: { ...exitOrder, remaining: qty('0.00001') },
    });
    expect(position).toMatchObject({ status: 'REDUCING', closeIntentId: 'intent-2' });
    expect(dust).toBeNull();
  });

  test('PF-43 that ends early leaves the position OPEN, with its lock lifted', () => {
    const { position } = booked({
      position: held,
      fill: sale('50000', '0.001'),
      order: exitOrder,
    });
    expect(position).toMatchObject({ status: 'OPEN', closeIntentId: null, closeReason: null });
  });

  test("a late fill of one exit leaves another exit's lock alone", () => {
    const { position } = booked({
      position: held,
      fill: sale('50000', '0.001'),
      order: { ...exitOrder, intentId: 'intent-1' },
    });
    expect(position).toMatchObject({ status: 'REDUCING', closeIntentId: 'intent-2' });
  });

  test('an entry fill that comes while the exit works does not lift its lock', () => {
    const { position } = booked({ position: { ...held, status: 'REDUCING' } });
    expect(position).toMatchObject({ status: 'REDUCING', closeIntentId: 'intent-2' });
  });
});

test('a sale takes its share of the entry fees rounded down, and the rest stays', () => {
  const position = aPosition({ entryFees: money('0.000000000000000003') });
  const { position: after, book } = booked({ position, fill: sale('50000', '0.001') });
  expect(after.entryFees).toBe(money('0.000000000000000002'));
  expect(book.realizedPnl).toBe(money('-0.000000000000000001'));
});

describe('what cannot be booked is refused, never ignored', () => {
  test('a fee in a third currency', () => {
    const fill: Partial<Fill> = { fee: qty('0.0003'), feeCurrency: 'BNB' };
    expect(applyFill(request({ fill }))).toEqual({
      ok: false,
      error: { kind: 'foreignFee', currency: 'BNB', fee: qty('0.0003') },
    });
  });

  test('but a fee of zero has no currency', () => {
    expect(applyFill(request({ fill: { feeCurrency: 'BNB' } })).ok).toBe(true);
  });

  test.each([
    ['without a position', null, '0'],
    ['of more than is held', aPosition(), '0.002'],
  ])('a sale %s', (_, position, held) => {
    expect(applyFill(request({ position, fill: sale('50000', '0.00201') }))).toEqual({
      ok: false,
      error: { kind: 'oversell', held: qty(held), sold: qty('0.00201') },
    });
  });

  test.each<Side>(['BUY', 'SELL'])('a %s fill of a closed position', (side) => {
    const position = aPosition({ status: 'CLOSED' });
    expect(applyFill(request({ position, fill: { side } }))).toMatchObject({
      error: { kind: 'positionClosed' },
    });
  });

  test('nothing bought, or a fee that takes all of it', () => {
    expect(applyFill(request({ fill: { quantity: qty('0') } }))).toMatchObject({
      error: { kind: 'zeroQuantity' },
    });
    expect(applyFill(request({ fill: { fee: qty('1'), feeCurrency: 'BTC' } }))).toMatchObject({
      error: { kind: 'feeOverQuantity' },
    });
  });
});
