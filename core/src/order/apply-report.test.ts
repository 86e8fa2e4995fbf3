import fc from 'fast-check';
import { money, notional, price, qty } from '../lib/units.ts';
import { applyReport, type ReportedOrder } from './apply-report.ts';
import { NOON } from './fixtures.ts';
import type { OrderReport, OrderStatus } from './order.ts';
import { isTerminal } from './transitions.ts';

const anOrder = (change: Partial<ReportedOrder> = {}): ReportedOrder => ({
  orderId: 'tw1',
  venueOrderId: null,
  status: 'SUBMITTED',
  quantity: qty('1'),
  filledQuantity: qty('0'),
  filledQuote: money('0'),
  averagePrice: null,
  ...change,
});

const aReport = (
  status: OrderReport['status'],
  filled = '0',
  change: Partial<OrderReport> = {},
): OrderReport => ({
  clientOrderId: 'tw1',
  venueOrderId: '42',
  status,
  filledQuantity: qty(filled),
  filledQuote: notional(price('100'), qty(filled), 'floor'),
  averagePrice: null,
  updatedAt: NOON,
  ...change,
});

/** The order after the reports that apply; those that do not leave it as it was. */
const afterAll = (order: ReportedOrder, reports: readonly OrderReport[]): ReportedOrder =>
  reports.reduce((before, report) => {
    const after = applyReport(before, report);
    return after.ok ? after.value : before;
  }, order);

const statusAfter = (from: ReportedOrder, report: OrderReport): OrderStatus | 'refused' => {
  const after = applyReport(from, report);
  return after.ok ? after.value.status : 'refused';
};

/** What one venue truly says of one order over time: fills that grow, at most one end, late fills. */
const history = fc
  .record({
    cuts: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 5 }),
    end: fc.constantFrom('open', 'FILLED', 'CANCELLED', 'EXPIRED', 'REJECTED'),
    lateFills: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 2 }),
  })
  .map(({ cuts, end, lateFills }): OrderReport[] => {
    const sorted = [...new Set(cuts)].sort((a, b) => a - b);
    const cut = (hundredths: number): string => String(hundredths / 100);
    const acknowledged = aReport('ACKNOWLEDGED');
    if (end === 'REJECTED') return [acknowledged, aReport('REJECTED')];
    const partial = sorted.map((share) => aReport('PARTIAL', cut(share)));
    if (end === 'open') return [acknowledged, ...partial];
    if (end === 'FILLED') return [acknowledged, ...partial, aReport('FILLED', '1')];
    const last = sorted.at(-1) ?? 0;
    const late = lateFills
      .filter((share) => share > last)
      .map((share) => aReport(end === 'CANCELLED' ? 'CANCELLED' : 'EXPIRED', cut(share)));
    const ended = aReport(end === 'CANCELLED' ? 'CANCELLED' : 'EXPIRED', cut(last));
    return [acknowledged, ...partial, ended, ...late];
  });

const shuffledWithDoubles = (reports: readonly OrderReport[]): fc.Arbitrary<OrderReport[]> =>
  fc.array(fc.constantFrom(...reports), { maxLength: 6 }).chain((doubles) =>
    fc.shuffledSubarray([...reports, ...doubles], {
      minLength: reports.length + doubles.length,
    }),
  );

const beginning = fc.constantFrom<OrderStatus>('SUBMITTED', 'UNKNOWN', 'PENDING', 'QUEUED');

describe('applyReport', () => {
  test('prop: EXE-18 true reports in any order, with any repeated, end in the same order', () => {
    fc.assert(
      fc.property(
        history.chain((reports) => fc.tuple(fc.constant(reports), shuffledWithDoubles(reports))),
        beginning,
        ([reports, shuffled], status) => {
          const order = anOrder({ status });
          expect(afterAll(order, shuffled)).toEqual(afterAll(order, reports));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('prop: a report delivered twice in a row equals once, and the second returns the same object', () => {
    fc.assert(
      fc.property(history, (reports) => {
        reports.reduce((before, report) => {
          const once = afterAll(before, [report]);
          expect(afterAll(once, [report])).toBe(once);
          return once;
        }, anOrder());
      }),
    );
  });

  const anyReport = fc
    .record({
      status: fc.constantFrom<OrderReport['status']>(
        'ACKNOWLEDGED',
        'PARTIAL',
        'FILLED',
        'CANCELLED',
        'EXPIRED',
        'REJECTED',
      ),
      hundredths: fc.integer({ min: 0, max: 130 }),
    })
    .map(({ status, hundredths }) => aReport(status, String(hundredths / 100)));

  test('prop: whatever is reported, fills never shrink, never pass the order, and FILLED means all of it', () => {
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 20 }), (reports) => {
        reports.reduce((before, report) => {
          const after = afterAll(before, [report]);
          expect(after.filledQuantity >= before.filledQuantity).toBe(true);
          expect(after.filledQuantity <= after.quantity).toBe(true);
          expect(after.status === 'FILLED').toBe(after.filledQuantity === after.quantity);
          if (isTerminal(before.status)) expect(isTerminal(after.status)).toBe(true);
          return after;
        }, anOrder());
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes the numbers of the report and derives the average from them', () => {
    const after = applyReport(
      anOrder(),
      aReport('PARTIAL', '0.4', { filledQuote: money('40.2'), averagePrice: price('999') }),
    );
    expect(after).toEqual({
      ok: true,
      value: anOrder({
        venueOrderId: '42',
        status: 'PARTIAL',
        filledQuantity: qty('0.4'),
        filledQuote: money('40.2'),
        averagePrice: price('100.5'),
      }),
    });
  });

  test('quantities decide between PARTIAL and FILLED, not the word of the venue', () => {
    expect(statusAfter(anOrder(), aReport('FILLED', '0.5'))).toBe('PARTIAL');
    expect(statusAfter(anOrder(), aReport('PARTIAL', '1'))).toBe('FILLED');
    expect(statusAfter(anOrder(), aReport('PARTIAL', '0'))).toBe('ACKNOWLEDGED');
  });

  test('EXE-T12 a cancel that loses the race with a fill ends FILLED, whichever answer comes first', () => {
    const cancelling = anOrder({ status: 'CANCELLING' });
    const filled = aReport('FILLED', '1');
    const refused = aReport('ACKNOWLEDGED');
    expect(afterAll(cancelling, [filled, refused]).status).toBe('FILLED');
    expect(afterAll(cancelling, [refused, filled]).status).toBe('FILLED');
  });

  test('EXE-T14 a partial fill and then a cancel keeps the filled part', () => {
    const after = afterAll(anOrder(), [aReport('PARTIAL', '0.3'), aReport('CANCELLED', '0.3')]);
    expect(after).toMatchObject({ status: 'CANCELLED', filledQuantity: qty('0.3') });
  });

  test.each(['CANCELLED', 'EXPIRED'] as const)('EXE-10 a late fill on %s is applied', (end) => {
    const ended = afterAll(anOrder(), [aReport(end, '0.3')]);
    expect(afterAll(ended, [aReport('PARTIAL', '0.5')])).toMatchObject({
      status: end,
      filledQuantity: qty('0.5'),
    });
    expect(afterAll(ended, [aReport('FILLED', '1')]).status).toBe('FILLED');
  });

  test('a partial fill while a cancel is under way leaves it under way', () => {
    expect(statusAfter(anOrder({ status: 'CANCELLING' }), aReport('PARTIAL', '0.2'))).toBe(
      'CANCELLING',
    );
  });

  test('more filled than ordered is refused with both numbers', () => {
    expect(applyReport(anOrder(), aReport('FILLED', '1.000000000000000001'))).toEqual({
      ok: false,
      error: { kind: 'overfill', ordered: qty('1'), filled: qty('1.000000000000000001') },
    });
  });

  test.each<[OrderStatus, OrderReport['status'], string]>([
    ['NOT_SENT', 'ACKNOWLEDGED', '0'],
    ['NOT_SENT', 'FILLED', '1'],
    ['REJECTED', 'ACKNOWLEDGED', '0'],
    ['REJECTED', 'FILLED', '1'],
    ['CANCELLED', 'REJECTED', '0'],
    ['SUBMITTED', 'REJECTED', '0.5'],
  ])('EXE-10 an order that is %s cannot be %s with %s filled', (status, reported, filled) => {
    expect(statusAfter(anOrder({ status }), aReport(reported, filled))).toBe('refused');
  });

  test.each<OrderStatus>(['PENDING', 'QUEUED', 'UNKNOWN'])(
    'what the venue knows of an order that we hold as %s is taken over',
    (status) => {
      expect(statusAfter(anOrder({ status }), aReport('ACKNOWLEDGED'))).toBe('ACKNOWLEDGED');
      expect(statusAfter(anOrder({ status }), aReport('FILLED', '1'))).toBe('FILLED');
    },
  );

  test('a report of another order is refused', () => {
    const known = anOrder({ venueOrderId: '41' });
    expect(applyReport(known, aReport('FILLED', '1'))).toEqual({
      ok: false,
      error: { kind: 'otherOrder', expected: '41', reported: '42' },
    });
    const stranger = aReport('FILLED', '1', { clientOrderId: 'tw2' });
    expect(applyReport(anOrder(), stranger).ok).toBe(false);
  });

  test('fields that a report does not know pass through', () => {
    const order = { ...anOrder(), bookId: 'paper' };
    const after = applyReport(order, aReport('ACKNOWLEDGED'));
    expect(after.ok && after.value.bookId).toBe('paper');
  });

  test('the quote value of a known quantity may become known later', () => {
    const early = aReport('PARTIAL', '0.5', { filledQuote: money('0') });
    const after = afterAll(anOrder(), [early]);
    expect(after.averagePrice).toBeNull();
    expect(afterAll(after, [aReport('PARTIAL', '0.5'), early])).toMatchObject({
      filledQuote: money('50'),
      averagePrice: price('100'),
    });
  });
});
