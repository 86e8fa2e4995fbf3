import fc from 'fast-check';
import { anInstrument, aContext, aLivePrice, aSignal, NOON } from '../order/fixtures.ts';
import { decideSignal } from '../order/decide-signal.ts';
import type { Side } from '../order/intent.ts';
import {
  addMoney,
  feeMoney,
  money,
  notional,
  price,
  qty,
  subMoney,
  type Money,
} from '../lib/units.ts';
import { applyFill } from './apply-fill.ts';
import type { FillEffect } from './fill-effect.ts';
import { applyFunding } from './linear-fill.ts';
import type { Position } from './position.ts';
import { boundMargin } from './margin.ts';
import { bookValue } from './valuation.ts';

const PERP = 'binance_futures_BTC-USDT';
const perp = anInstrument({ marketKey: PERP, market: 'futures', lotSize: qty('0.001') });
const PCTS = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};

type Fill = {
  readonly side: Side;
  readonly px: string;
  readonly quantity: string;
  readonly fee?: string;
};

const request = (position: Position | null, { side, px, quantity, fee }: Fill) => ({
  position,
  instrument: perp,
  protection: PCTS,
  fill: {
    fillId: 'fill',
    orderId: 'tw1',
    side,
    price: price(px),
    quantity: qty(quantity),
    fee: qty(fee ?? '0'),
    feeCurrency: 'USDT',
    at: NOON,
  },
  order: {
    intentId: 'intent-1',
    positionId: 'position-1',
    strategyId: 'trend',
    bookId: 'paper',
    marketKey: PERP,
    symbol: 'BTC-USDT',
    side,
    closeReason: null,
    expectedPrice: price(px),
    remaining: qty('0'),
  },
});

function booked(position: Position | null, fill: Fill): FillEffect {
  const effect = applyFill(request(position, fill));
  if (!effect.ok) throw new Error(effect.error.kind);
  return effect.value;
}

describe('a linear future', () => {
  test('PF-30 a SHORT gains what the price falls, less fees, and moves cash by just that', () => {
    const open = booked(null, { side: 'SELL', px: '50000', quantity: '0.1', fee: '5' });
    expect(open.position).toMatchObject({ side: 'SHORT', status: 'OPEN', cost: money('5000') });
    expect(open.position.protection.stopLoss).toBe(price('52500'));
    expect(open.book.cash).toBe(money('-5'));
    const shut = booked(open.position, { side: 'BUY', px: '49000', quantity: '0.1', fee: '4.9' });
    expect(shut.book).toEqual({
      cash: money('95.1'),
      realizedPnl: money('90.1'),
      fees: money('4.9'),
    });
    expect(shut.position.status).toBe('CLOSED');
    expect(shut.trade).toMatchObject({
      side: 'SHORT',
      netPnl: money('90.1'),
      outcome: 'profitable',
    });
  });

  test('a LONG mirrors it, and a partial exit realises its share', () => {
    const open = booked(null, { side: 'BUY', px: '50000', quantity: '0.2', fee: '10' });
    const half = booked(open.position, { side: 'SELL', px: '51000', quantity: '0.1', fee: '5.1' });
    expect(half.book.realizedPnl).toBe(money('89.9'));
    expect(half.position).toMatchObject({
      status: 'OPEN',
      quantity: qty('0.1'),
      cost: money('5000'),
    });
  });

  test('an exit never turns a position round', () => {
    const { position } = booked(null, { side: 'SELL', px: '50000', quantity: '0.1' });
    const over = applyFill(request(position, { side: 'BUY', px: '50000', quantity: '0.2' }));
    expect(over).toMatchObject({ ok: false, error: { kind: 'oversell' } });
  });

  test('a fee in base is refused: a future pays in quote', () => {
    const wrong = request(null, { side: 'BUY', px: '50000', quantity: '0.1' });
    const fill = { ...wrong.fill, fee: qty('0.0001'), feeCurrency: 'BTC' };
    expect(applyFill({ ...wrong, fill })).toMatchObject({ error: { kind: 'foreignFee' } });
  });

  test('PF-30 funding goes from longs to shorts and counts as realised', () => {
    const { position: short } = booked(null, { side: 'SELL', px: '50000', quantity: '0.1' });
    const { position: long } = booked(null, { side: 'BUY', px: '50000', quantity: '0.1' });
    expect(applyFunding(short, money('0.5'))).toMatchObject({ cash: money('0.5') });
    expect(applyFunding(long, money('0.5')).position.realizedPnl).toBe(money('-0.5'));
  });

  test('binds its cost as margin', () => {
    const { position } = booked(null, { side: 'SELL', px: '50000', quantity: '0.1' });
    expect(boundMargin([position])).toBe(money('5000'));
  });

  test('STR-21 the gate lets a SHORT enter on futures and never on spot', () => {
    const signal = aSignal({ direction: 'SHORT', marketKey: PERP });
    const short = decideSignal(
      signal,
      aContext({ instrument: perp, price: aLivePrice({ marketKey: PERP }) }),
    );
    expect(short).toMatchObject({
      approved: true,
      instruction: { side: 'SELL', direction: 'SHORT' },
    });
    const spot = decideSignal(aSignal({ direction: 'SHORT' }), aContext());
    expect(spot).toMatchObject({ approved: false, reasons: [{ reason: 'nothing_to_sell' }] });
  });
});

const step = fc.record({
  side: fc.constantFrom<Side>('BUY', 'SELL'),
  px: fc.integer({ min: 100, max: 9_999_999 }).map((cents) => (cents / 100).toFixed(2)),
  lots: fc.integer({ min: 1, max: 5_000 }).map((lots) => (lots / 1_000).toFixed(3)),
  feeRate: fc.integer({ min: 0, max: 100 }).map((n) => n / 100_000),
});

test('PF-32 equity is cash and gains, and the postings of every fill add up to zero, whatever is traded', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let position: Position | null = null;
      let [cash, realized, open]: [Money, Money, Money] = [money('0'), money('0'), money('0')];
      // What an account that only knows trades would hold.
      let [signed, paid] = [0n, money('0')];
      for (const { side, px, lots, feeRate } of steps) {
        const quantity = qty(lots);
        const value = notional(price(px), quantity, 'floor');
        const fee = feeMoney(value, feeRate, 'floor');
        const effect = applyFill({
          ...request(position, { side, px, quantity: lots }),
          fill: {
            ...request(position, { side, px, quantity: lots }).fill,
            fee: qty((Number(fee) / 1e18).toFixed(6)),
          },
        });
        if (!effect.ok) continue;
        const { book, postings } = effect.value;
        expect(postings.reduce((sum, { amount }) => addMoney(sum, amount), money('0'))).toBe(0n);
        position = effect.value.position.status === 'CLOSED' ? null : effect.value.position;
        cash = addMoney(cash, book.cash);
        realized = addMoney(realized, book.realizedPnl);
        signed = side === 'BUY' ? signed + quantity : signed - quantity;
        paid = side === 'BUY' ? addMoney(paid, value) : subMoney(paid, value);
        open = addMoney(open, effect.value.feeQuote);
        const worth = bookValue({
          cash,
          positions: position === null ? [] : [position],
          dust: {},
          prices: { [PERP]: price(px) },
        });
        const atMarket = (signed * price(px)) / 10n ** 18n;
        // Values round against us, by at most a unit of the 18th decimal.
        const exact = atMarket - paid - open;
        expect(Number((worth?.equity ?? 0n) - exact)).toBeCloseTo(0, -1);
        if (worth !== undefined)
          expect(worth.equity).toBe(
            subMoney(addMoney(realized, worth.unrealized), worth.attachedFees),
          );
      }
    }),
  );
});
