import { money, price, qty } from '@tradewind/core/lib/units';
import { book, position } from '../testing/documents.ts';
import { valueOf } from './valuation.ts';

test('ARC-25 a SHORT of a future is valued by what it has gained, of spot not at all', () => {
  const short = (marketKey: string) =>
    position({ marketKey, side: 'SHORT', quantity: qty('1'), cost: money('100') });
  const at = (marketKey: string) =>
    valueOf(book({ cash: money('1000'), dust: {} }), [short(marketKey)], {
      [marketKey]: price('90'),
    });
  expect(at('binance_futures_BTC-USDT')).toMatchObject({
    equity: money('1010'),
    cash: money('1000'),
  });
  expect(at('binance_spot_BTC-USDT')).toBeUndefined();
});
