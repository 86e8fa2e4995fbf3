import { bestPrice, dataQualityOf, mayOpen, mayPriceExit, type Said } from './quality.ts';

const LIMITS = { stream: 10_000, rest: 10_000, quotes: 299_999 };
const said = (role: Said['role'], price: number | undefined, ageMs = 0): Said => ({
  role,
  price,
  ageMs,
});

describe('a source of prices', () => {
  test.each([
    ['stream', 1],
    ['rest', 0.6],
    ['quotes', 0.3],
    ['history', 0],
    [undefined, 0],
  ] as const)('MD-11 %s has a quality of %d', (role, quality) => {
    expect(dataQualityOf(role)).toBe(quality);
  });

  test.each([
    ['stream', false, true],
    ['rest', false, false],
    ['rest', true, true],
    ['quotes', true, false],
    ['history', true, false],
    ['news', true, false],
    [undefined, true, false],
  ] as const)('MD-63 %s, entries on fallback %s: opens %s', (role, entriesOnFallback, opens) => {
    expect(mayOpen(role, { entriesOnFallback })).toBe(opens);
  });

  test.each([
    ['stream', 0, 0, true],
    ['rest', 0, 0, true],
    ['quotes', 0, 60_000, false],
    ['quotes', 299_999, 60_001, true],
    ['quotes', 300_000, 60_001, false],
    ['quotes', Number.NaN, 60_001, false],
    ['quotes', 0, Number.NaN, false],
    ['history', 0, 600_000, false],
    [undefined, 0, 600_000, false],
  ] as const)(
    'MD-10 %s, quote %d ms old, venue silent for %d ms: prices exits %s',
    (role, quoteAgeMs, venueSilentMs, may) => {
      expect(mayPriceExit(role, { quoteAgeMs, venueSilentMs })).toBe(may);
    },
  );

  test('MD-10 MD-62 the best one that is young enough prices the market, and says how much it is worth', () => {
    const all = [said('quotes', 3), said('rest', 2), said('stream', 1)];
    expect(bestPrice('spot', all, LIMITS)).toMatchObject({
      value: { role: 'stream', price: 1, degraded: false, dataQuality: 1 },
    });
    const old = [said('quotes', 3), said('rest', 2), said('stream', 1, 10_001)];
    expect(bestPrice('spot', old, LIMITS)).toMatchObject({
      value: { role: 'rest', price: 2, degraded: true, dataQuality: 0.6 },
    });
  });

  test('MD-T09 MD-10 one that is absent is passed over without an error', () => {
    expect(bestPrice('spot', [said('rest', 2)], LIMITS)).toMatchObject({ value: { role: 'rest' } });
    expect(bestPrice('forex', [said('quotes', 2)], LIMITS)).toMatchObject({
      value: { dataQuality: 0.3 },
    });
  });

  test.each([
    ['nothing', []],
    ['no price', [said('stream', undefined)]],
    ['zero', [said('stream', 0)]],
    ['not a number', [said('stream', Number.NaN)]],
    ['only an old price', [said('stream', 5, 10_001)]],
    ['a price from the future', [said('stream', 5, -1_001)]],
  ])('MD-05 %s is an error, not a price', (_, sources) => {
    expect(bestPrice('spot', sources, LIMITS)).toMatchObject({ ok: false });
  });
});
