import type { EpochMs } from '@tradewind/core/lib/time';
import { ok } from '@tradewind/core/lib/result';
import type { OrderReport } from '@tradewind/core/order/order';
import type { Lookup, Venue } from '../venue.ts';

const byVenueId = <R extends OrderReport>(report: R): R => ({
  ...report,
  clientOrderId: report.venueOrderId,
});
const told = (lookup: Lookup): Lookup =>
  lookup.kind === 'found' ? { kind: 'found', report: byVenueId(lookup.report) } : lookup;

/**
 * The same venue, had it never heard of ids of its customers': it takes none, and is asked by its own.
 *
 * @param since From when on its orders can be listed.
 */
export function forgetIds(venue: Venue, since: () => EpochMs): Venue {
  let sent = 0;
  /** The id that the venue below was given. */
  const hidden = async (symbol: string, venueOrderId: string): Promise<string> => {
    const all = await venue.ordersSince(symbol, since());
    const order = all.ok ? all.value.find((one) => one.venueOrderId === venueOrderId) : undefined;
    return order?.clientOrderId ?? `unknown-${venueOrderId}`;
  };
  return {
    ...venue,
    capabilities: { ...venue.capabilities, clientOrderId: false },
    submit: async (order, withinMs) => {
      sent += 1;
      const outcome = await venue.submit(
        { ...order, clientOrderId: `forgotten-${sent}-${Math.floor(Math.random() * 1e9)}` },
        withinMs,
      );
      return outcome.kind === 'accepted'
        ? {
            ...outcome,
            report: byVenueId(outcome.report),
            fills: outcome.fills.map((fill) => ({ ...fill, orderId: outcome.report.venueOrderId })),
          }
        : outcome;
    },
    lookup: async (symbol, id) => told(await venue.lookup(symbol, await hidden(symbol, id))),
    cancel: async (symbol, id) => told(await venue.cancel(symbol, await hidden(symbol, id))),
    fills: async ({ symbol, venueOrderId }) => {
      const clientOrderId = await hidden(symbol, venueOrderId);
      const read = await venue.fills({ symbol, clientOrderId, venueOrderId });
      return read.ok ? ok(read.value.map((fill) => ({ ...fill, orderId: venueOrderId }))) : read;
    },
    openOrders: async () => {
      const read = await venue.openOrders();
      return read.ok ? ok(read.value.map(byVenueId)) : read;
    },
    ordersSince: async (symbol, from) => {
      const read = await venue.ordersSince(symbol, from);
      return read.ok ? ok(read.value.map(byVenueId)) : read;
    },
    cancelAll: async (symbol) => {
      const read = await venue.cancelAll(symbol);
      return read.ok ? ok(read.value.map(byVenueId)) : read;
    },
  };
}
