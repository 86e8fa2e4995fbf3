import { anInstrument, BTC, NOON } from '../order/fixtures.ts';
import { fillSize } from '../order/fill-size.ts';
import type { Fill } from '../order/order.ts';
import { formatDecimal, money, notional, price, qty } from '../lib/units.ts';
import { applyFill } from './apply-fill.ts';
import type { FilledOrder, FillEffect } from './fill-effect.ts';
import type { Position } from './position.ts';

const PLAN = {
  ...{ stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null },
  ...{ stopAt: null, targetAt: null },
};

function booked(quick: {
  readonly fill: Partial<Fill>;
  readonly order?: Partial<FilledOrder>;
  readonly position?: Position;
}): FillEffect {
  const fill: Fill = {
    ...{ fillId: 'f', orderId: 'tw1', side: 'BUY', price: price('1'), quantity: qty('1') },
    ...{ fee: qty('0'), feeCurrency: 'USDT', at: NOON },
    ...quick.fill,
  };
  const order: FilledOrder = {
    ...{ intentId: 'i', positionId: 'p', strategyId: 's', bookId: 'paper', marketKey: BTC },
    ...{ symbol: 'BTC-USDT', side: fill.side, closeReason: null, remaining: qty('0') },
    expectedPrice: fill.price,
    ...quick.order,
  };
  const position = quick.position ?? null;
  const effect = applyFill({ position, fill, order, instrument: anInstrument(), protection: PLAN });
  if (!effect.ok) throw new Error(`not booked: ${effect.error.kind}`);
  return effect.value;
}

describe('sizes in quote and in base', () => {
  test('PF-T02 PF-21 a fill that is told in quote and one that is told in base come to the same', () => {
    const trips = [true, false].map((sizeInQuote) => {
      const told = (px: string, base: string) => {
        const size = sizeInQuote ? notional(price(px), qty(base), 'floor') : qty(base);
        const of = { price: price(px), size: qty(formatDecimal(size)), sizeInQuote };
        const found = fillSize(of, 'base');
        if (!found.ok) throw new Error(found.error.kind);
        return { price: of.price, fee: qty('0.02'), ...found.value };
      };
      const entry = booked({ fill: told('4000', '0.00625') });
      const exit = booked({
        position: entry.position,
        fill: { side: 'SELL', ...told('4400', '0.00625') },
        order: { closeReason: 'manual' },
      });
      return { entry: entry.book, exit: exit.book, trade: exit.trade };
    });
    expect(trips[0]).toEqual(trips[1]);
    expect(trips[0]).toMatchObject({
      entry: { cash: money('-25.02') },
      exit: { cash: money('27.48'), realizedPnl: money('2.46') },
      trade: { netPnl: money('2.46') },
    });
  });

  test('PF-T03 a size of 25 in quote at 4,864.2 spends exactly 25', () => {
    const of = { price: price('4864.2'), size: qty('25') };
    const told = fillSize({ ...of, sizeInQuote: true }, 'base');
    if (!told.ok) throw new Error(told.error.kind);
    const { book, position } = booked({ fill: { price: of.price, ...told.value } });
    expect(book.cash).toBe(money('-25'));
    expect(position).toMatchObject({ cost: money('25'), decided: { entered: money('25') } });
  });
});
