import fc from 'fast-check';
import { money, moneyOf, notional, price, qty } from '../lib/units.ts';
import { fillSize, fillValue, isProof, type ReportedSize } from './fill-size.ts';

const base: ReportedSize = { price: price('4864.2'), size: qty('25') };

describe('what a size is counted in', () => {
  test('PF-20 the venue’s flag decides: quote is size and its base is size / price, base the other way round', () => {
    expect(fillSize({ ...base, price: price('2000'), sizeInQuote: true }, 'base')).toEqual({
      ok: true,
      value: { quantity: qty('0.0125'), sizeQuote: money('25') },
    });
    const inBase = fillSize({ ...base, sizeInQuote: false }, 'quote');
    expect(inBase).toEqual({ ok: true, value: { quantity: qty('25') } });
    if (inBase.ok) expect(fillValue({ price: base.price, ...inBase.value })).toBe(money('121605'));
  });

  test('PF-20 a value beside the size proves it as a flag would', () => {
    expect(fillSize({ ...base, value: money('25') }, 'base')).toMatchObject({
      value: { sizeQuote: money('25') },
    });
    expect(fillSize({ ...base, value: money('121605') }, 'quote')).toMatchObject({
      value: { quantity: qty('25') },
    });
    expect(fillSize({ ...base, value: money('300') }, 'base')).toEqual({
      ok: false,
      error: { kind: 'sizeContradictsValue' },
    });
  });

  test('PF-20 without either it is what the venue documents, and marked: no proof of anything', () => {
    for (const documented of ['base', 'quote'] as const) {
      const size = fillSize(base, documented);
      if (!size.ok) throw new Error(size.error.kind);
      expect(size.value.sizeAssumed).toBe(true);
      expect(isProof({ fillId: '1', ...size.value })).toBe(false);
    }
    expect(isProof({ fillId: '1' })).toBe(true);
    expect(isProof({ fillId: '' })).toBe(false);
  });

  const cents = fc.integer({ min: 1, max: 10 ** 9 });
  const sizes = fc.record({
    price: cents.map((n) => price((n / 100).toFixed(2))),
    size: fc.integer({ min: 1, max: 10 ** 9 }).map((n) => qty((n / 100_000).toFixed(5))),
  });

  test('prop: a flag and a value that agree with each other come to the same', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), ({ price: px, size }, sizeInQuote) => {
        const value = sizeInQuote ? moneyOf(size) : notional(px, size, 'floor');
        const flagged = fillSize({ price: px, size, sizeInQuote }, 'base');
        const proven = fillSize({ price: px, size, value }, sizeInQuote ? 'quote' : 'base');
        expect(proven).toEqual(flagged);
      }),
    );
  });

  test('prop: an execution told in quote is worth exactly its size, and never buys more than that', () => {
    fc.assert(
      fc.property(sizes, ({ price: px, size }) => {
        const told = fillSize({ price: px, size, sizeInQuote: true }, 'base');
        if (!told.ok) throw new Error(told.error.kind);
        expect(fillValue({ price: px, ...told.value })).toBe(moneyOf(size));
        expect(notional(px, told.value.quantity, 'floor')).toBeLessThanOrEqual(moneyOf(size));
      }),
    );
  });
});
