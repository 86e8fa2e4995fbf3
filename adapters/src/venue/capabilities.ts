import type { VenueCapabilities } from './venue.ts';

type Capabilities = Omit<VenueCapabilities, 'simulated'>;

/** What a Binance spot account can do, and whatever stands in for one. */
export const SPOT: Capabilities = {
  market: 'spot',
  shortable: false,
  clientOrderId: true,
  stopOrders: true,
  reduceOnly: false,
  positions: 'balances',
  leverage: false,
  hedgeMode: false,
  liquidationHistory: false,
  funding: false,
};

/** The same of a USD-M futures account. */
export const FUTURES: Capabilities = {
  market: 'futures',
  shortable: true,
  clientOrderId: true,
  stopOrders: true,
  reduceOnly: true,
  positions: 'venue',
  leverage: true,
  hedgeMode: true,
  liquidationHistory: true,
  funding: true,
};
