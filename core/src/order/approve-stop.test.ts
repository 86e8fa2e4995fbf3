import { price, qty } from '../lib/units.ts';
import type { Position } from '../portfolio/position.ts';
import type { VenueStop } from '../portfolio/venue-stop.ts';
import { approveStop } from './approve-stop.ts';
import { anInstrument, aPosition, NOON } from './fixtures.ts';

const STOP: VenueStop = {
  stopPrice: price('49500'),
  quantity: qty('0.002'),
  reason: 'trailing_stop',
};

const approve = (
  position: Partial<Position> = {},
  { stop = {}, generation = 1 }: { stop?: Partial<VenueStop>; generation?: number } = {},
) =>
  approveStop({
    position: aPosition(position),
    instrument: anInstrument(),
    stop: { ...STOP, ...stop },
    generation,
    now: NOON,
  });

test.each([
  ['LONG', 'SELL'],
  ['SHORT', 'BUY'],
] as const)('PF-46 the stop of a %s is a %s that can only reduce', (side, order) => {
  expect(approve({ side })).toMatchObject({
    approved: true,
    item: {
      action: 'EXIT',
      type: 'STOP',
      side: order,
      reduceOnly: true,
      quantity: qty('0.002'),
      stopPrice: price('49500'),
      limitPrice: null,
      closeReason: 'trailing_stop',
      expiresAt: null,
    },
  });
});

test('each stop of a position has an id of its own, the same whoever makes it (EXE-15)', () => {
  const idOf = (generation: number): string => {
    const verdict = approve({}, { generation });
    if (!verdict.approved) throw new Error('refused');
    return verdict.item.intentId;
  };
  expect(idOf(1)).toBe(idOf(1));
  expect(idOf(2)).not.toBe(idOf(1));
});

test.each<[string, Partial<Position>, Partial<VenueStop>, string]>([
  ['covers more than is held', {}, { quantity: qty('0.00201') }, 'nothing_to_sell'],
  ['covers nothing', {}, { quantity: qty('0') }, 'nothing_to_sell'],
  ['is of a closed position', { status: 'CLOSED' }, {}, 'nothing_to_sell'],
  ['is in the way of an exit', { closeIntentId: 'exit' }, {}, 'pending_order'],
])('a stop that %s is refused (PF-49)', (_, position, stop, reason) => {
  expect(approve(position, { stop })).toMatchObject({ approved: false, reasons: [{ reason }] });
});

test('the rules of another market are a bug', () => {
  expect(() => approve({ marketKey: 'binance_spot_ETH-USDT' })).toThrow('its own market');
});
