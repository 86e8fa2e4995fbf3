import fc from 'fast-check';
import { addQty, qty, subQty, ZERO_QTY, type Qty } from '../../lib/units.ts';
import { compare as compareAll, type Comparison } from './diff.ts';
import type { Discrepancy, Sighting } from './discrepancy.ts';
import { EXTERNAL } from '../../portfolio/external.ts';
import type { LedgerOrder, LedgerPosition, LedgerSnapshot, VenueSnapshot } from './snapshot.ts';
import { before, comparison, held, ledger, restingOrder, venueOf } from './testing.ts';

const compare = (of: Comparison): readonly Discrepancy[] => compareAll(of).found;
const lots = (count: number): Qty => qty((count / 1_000).toFixed(3));
const count = fc.integer({ min: 0, max: 2_000 });

const asPositions = (counts: readonly number[], external: number): LedgerPosition[] => [
  ...counts.map((n, index) =>
    held({
      positionId: `p${index}`,
      strategyId: `s${index}`,
      quantity: lots(n),
      openedAt: before(10_000 - index),
    }),
  ),
  ...(external === 0
    ? []
    : [held({ positionId: 'x', strategyId: EXTERNAL, quantity: lots(external) })]),
];

/** The ledger after a correction, as whoever carries it out leaves it. */
function corrected(ours: LedgerSnapshot, { action }: Discrepancy): LedgerSnapshot {
  if (action.kind !== 'correct') throw new Error(`a correction, not ${action.kind}`);
  const resized = ours.positions.map((position) => {
    const resize = action.resizes.find(({ positionId }) => positionId === position.positionId);
    return resize === undefined ? position : { ...position, quantity: resize.to };
  });
  const imported = action.imports.map(({ quantity }) =>
    held({ positionId: 'imported', strategyId: EXTERNAL, quantity }),
  );
  const dust = ours.dust.map((item) => {
    const loss = action.dust.find(({ marketKey }) => marketKey === item.marketKey);
    return loss === undefined ? item : { ...item, quantity: subQty(item.quantity, loss.less) };
  });
  const positions = [...resized, ...imported].filter(({ quantity }) => quantity > 0n);
  return { ...ours, positions, dust };
}

test('prop: EXE-50 carrying out what is found leaves nothing to find', () => {
  fc.assert(
    fc.property(fc.array(count, { maxLength: 4 }), count, count, count, (own, x, dusty, total) => {
      const dust = { bookId: 'paper', marketKey: 'm', base: 'BTC', lotSize: lots(1) };
      const ours = ledger({
        positions: asPositions(own, x).filter(({ quantity }) => quantity > 0n),
        dust: dusty === 0 ? [] : [{ ...dust, quantity: lots(dusty) }],
      });
      const venue = venueOf({ balances: { BTC: lots(total) } });
      const [first] = compare(comparison(ours, venue));
      if (first === undefined) return;
      const { type, key, before: was, after } = first;
      const sightings: Sighting[] = [{ type, key, before: was, after, at: before(5_000) }];
      const [second, ...others] = compare(comparison(ours, venue, { sightings }));
      expect(others).toEqual([]);
      if (second === undefined) throw new Error('it still differs');
      expect(compare(comparison(corrected(ours, second), venue))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

/** One of our orders at each moment of its life. */
type World = {
  bought: Qty;
  booked: Qty;
  status: LedgerOrder['status'] | null;
  isOpen: boolean;
  revision: number;
};

const STEPS = ['write', 'send', 'fill', 'fill', 'acknowledge', 'book', 'fill', 'end'] as const;
const ORDERED = lots(900);

/** What happens to one purchase, step by step; the ledger hears of it later than the venue, or at once. */
function advance(world: World, step: (typeof STEPS)[number]): void {
  switch (step) {
    case 'write':
      world.status = 'SUBMITTED';
      return;
    case 'send':
      world.isOpen = true;
      return;
    case 'fill':
      if (!world.isOpen) return;
      world.bought = addQty(world.bought, lots(300));
      if (world.bought === ORDERED) world.isOpen = false;
      return;
    case 'acknowledge':
    case 'book':
      world.status = world.bought > 0n ? 'PARTIAL' : 'ACKNOWLEDGED';
      book(world);
      return;
    case 'end':
      world.isOpen = false;
      world.status = null;
      book(world);
  }
}

function book(world: World): void {
  if (world.booked === world.bought) return;
  world.booked = world.bought;
  world.revision += 1;
}

const ledgerOf = ({ booked, status, revision }: World): LedgerSnapshot =>
  ledger({
    positions: booked === ZERO_QTY ? [] : [held({ quantity: booked })],
    orders: status === null ? [] : [restingOrder({ status, filledQuantity: booked })],
    revision: String(revision),
  });

const listing = ({ isOpen, bought }: World): VenueSnapshot['ordersBefore'] =>
  isOpen ? [{ clientOrderId: 'tw1', filledQuantity: bought }] : [];

test('prop: an honest book has no difference, whatever order reads and fills race in (EXE-51)', () => {
  const moments = fc.array(fc.integer({ min: 0, max: STEPS.length }), {
    minLength: 5,
    maxLength: 5,
  });
  let quiet = 0;
  fc.assert(
    fc.property(moments, (unsorted) => {
      const at = unsorted.toSorted((a, b) => a - b);
      const world: World = {
        bought: ZERO_QTY,
        booked: ZERO_QTY,
        status: null,
        isOpen: false,
        revision: 0,
      };
      const looks: (() => void)[] = [];
      let first = ledger();
      let last = ledger();
      let venue = venueOf();
      looks.push(
        () => (first = ledgerOf(world)),
        () => (venue = { ...venue, ordersBefore: listing(world) }),
        () => (venue = { ...venue, balances: { BTC: world.bought } }),
        () => (venue = { ...venue, ordersAfter: listing(world) }),
        () => (last = ledgerOf(world)),
      );
      for (let step = 0; step <= STEPS.length; step += 1) {
        looks.forEach((look, index) => {
          if (at[index] === step) look();
        });
        const next = STEPS[step];
        if (next !== undefined) advance(world, next);
      }
      const found = compare(comparison(first, venue, { after: last }));
      expect(found).toEqual([]);
      if (last.positions.length > 0) quiet += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(quiet).toBeGreaterThan(50);
});
