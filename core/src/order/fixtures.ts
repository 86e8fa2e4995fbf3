import type { Instrument } from '../instrument/instrument.ts';
import { epochMs, type EpochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import type { LivePrice } from '../market/market.ts';
import type { Position } from '../portfolio/position.ts';
import { armProtection } from '../portfolio/protection.ts';
import { LIMITS } from '../risk/limits.ts';
import type { RiskState } from '../risk/risk-state.ts';
import { entryQuantity } from '../risk/tradable-size.ts';
import type { Signal } from '../strategy/decision.ts';
import type { EntryCandidate, GateContext, WorkingIntent } from './gate-context.ts';

/** Good examples that tests bend: 2026-11-20 12:00 UTC, BTC at 50,000, a paper book of 10,000. */
export const NOON: EpochMs = epochMs(Date.UTC(2026, 10, 20, 12));
export const MIDNIGHT: EpochMs = epochMs(Date.UTC(2026, 10, 20));
export const BTC = 'binance_spot_BTC-USDT';

/** `ms` after noon; before it when negative. */
export const at = (ms: number): EpochMs => epochMs(NOON + ms);

export const anInstrument = (change: Partial<Instrument> = {}): Instrument => ({
  marketKey: BTC,
  venue: 'binance',
  market: 'spot',
  symbol: 'BTC-USDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: price('0.01'),
  lotSize: qty('0.00001'),
  minQty: qty('0.00001'),
  minNotional: money('5'),
  ...change,
});

export const aSignal = (change: Partial<Signal> = {}): Signal => ({
  signalId: 'signal-1',
  bookId: 'paper',
  strategyId: 'balanced',
  marketKey: BTC,
  symbol: 'BTC-USDT',
  signalType: 'Z1',
  action: 'ENTER',
  direction: 'LONG',
  confidence: 0.7,
  score: 0.4,
  reasons: [],
  indicatorValues: {},
  expectedPrice: price('50000'),
  suggestedQuote: money('100'),
  suggestedStop: null,
  suggestedTarget: null,
  ttlMs: 60_000,
  barCloseAt: NOON,
  decidedAt: NOON,
  ...change,
});

export const aPosition = (change: Partial<Position> = {}): Position => ({
  positionId: 'position-1',
  bookId: 'paper',
  strategyId: 'balanced',
  marketKey: BTC,
  symbol: 'BTC-USDT',
  side: 'LONG',
  status: 'OPEN',
  quantity: qty('0.002'),
  cost: money('100'),
  entryFees: money('0.1'),
  averageEntry: price('50000'),
  realizedPnl: money('0'),
  fees: money('0.1'),
  protection: armProtection(
    price('50000'),
    { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: 0.5, stopAt: null, targetAt: null },
    'LONG',
  ),
  openedAt: at(-60_000),
  lastFillAt: at(-60_000),
  closeIntentId: null,
  closeReason: null,
  closedAt: null,
  exitPrice: null,
  exitedQuantity: qty('0'),
  exitedQuote: money('0'),
  ...change,
});

export const aWorkingIntent = (change: Partial<WorkingIntent> = {}): WorkingIntent => ({
  intentId: 'intent-1',
  strategyId: 'balanced',
  marketKey: BTC,
  symbol: 'BTC-USDT',
  action: 'ENTER',
  side: 'BUY',
  quantity: qty('0.002'),
  expectedPrice: price('50000'),
  ...change,
});

export const aRiskState = (change: Partial<RiskState> = {}): RiskState => ({
  executionEnabled: true,
  emergencyStop: false,
  dayAt: MIDNIGHT,
  openingEquity: money('10000'),
  peakEquity: money('10000'),
  equity: money('10000'),
  equityAt: NOON,
  recentOrders: [],
  tradesToday: 0,
  symbolEntries: {},
  symbols: {},
  traders: {},
  ladder: 'none',
  healthStop: false,
  ...change,
});

export const aLivePrice = (change: Partial<LivePrice> = {}): LivePrice => ({
  marketKey: BTC,
  price: price('50000'),
  at: NOON,
  origin: 'synthetic',
  stale: false,
  degraded: false,
  conflict: false,
  dataQuality: 1,
  ...change,
});

export const aContext = (change: Partial<GateContext> = {}): GateContext => ({
  now: NOON,
  book: { bookId: 'paper', mode: 'paper', status: 'RUNNING', cash: money('10000') },
  risk: aRiskState(),
  breaker: 'CLOSED',
  positions: [],
  workingIntents: [],
  price: aLivePrice(),
  instrument: anInstrument(),
  strategy: { strategyId: 'balanced', enabled: true, maxPositions: 3 },
  limits: LIMITS.paper,
  priceMaxAgeMs: 300_000,
  priceGuard: false,
  priceOf: () => price('50000'),
  stopLossPctOf: () => 5,
  figures: { volatility: 0.1, spreadPct: 0.02, minuteSigma: 0.0005, minuteQuoteVolume: 100_000 },
  results: null,
  allocated: null,
  cryptoPhase: 'learning',
  correlatedShare: 0,
  clockSkewMs: 0,
  reconciledAgeMs: 0,
  outOfStep: null,
  maxVenueLeverage: null,
  marginHealthOf: () => 1,
  ...change,
});

export const aCandidate = (change: {
  readonly signal?: Partial<Signal>;
  readonly context?: Partial<GateContext>;
  readonly wanted?: string;
}): EntryCandidate => {
  const wanted = money(change.wanted ?? '100');
  const entry = {
    signal: aSignal({ suggestedQuote: wanted, ...change.signal }),
    wanted,
    instrument: anInstrument(),
    context: aContext(change.context),
    sizedBy: null,
    addsTo: null,
  };
  return { ...entry, quantity: entryQuantity(entry) };
};
