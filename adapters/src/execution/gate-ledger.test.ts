import {
  NO_VENUE_STOP,
  type BookDoc,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import { dayStart, epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { aPosition, BTC, NOON } from '@tradewind/core/order/fixtures';
import { valuedRisk, type GateLedger } from './gate-ledger.ts';

const DUST = { quantity: qty('0.0001'), cost: money('4'), entryFees: money('0') };

const book: BookDoc = {
  bookId: 'paper',
  name: 'Paper',
  mode: 'paper',
  venue: 'binance',
  quote: 'USDT',
  status: 'RUNNING',
  origin: 'synthetic',
  initialBalance: money('10000'),
  cash: money('100'),
  realizedPnl: money('0'),
  fees: money('0'),
  roundTrips: 0,
  winningTrades: 0,
  dust: { [BTC]: DUST },
  createdAt: NOON,
  updatedAt: NOON,
};
const risk: RiskStateDoc = {
  executionEnabled: true,
  emergencyStop: false,
  emergencyStopAt: null,
  emergencyStopBy: null,
  lastResetAt: null,
  dayAt: dayStart(NOON),
  openingEquity: money('10000'),
  peakEquity: money('10000'),
  equity: money('10000'),
  equityAt: epochMs(NOON - 1_000),
  recentOrders: [],
  symbolEntries: {},
  tradesToday: 0,
  symbols: {},
  traders: {},
  ladder: 'none',
  healthStop: false,
  cryptoPhase: null,
  updatedAt: NOON,
};
const position: PositionDoc = {
  ...aPosition(),
  protection: { ...aPosition().protection },
  stop: NO_VENUE_STOP,
  entrySignalId: 's1',
  updatedAt: NOON,
  version: 1,
};
const told = (at: number): LivePriceDoc => ({
  marketKey: BTC,
  symbol: 'BTC-USDT',
  price: price('50000'),
  bid: null,
  ask: null,
  at: epochMs(at),
  receivedAt: epochMs(at),
  source: 'ws',
  stale: false,
  degraded: false,
  conflict: false,
  dataQuality: 1,
  shard: 'worker-0',
  origin: 'synthetic',
  writtenAt: NOON,
  maxAgeMs: 15_000,
});
const valued = (over: Partial<GateLedger>) =>
  valuedRisk(
    {
      book,
      risk,
      signals: [],
      positions: [],
      intents: [],
      traders: new Map(),
      prices: new Map(),
      breakerOf: () => 'CLOSED',
      instruments: new Map(),
      ...over,
    },
    { now: NOON, wallNow: NOON, priceMaxAgeMs: 300_000 },
  );

test('dust of a market that no board has any more is worth what it cost', () => {
  expect(valued({})).toMatchObject({ equity: money('104'), equityAt: NOON });
});

test('dust of a market with a price, however old, is worth that', () => {
  const prices = new Map([[BTC, told(0)]]);
  expect(valued({ prices }).equity).toBe(money('105'));
});

test('RSK-35 a position without a young price leaves the last valuation, also where there is dust', () => {
  expect(valued({ positions: [position] })).toEqual(risk);
  const prices = new Map([[BTC, told(NOON - 300_001)]]);
  expect(valued({ positions: [position], prices })).toEqual(risk);
});
