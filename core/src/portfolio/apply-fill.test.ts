import fc from 'fast-check';
import { anInstrument, aPosition, at, BTC, NOON } from '../order/fixtures.ts';
import type { Side } from '../order/intent.ts';
import type { Fill } from '../order/order.ts';
import {
  addMoney,
  addQty,
  feeMoney,
  feeQty,
  formatDecimal,
  money,
  notional,
  price,
  qty,
  roundQty,
  subMoney,
  subQty,
  sumMoney,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import { applyFill, type FillRequest } from './apply-fill.ts';
import { addDust, type DustByMarket } from './dust.ts';
import type { FilledOrder, FillEffect } from './fill-effect.ts';
import type { Position } from './position.ts';
import { bookValue } from './valuation.ts';

const PCTS = { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null };

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
  protection: PCTS,
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

  test('PF-T20 a fee in base reduces what is held and counts as an entry fee at the fill price', () => {
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

  test('PF-T03 25 quote at 4,864.2 spends 25, not 121,605', () => {
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
    expect(value && subMoney(value.equity, money('10000'))).toBe(money('-0.1'));
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

/** One step of a random day; decimals as venues have them. */
type Step = {
  readonly side: Side;
  readonly cents: number;
  readonly lots: number;
  readonly sharePct: number;
  readonly feeRate: number;
  readonly isBaseFee: boolean;
  readonly mayContinue: boolean;
};

const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom<Side>('BUY', 'SELL'),
  cents: fc.integer({ min: 1, max: 9_999_999 }),
  lots: fc.integer({ min: 1, max: 1_000_000 }),
  sharePct: fc.integer({ min: 1, max: 130 }),
  feeRate: fc.integer({ min: 0, max: 1_000 }).map((n) => n / 100_000),
  isBaseFee: fc.boolean(),
  mayContinue: fc.boolean(),
});

/** The whole independent model: what an account at the venue would hold. */
type Account = { base: Qty; quote: Money };

type Day = {
  readonly account: Account;
  cash: Money;
  realized: Money;
  fees: Money;
  dust: DustByMarket;
  position: Position | null;
  opened: number;
  closed: number;
  last: Price;
};

const INITIAL = money('1000000000');
const LOT = qty('0.00001');
const instrument = anInstrument();

function fillOf({ side, cents, lots, sharePct, feeRate, isBaseFee }: Step, held: Qty): Fill | null {
  const px = price((cents / 100).toFixed(2));
  const wanted =
    side === 'BUY'
      ? qty((lots / 100_000).toFixed(5))
      : roundQty(feeQty(held, Math.min(100, sharePct) / 100, 'floor'), LOT, 'floor');
  const inBase = side === 'BUY' && isBaseFee;
  const quoteFee = formatDecimal(feeMoney(notional(px, wanted, 'floor'), feeRate, 'floor'));
  return wanted === 0n
    ? null
    : aFill({
        side,
        price: px,
        quantity: wanted,
        fee: inBase ? feeQty(wanted, feeRate, 'floor') : qty(quoteFee),
        feeCurrency: inBase ? 'BTC' : 'USDT',
      });
}

/** What the venue does to its balances: no averages, no shares, no positions. */
function settleAtVenue(account: Account, fill: Fill): void {
  const value = notional(fill.price, fill.quantity, 'floor');
  const fee = fill.feeCurrency === 'USDT' ? money(formatDecimal(fill.fee)) : money('0');
  const base = fill.feeCurrency === 'BTC' ? fill.fee : qty('0');
  if (fill.side === 'BUY') {
    account.quote = subMoney(account.quote, addMoney(value, fee));
    account.base = subQty(addQty(account.base, fill.quantity), base);
  } else {
    account.quote = addMoney(account.quote, subMoney(value, fee));
    account.base = subQty(account.base, addQty(fill.quantity, base));
  }
}

function advance(day: Day, next: Step): void {
  const { position } = day;
  const fill = fillOf(next, position?.quantity ?? qty('0'));
  if (fill === null) return;
  settleAtVenue(day.account, fill);
  const order = anOrder({
    side: fill.side,
    positionId: position?.positionId ?? `position-${day.opened}`,
    remaining: next.mayContinue ? LOT : qty('0'),
    closeReason: fill.side === 'SELL' ? 'ZE1' : null,
  });
  const effect = applyFill({ position, fill, order, instrument, protection: PCTS });
  if (!effect.ok) throw new Error(`not booked: ${effect.error.kind}`);
  const { value } = effect;

  expect(sumMoney(value.postings.map(({ amount }) => amount))).toBe(0n);
  const average = value.position.averageEntry;
  if (fill.side === 'SELL' && position !== null) expect(average).toBe(position.averageEntry);
  if (position === null) day.opened += 1;
  day.cash = addMoney(day.cash, value.book.cash);
  day.realized = addMoney(day.realized, value.book.realizedPnl);
  day.fees = addMoney(day.fees, value.feeQuote);
  day.last = fill.price;
  if (value.dust !== null) day.dust = addDust(day.dust, { marketKey: BTC, left: value.dust });
  const isClosed = value.position.status === 'CLOSED';
  if (isClosed) day.closed += 1;
  expect(value.trade !== null).toBe(isClosed && fill.side === 'SELL');
  day.position = isClosed ? null : value.position;
}

const newDay = (): Day => ({
  account: { base: qty('0'), quote: INITIAL },
  cash: INITIAL,
  realized: money('0'),
  fees: money('0'),
  dust: {},
  position: null,
  opened: 0,
  closed: 0,
  last: price('1'),
});

describe('conservation', () => {
  test('prop: PF-36 after any fills the ledger holds exactly what the venue account holds', () => {
    let closed = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const day = newDay();
        for (const next of steps) {
          advance(day, next);
          const open = day.position?.quantity ?? qty('0');
          expect(addQty(open, day.dust[BTC]?.quantity ?? qty('0'))).toBe(day.account.base);
          expect(day.cash).toBe(day.account.quote);
        }
        closed += day.closed;
      }),
      { numRuns: 500 },
    );
    expect(closed).toBeGreaterThan(100);
  });

  test('prop: PF-32 realised + unrealised - attached entry fees is the change of equity, to the last decimal', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const day = newDay();
        for (const next of steps) {
          advance(day, next);
          const value = bookValue({
            cash: day.cash,
            positions: day.position === null ? [] : [day.position],
            dust: day.dust,
            prices: { [BTC]: day.last },
          });
          if (value === undefined) throw new Error('every price is known');
          const pnl = subMoney(addMoney(day.realized, value.unrealized), value.attachedFees);
          const atVenue = addMoney(
            day.account.quote,
            notional(day.last, day.account.base, 'floor'),
          );
          expect(pnl).toBe(subMoney(atVenue, INITIAL));
          expect(pnl).toBe(subMoney(value.equity, INITIAL));
        }
      }),
      { numRuns: 500 },
    );
  });
});
