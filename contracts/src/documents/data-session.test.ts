import { epochMs } from '@tradewind/core/lib/time';
import { canDriveTicks, gappyMarkets, needsAllowGaps, sessionEnd } from './data-session.ts';
import { dataSessionDoc, type DataSessionDoc } from './market.ts';

const BTC = 'binance_spot_BTC-USDT';
const ETH = 'binance_spot_ETH-USDT';
const session: DataSessionDoc = {
  sessionId: 'rec-1',
  name: 'A day',
  purpose: '',
  venues: ['binance'],
  marketKeys: [BTC, ETH],
  channels: ['trades'],
  timeframes: [],
  granularity: 'ticks',
  status: 'COMPLETED',
  origin: 'recorded',
  startedAt: epochMs(1_000),
  endsAt: epochMs(9_000),
  endedAt: null,
  startedBy: 'me',
  rowCounts: {},
  bytes: 0,
  gaps: [],
  coveragePct: { [BTC]: 99, [ETH]: 100 },
  checksums: {},
  collectorVersion: '0.1.0',
  planTier: 'basic',
  error: null,
  updatedAt: epochMs(2_000),
};

test('MD-92 99 % of a market is enough, less or unknown needs allowGaps', () => {
  expect(needsAllowGaps(session)).toBe(false);
  expect(gappyMarkets({ ...session, coveragePct: { [BTC]: 98.99, [ETH]: 100 } })).toEqual([BTC]);
  expect(gappyMarkets({ ...session, coveragePct: { [BTC]: 100 } })).toEqual([ETH]);
  expect(needsAllowGaps({ ...session, coveragePct: {} })).toBe(true);
});

test('MD-94 only a finished session of trades can feed strategies that look at trades', () => {
  expect(canDriveTicks(session)).toBe(true);
  expect(canDriveTicks({ ...session, granularity: '1m' })).toBe(false);
  expect(canDriveTicks({ ...session, status: 'RECORDING' })).toBe(false);
});

test('a session ends when it was stopped, at the latest when it was to end', () => {
  expect(sessionEnd(session)).toBe(9_000);
  expect(sessionEnd({ ...session, endedAt: epochMs(5_000) })).toBe(5_000);
  expect(sessionEnd({ ...session, endedAt: epochMs(9_999) })).toBe(9_000);
});

test('MD-90 a session survives its document', () => {
  expect(dataSessionDoc.parse(dataSessionDoc.encode(session))).toEqual(session);
});
