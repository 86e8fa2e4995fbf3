import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { createVenue } from '../create-venue.ts';
import type { Venue, VenueOrder } from '../venue.ts';
import { exchangeMarket, type Answer, type FakeExchange } from './fake-exchange.ts';

export const KEY = 'test-key-0123456789';
export const SECRET = 'test-secret-0123456789';

/** A venue that talks to the server at `port`, and gives up fast. */
export const venueAt = (port: number, market: 'spot' | 'futures' = 'spot'): Venue =>
  createVenue({
    venue: 'binance',
    market,
    apiKey: KEY,
    apiSecret: SECRET,
    sandboxPort: port,
    clock: { wallNow: () => epochMs(Date.now()) },
    deadlineMs: 800,
  });

export const market: VenueOrder = {
  clientOrderId: 'twabcdefghijklmnopqrstuvwxyz',
  symbol: 'BTC-USDT',
  side: 'BUY',
  type: 'MARKET',
  quantity: qty('0.01234'),
  limitPrice: null,
  timeInForce: 'GTC',
};
export const limit: VenueOrder = { ...market, type: 'LIMIT', limitPrice: price('50000.1') };

/** What Binance says of `market` once it is filled. */
export const filledReply = {
  symbol: 'BTCUSDT',
  orderId: 4_711,
  orderListId: -1,
  clientOrderId: market.clientOrderId,
  transactTime: 1_795_000_000_123,
  price: '0.00000000',
  origQty: '0.01234000',
  executedQty: '0.01234000',
  cummulativeQuoteQty: '617.00000001',
  status: 'FILLED',
  timeInForce: 'GTC',
  type: 'MARKET',
  side: 'BUY',
  fills: [
    {
      price: '50000.00000000',
      qty: '0.01234000',
      commission: '0.00001234',
      commissionAsset: 'BTC',
      tradeId: 99,
    },
  ],
};
/** What Binance says of `limit` while it rests. */
export const openReply = {
  ...filledReply,
  status: 'NEW',
  type: 'LIMIT',
  executedQty: '0.00000000',
  cummulativeQuoteQty: '0.00000000',
  fills: [],
};

/** A refusal in Binance's words. */
export const code = (status: number, number: number, msg: string): Answer => ({
  status,
  json: { code: number, msg },
});

/** Gives the server one perpetual and the futures' time. */
export function playFutures(exchange: FakeExchange): void {
  const perpetual = {
    ...exchangeMarket('BTC', 'USDT'),
    pair: 'BTCUSDT',
    contractType: 'PERPETUAL',
    deliveryDate: 4_133_404_800_000,
    marginAsset: 'USDT',
    pricePrecision: 2,
    quantityPrecision: 5,
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET'],
  };
  exchange.on('GET /fapi/v1/time', () => ({ json: { serverTime: Date.now() } }));
  exchange.on('GET /fapi/v1/exchangeInfo', { json: { symbols: [perpetual] } });
}
