import { createVenue } from '@tradewind/adapters/venue/create-venue';
import {
  nameOrders,
  type OrderRecords,
  type SentOrder,
} from '@tradewind/adapters/venue/name-orders';
import { forgetIds } from '@tradewind/adapters/venue/testing/forget-ids';
import type { Venue, VenueOrder } from '@tradewind/adapters/venue/venue';
import { clientOrderIdOf } from '@tradewind/core/lib/ids';
import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { KEY, SECRET, startSandbox } from './start.ts';

const clock = { wallNow: () => epochMs(Date.now()) };

/** What a ledger would keep of the orders that are sent through `venue`. */
function remembering(venue: Venue) {
  const sent = new Map<string, SentOrder>();
  const records: OrderRecords = {
    sent: (orderId) => Promise.resolve(sent.get(orderId)),
    names: (venueOrderIds) =>
      Promise.resolve(
        new Map(
          [...sent].flatMap(([orderId, { venueOrderId }]) =>
            venueOrderId !== null && venueOrderIds.includes(venueOrderId)
              ? [[venueOrderId, orderId] as const]
              : [],
          ),
        ),
      ),
  };
  const account = nameOrders(venue, records, clock);
  return {
    ...account,
    submit: async (order: VenueOrder) => {
      const { side, quantity } = order;
      const written = { side, quantity, sentAt: clock.wallNow(), venueOrderId: null };
      sent.set(order.clientOrderId, written);
      const outcome = await account.submit(order);
      if (outcome.kind === 'accepted')
        sent.set(order.clientOrderId, { ...written, venueOrderId: outcome.report.venueOrderId });
      return outcome;
    },
  };
}

describe.each(['spot', 'futures'] as const)(
  'EXE-17 an account of %s that forgets our ids',
  (market) => {
    let desk: Awaited<ReturnType<typeof startSandbox>>;
    let real: Venue;
    let venue: ReturnType<typeof remembering>;
    const fault = (kind: string) =>
      desk.admin('POST', 'faults', {
        match: { method: 'POST', path: market === 'spot' ? '/api/v3/order' : '/fapi/v1/order' },
        ...{ kind, delayMs: 50 },
      });

    beforeEach(async () => {
      desk = await startSandbox();
      await desk.trade(['BTC-USDT', '50000']);
      real = createVenue({
        ...{ venue: 'binance', market, apiKey: KEY, apiSecret: SECRET, clock, deadlineMs: 1_500 },
        sandboxPort: desk.sandbox.port,
      });
      venue = remembering(forgetIds(real, () => epochMs(Date.now() - 60_000)));
    });
    afterEach(async () => {
      await real.close();
      await desk.sandbox.close();
    });

    let orders = 0;
    const order = (over: Partial<VenueOrder> = {}): VenueOrder => {
      orders += 1;
      return {
        clientOrderId: clientOrderIdOf(`forgotten ${orders}`, 0),
        ...{ symbol: 'BTC-USDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' },
        quantity: qty('0.01'),
        limitPrice: price('40000'),
        ...over,
      };
    };

    test('what was accepted is found, listed and cancelled by our id', async () => {
      const resting = order();
      const { clientOrderId } = resting;
      expect(await venue.submit(resting)).toMatchObject({
        kind: 'accepted',
        report: { clientOrderId },
      });
      const found = { kind: 'found', report: { clientOrderId, status: 'ACKNOWLEDGED' } };
      expect(await venue.lookup('BTC-USDT', clientOrderId)).toMatchObject(found);
      expect(await venue.openOrders()).toMatchObject({ ok: true, value: [{ clientOrderId }] });
      expect(await venue.cancel('BTC-USDT', clientOrderId)).toMatchObject({
        ...{ kind: 'found', report: { clientOrderId, status: 'CANCELLED' } },
      });
      expect(await venue.openOrders()).toEqual({ ok: true, value: [] });
    });

    test.each([
      ['timeoutAfter', 'found'],
      ['timeoutBefore', 'absent'],
    ])('after %s the search says: %s', async (kind, expected) => {
      await fault(kind);
      const lost = order();
      expect(await venue.submit(lost)).toMatchObject({ kind: 'unknown' });
      const lookup = await venue.lookup('BTC-USDT', lost.clientOrderId);
      expect(lookup.kind).toBe(expected);
      if (lookup.kind === 'found') expect(lookup.report.clientOrderId).toBe(lost.clientOrderId);
    });

    test('an order of other terms, and one that has another name of ours, are not taken for it', async () => {
      await venue.submit(order());
      await venue.submit(order({ quantity: qty('0.02') }));
      await fault('timeoutBefore');
      const lost = order();
      await venue.submit(lost);
      expect(await venue.lookup('BTC-USDT', lost.clientOrderId)).toEqual({ kind: 'absent' });
    });

    test('of two that may be it nobody is chosen', async () => {
      await real.submit(order());
      await fault('timeoutAfter');
      const lost = order();
      await venue.submit(lost);
      expect(await venue.lookup('BTC-USDT', lost.clientOrderId)).toMatchObject({
        ...{ kind: 'failed', error: { code: 'AmbiguousOrder', retryable: false } },
      });
      expect(await venue.cancel('BTC-USDT', lost.clientOrderId)).toMatchObject({ kind: 'failed' });
      expect(await real.openOrders()).toMatchObject({ value: [{}, {}] });
    });
  },
);
