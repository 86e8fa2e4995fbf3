import { epochMs } from '../../lib/time.ts';
import { money, price, qty, ZERO_MONEY } from '../../lib/units.ts';
import { aPosition, NOON } from '../fixtures.ts';
import type { Comparison } from './diff.ts';
import type {
  LedgerOrder,
  LedgerPosition,
  LedgerSnapshot,
  VenueFill,
  VenuePosition,
  VenueSnapshot,
} from './snapshot.ts';

/** A spot position of 0.5 BTC bought at 100, with a lot of 0.001. */
export const held = (change: Partial<LedgerPosition> = {}): LedgerPosition => ({
  ...aPosition({
    quantity: qty('0.5'),
    cost: money('50'),
    averageEntry: price('100'),
  }),
  market: 'spot',
  base: 'BTC',
  lotSize: qty('0.001'),
  ...change,
});

/** A LONG of one future at 100. */
export const future = (change: Partial<LedgerPosition> = {}): LedgerPosition =>
  held({
    market: 'futures',
    marketKey: 'binance_futures_BTC-USDT',
    quantity: qty('1'),
    cost: money('100'),
    entryFees: ZERO_MONEY,
    ...change,
  });

export const ledger = (change: Partial<LedgerSnapshot> = {}): LedgerSnapshot => ({
  positions: [],
  dust: [],
  orders: [],
  revision: '1',
  ...change,
});

export const venueOf = (change: Partial<VenueSnapshot> = {}): VenueSnapshot => ({
  balances: {},
  positions: [],
  ordersBefore: [],
  ordersAfter: [],
  fills: [],
  at: NOON,
  ...change,
});

export const atVenue = (change: Partial<VenuePosition> = {}): VenuePosition => ({
  symbol: 'BTC-USDT',
  side: 'LONG',
  quantity: qty('1'),
  entryPrice: price('100'),
  liquidationPrice: null,
  unrealizedPnl: ZERO_MONEY,
  markPrice: price('100'),
  ...change,
});

export const foreignFill = (change: Partial<VenueFill> = {}): VenueFill => ({
  fillId: '1',
  orderId: 'web_1',
  side: 'SELL',
  price: price('110'),
  quantity: qty('0.5'),
  fee: qty('0'),
  feeCurrency: 'USDT',
  at: NOON,
  market: 'spot',
  symbol: 'BTC-USDT',
  venueOrderId: 'v9',
  ours: null,
  booked: false,
  liquidation: false,
  ...change,
});

export const restingOrder = (change: Partial<LedgerOrder> = {}): LedgerOrder => ({
  bookId: 'paper',
  orderId: 'tw1',
  market: 'spot',
  symbol: 'BTC-USDT',
  base: 'BTC',
  status: 'ACKNOWLEDGED',
  filledQuantity: qty('0'),
  ...change,
});

export const comparison = (
  ours: LedgerSnapshot,
  venue: VenueSnapshot,
  change: Partial<Comparison> = {},
): Comparison => ({
  before: ours,
  after: ours,
  venue,
  quotes: new Set(['USDT']),
  sightings: [],
  stops: null,
  ...change,
});

/** So many wall milliseconds before noon. */
export const before = (ms: number) => epochMs(NOON - ms);
