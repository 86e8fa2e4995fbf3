import type { BookDoc, PositionDoc, RiskStateDoc } from '@tradewind/contracts/documents/book';
import type { BotDoc, BotStatusDoc, StrategyStatusDoc } from '@tradewind/contracts/documents/bot';
import type { OrderDoc, SignalDoc } from '@tradewind/contracts/documents/execution';
import type { StrategyDoc } from '@tradewind/contracts/documents/strategy';
import type { BoardDoc, ChunkDoc, LivePriceDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';

/** Documents of tests, as the schemas decode them; each test changes what it is about. */
export const T0 = epochMs(1_800_000_000_000);
const marketKey = 'binance_spot_BTC-USDT';
const market = { marketKey, symbol: 'BTC-USDT' };

export const livePrice = (over: Partial<LivePriceDoc> = {}): LivePriceDoc => ({
  ...market,
  price: price('10200'),
  bid: null,
  ask: null,
  at: T0,
  receivedAt: T0,
  source: 'ws',
  stale: false,
  degraded: false,
  conflict: false,
  dataQuality: 1,
  shard: 'worker-0',
  writtenAt: T0,
  maxAgeMs: 10_000,
  origin: 'synthetic',
  ...over,
});

/** The board that tells these prices; they share its writing. */
export const board = (...prices: readonly LivePriceDoc[]): BoardDoc => {
  const { shard, origin, writtenAt, maxAgeMs } = prices[0] ?? livePrice();
  return {
    shard,
    origin,
    writtenAt,
    maxAgeMs,
    prices: Object.fromEntries(
      prices.map(({ marketKey: key, symbol, price: px, bid, ask, at, receivedAt, ...told }) => {
        const { source, stale, degraded, conflict, dataQuality } = told;
        const marks = { source, stale, degraded, conflict, dataQuality };
        return [key, { symbol, price: px, bid, ask, at, receivedAt, ...marks }];
      }),
    ),
  };
};

export const chunkOf = (over: Partial<ChunkDoc> = {}): ChunkDoc => ({
  marketKey,
  timeframe: '1m',
  hourAt: T0,
  candles: [],
  profiles: [],
  zones: [],
  gaps: [],
  analytics: null,
  origin: 'synthetic',
  venueAt: T0,
  receivedAt: T0,
  updatedAt: T0,
  maxAgeMs: 180_000,
  expiresAt: epochMs(T0 + 30 * 86_400_000),
  ...over,
});

export const book = (over: Partial<BookDoc> = {}): BookDoc => ({
  bookId: 'paper',
  name: 'Paper',
  mode: 'paper',
  venue: 'binance',
  quote: 'USDT',
  status: 'RUNNING',
  origin: 'synthetic',
  initialBalance: money('10000'),
  cash: money('8999'),
  realizedPnl: money('0'),
  fees: money('1'),
  roundTrips: 0,
  winningTrades: 0,
  dust: {},
  createdAt: T0,
  updatedAt: T0,
  ...over,
});

export const riskState = (over: Partial<RiskStateDoc> = {}): RiskStateDoc => ({
  executionEnabled: true,
  emergencyStop: false,
  emergencyStopAt: null,
  emergencyStopBy: null,
  lastResetAt: null,
  dayAt: T0,
  openingEquity: money('10000'),
  peakEquity: money('10000'),
  equity: money('10000'),
  equityAt: T0,
  recentOrders: [],
  symbolEntries: {},
  tradesToday: 0,
  updatedAt: T0,
  ...over,
});

export const position = (over: Partial<PositionDoc> = {}): PositionDoc => ({
  ...market,
  positionId: 'p1',
  bookId: 'paper',
  strategyId: 'balanced',
  side: 'LONG',
  status: 'OPEN',
  quantity: qty('0.1'),
  cost: money('1000'),
  entryFees: money('1'),
  averageEntry: price('10000'),
  realizedPnl: money('0'),
  fees: money('1'),
  protection: {
    stopLossPct: 2,
    takeProfitPct: 4,
    trailingStopPct: null,
    highest: price('10000'),
    stopLoss: price('9800'),
    takeProfit: price('10400'),
    trailingStop: null,
    targetAt: null,
  },
  openedAt: T0,
  lastFillAt: T0,
  closeIntentId: null,
  closeReason: null,
  closedAt: null,
  exitPrice: null,
  exitedQuantity: qty('0'),
  exitedQuote: money('0'),
  entrySignalId: 's1',
  updatedAt: T0,
  version: 1,
  ...over,
});

export const bot = (over: Partial<BotDoc> = {}): BotDoc => ({
  ...market,
  botId: 'balanced',
  bookId: 'paper',
  name: 'Balanced',
  timeframe: '1m',
  positionSizeQuote: money('1000'),
  maxPositions: 1,
  stopLossPct: 2,
  takeProfitPct: 4,
  trailingStopPct: null,
  tradeStepPct: 0,
  cooldownMinutes: 1,
  confirmationMinutes: 1,
  minTradeTemperature: 'WARM',
  minConfidence: 0,
  temperatureTable: 'sensitive',
  signalConfig: {
    rsi: { enabled: true, weight: 0.4, period: 14, buyThreshold: 30, sellThreshold: 70 },
    movingAverage: { enabled: true, weight: 0.3, kind: 'EMA', fast: 12, slow: 26 },
    macd: { enabled: true, weight: 0.3, fast: 12, slow: 26, signal: 9 },
  },
  status: 'RUNNING',
  preset: 'balanced',
  createdAt: T0,
  updatedAt: T0,
  version: 1,
  ...over,
});

export const botStatus = (over: Partial<BotStatusDoc> = {}): BotStatusDoc => ({
  botId: 'balanced',
  bookId: 'paper',
  symbol: 'BTC-USDT',
  action: 'BUY',
  score: 0.125,
  rsiScore: 0.2,
  maScore: 0.1,
  macdScore: -0.05,
  temperature: 'HOT',
  confidence: 0.5,
  actionThreshold: 0.08,
  progressPct: 100,
  confirmationStartedAt: null,
  confirmedAt: null,
  cooldownUntil: null,
  canTrade: false,
  block: { reason: 'cooldown', detail: '4:12 left' },
  lastPrice: price('10200'),
  lastBarCloseAt: T0,
  evaluatedAt: T0,
  maxAgeMs: 180_000,
  ...over,
});

export const strategy = (over: Partial<StrategyDoc> = {}): StrategyDoc => ({
  strategyId: 'cross',
  bookId: 'paper',
  name: 'Cross',
  strategy: { id: 'sma-cross', params: {} },
  marketKeys: [marketKey],
  positionSizeQuote: money('100'),
  maxPositions: 1,
  protection: { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null },
  timeframe: '1m',
  status: 'RUNNING',
  sessionId: null,
  createdAt: T0,
  updatedAt: T0,
  version: 1,
  ...over,
});

export const strategyStatus = (over: Partial<StrategyStatusDoc> = {}): StrategyStatusDoc => ({
  ...market,
  strategyId: 'cross',
  bookId: 'paper',
  status: 'RUNNING',
  view: null,
  canTrade: true,
  block: null,
  failures: 0,
  lastPrice: price('10200'),
  lastBarCloseAt: T0,
  evaluatedAt: T0,
  maxAgeMs: 180_000,
  ...over,
});

export const order = (over: Partial<OrderDoc> = {}): OrderDoc => ({
  ...market,
  orderId: 'twabc',
  venueOrderId: '17',
  bookId: 'paper',
  intentId: 'i1',
  signalId: 's1',
  strategyId: 'balanced',
  positionId: 'p1',
  action: 'ENTER',
  side: 'BUY',
  type: 'MARKET',
  timeInForce: 'GTC',
  quantity: qty('0.1'),
  limitPrice: null,
  expectedPrice: price('10000'),
  closeReason: null,
  status: 'FILLED',
  filledQuantity: qty('0.1'),
  filledQuote: money('1000'),
  averagePrice: price('10000'),
  fees: money('1'),
  slippagePct: 0,
  rejectionReason: null,
  errorCode: null,
  marks: {
    signalAt: T0,
    decidedAt: epochMs(T0 + 12),
    claimedAt: epochMs(T0 + 20),
    sentAt: epochMs(T0 + 30),
    ackAt: epochMs(T0 + 72),
    firstFillAt: epochMs(T0 + 73),
    doneAt: epochMs(T0 + 73),
  },
  createdAt: T0,
  filledAt: T0,
  updatedAt: T0,
  version: 3,
  ...over,
});

export const signal = (over: Partial<SignalDoc> = {}): SignalDoc => ({
  ...market,
  signalId: 's1',
  bookId: 'paper',
  strategyId: 'balanced',
  signalType: 'Z1',
  action: 'ENTER',
  direction: 'LONG',
  confidence: 0.61234,
  score: 0.125,
  reasons: ['RSI 28.1 is below 30'],
  indicatorValues: { rsi: 28.123456 },
  expectedPrice: price('10000'),
  suggestedQuote: money('1000'),
  suggestedStop: null,
  suggestedTarget: null,
  ttlMs: 60_000,
  barCloseAt: T0,
  decidedAt: T0,
  executionStatus: 'EXECUTED',
  rejectionReason: null,
  rejections: [],
  intentId: 'i1',
  createdAt: T0,
  updatedAt: T0,
  ...over,
});
