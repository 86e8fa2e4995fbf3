import fc from 'fast-check';
import { aCandidate, aLivePrice } from '../order/fixtures.ts';
import { checkPriceQuality, entryObstacle } from './price-quality.ts';

const GOOD = { stale: false, degraded: false, conflict: false, dataQuality: 1 };

describe('gate 4, what the source says of its own price', () => {
  test.each([
    ['MD-11 a live one', {}, null],
    ['MD-11 the venue’s REST where no worker runs', { dataQuality: 0.6 }, null],
    ['MD-11 one that nothing vouches for', { dataQuality: 0 }, 'low_data_quality'],
    ['one of no known quality', { dataQuality: Number.NaN }, 'low_data_quality'],
    ['MD-61 one of a silent market', { stale: true }, 'stale_data'],
    ['MD-63 one of a fallback source', { degraded: true, dataQuality: 0.6 }, 'low_data_quality'],
    ['MD-12 one that another source denies', { conflict: true }, 'price_conflict'],
    [
      'MD-12 one with every mark',
      { conflict: true, stale: true, degraded: true },
      'price_conflict',
    ],
  ] as const)('%s: %j gives %s', (_, marks, reason) => {
    const finding = checkPriceQuality(
      aCandidate({ context: { price: aLivePrice({ ...GOOD, ...marks }) } }),
    );
    expect(finding.block?.reason ?? null).toBe(reason);
    expect(finding.verdict).toBe(reason === null ? 'pass' : 'block');
  });

  test('RSK-02 no price at all blocks', () => {
    const { block } = checkPriceQuality(aCandidate({ context: { price: undefined } }));
    expect(block?.reason).toBe('stale_data');
  });

  test('prop: a price passes only with no mark and a quality above 0', () => {
    fc.assert(
      fc.property(
        fc.record({
          stale: fc.boolean(),
          degraded: fc.boolean(),
          conflict: fc.boolean(),
          dataQuality: fc.double(),
        }),
        (marks) => {
          const marked = marks.stale || marks.degraded || marks.conflict;
          const passes = entryObstacle(marks, 'BTC-USDT') === null;
          expect(passes).toBe(!marked && marks.dataQuality > 0);
        },
      ),
    );
  });
});
