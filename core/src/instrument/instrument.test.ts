import fc from 'fast-check';
import { anInstrument } from '../order/fixtures.ts';
import { money, notional, price, qty } from '../lib/units.ts';
import { isSellable, isSellableAtAnyPrice, marketKeyOf, tradableQty } from './instrument.ts';

const instrument = anInstrument({ minQty: qty('0.0001') });

test('ARC-25 a market key names venue, kind and symbol', () => {
  expect(marketKeyOf('binance', 'spot', 'BTC-USDT')).toBe('binance_spot_BTC-USDT');
});

test.each([
  ['0.001239', '50000', '0.00123'],
  ['0.0001', '50000', '0.0001'],
  ['0.00010999', '50000', '0.0001'],
])('of %s wanted at %s the venue takes %s', (wanted, px, taken) => {
  expect(tradableQty(instrument, qty(wanted), price(px))).toEqual({ ok: true, value: qty(taken) });
});

test.each([
  ['0', '50000', 'min_quantity'],
  ['0.00009999', '900000', 'min_quantity'],
  ['0.0001', '49999.99', 'min_notional'],
])('of %s at %s it takes nothing: %s', (wanted, px, code) => {
  expect(tradableQty(instrument, qty(wanted), price(px))).toMatchObject({ error: { code } });
  expect(isSellable(instrument, qty(wanted), price(px))).toBe(false);
});

test('what is above lot and minimum quantity can be sold at some price, the rest at none', () => {
  expect(isSellableAtAnyPrice(instrument, qty('0.0001'))).toBe(true);
  expect(isSellableAtAnyPrice(instrument, qty('0.00009999'))).toBe(false);
  const withoutMinimum = anInstrument({ minQty: qty('0') });
  expect(isSellableAtAnyPrice(withoutMinimum, qty('0.00000999'))).toBe(false);
});

test('prop: what is taken is on the grid, at most what was wanted, and worth the minimum', () => {
  const lots = fc.integer({ min: 0, max: 10_000_000 });
  const cents = fc.integer({ min: 1, max: 10_000_000 });
  fc.assert(
    fc.property(lots, cents, (hundredthLots, priceCents) => {
      const wanted = qty((hundredthLots / 10_000_000).toFixed(7));
      const px = price((priceCents / 100).toFixed(2));
      const taken = tradableQty(instrument, wanted, px);
      if (!taken.ok) return;
      expect(taken.value % instrument.lotSize).toBe(0n);
      expect(taken.value <= wanted && wanted - taken.value < instrument.lotSize).toBe(true);
      expect(notional(px, taken.value, 'floor') >= money('5')).toBe(true);
    }),
  );
});
