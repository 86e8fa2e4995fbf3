import { aLedger, type Trip } from '../../test/ledger.ts';
import { at } from '../order/fixtures.ts';
import { epochMs, type EpochMs } from '../lib/time.ts';
import { price, qty } from '../lib/units.ts';
import { compareFacts, comparePending, type SeenFacts } from './compare-facts.ts';
import { compareLedger } from './compare-ledger.ts';

const OF = { bot: 'balanced', market: 'binance_spot_BTC-USDT' };
const TRIP: Trip = {
  minute: 1,
  heldMinutes: 10,
  entries: ['50000'],
  exits: ['50500'],
  quantity: '0.00200',
  fee: { amount: '0.1', currency: 'USDT' },
};
const { steps } = compareLedger(OF, aLedger([TRIP]));
const minute = (n: number): EpochMs => at(n * 60_000);

const FLAT = { position: null, lastFill: null } as const;
const HELD = {
  position: {
    side: 'LONG',
    quantity: qty('0.002'),
    averageEntry: price('50000'),
    openedAt: minute(1),
    lastFillAt: minute(1),
  },
  lastFill: { at: minute(1), side: 'BUY', price: price('50000') },
} as const;
const SOLD = {
  position: null,
  lastFill: { at: minute(11), side: 'SELL', price: price('50500') },
} as const;

const seen = (
  when: number,
  known: Pick<SeenFacts, 'position' | 'lastFill'>,
  pendingOrder = false,
): SeenFacts => ({
  ...known,
  pendingOrder,
  at: minute(when),
  savedAt: epochMs(minute(when) + 500),
});
const causes = (evaluations: readonly SeenFacts[]) =>
  compareFacts(OF, steps, evaluations).map((one) => one?.cause ?? null);

test('what an evaluation knew is what the fills add up to at its time', () => {
  expect(causes([seen(0, FLAT), seen(2, HELD), seen(5, HELD), seen(12, SOLD)])).toEqual(
    Array.from({ length: 4 }, () => null),
  );
});

test('a fill that is being booked while an evaluation reads may be known or not, or in part', () => {
  expect(causes([seen(0, FLAT), seen(1, FLAT), seen(2, HELD)])).toEqual([null, null, null]);
  expect(causes([seen(0, FLAT), seen(1, HELD)])).toEqual([null, null]);
  expect(causes([seen(0, FLAT), seen(1, { ...HELD, position: null })])).toEqual([null, null]);
});

test.each([
  ['a quantity that no fill makes', { ...HELD.position, quantity: qty('0.003') }],
  ['a price that no fill makes', { ...HELD.position, averageEntry: price('49999') }],
  ['another time of opening', { ...HELD.position, openedAt: minute(0) }],
])('%s is a difference of fills', (_, position) => {
  expect(causes([seen(0, FLAT), seen(2, { ...HELD, position })])).toEqual([null, 'fill']);
});

test('a last fill at another price is a difference of fills', () => {
  const lastFill = { ...HELD.lastFill, price: price('50001') };
  expect(causes([seen(2, { ...HELD, lastFill })])).toEqual(['fill']);
});

test.each<[string, readonly SeenFacts[]]>([
  ['did not know of a fill that had long been booked', [seen(2, FLAT), seen(3, FLAT)]],
  ['knew of a fill before it happened', [seen(0, HELD)]],
  ['forgot a fill that it knew of', [seen(2, HELD), seen(3, FLAT)]],
])('an evaluation that %s is a difference of timing', (_, evaluations) => {
  expect(causes(evaluations).at(-1)).toBe('timing');
});

test('an order under way that an evaluation did not know of is found, and one that was none', () => {
  const underWay = [{ from: minute(1), until: minute(4) }];
  const evaluations = [
    seen(0, FLAT),
    seen(1, FLAT, true),
    seen(2, FLAT, true),
    seen(3, FLAT, false),
    seen(5, FLAT),
    seen(6, FLAT, true),
  ];
  const found = comparePending(OF, underWay, evaluations).map((one) => one?.found ?? null);
  expect(found).toEqual([null, null, null, 'nothing under way', null, 'an order under way']);
});
