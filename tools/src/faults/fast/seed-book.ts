import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { limitsDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { LIMITS } from '@tradewind/core/risk/limits';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { dayStart, epochMs } from '@tradewind/core/lib/time';
import { money, price, qty, ZERO_MONEY } from '@tradewind/core/lib/units';
import type { Schema } from '@tradewind/adapters/ledger/store';
import type * as z from 'zod';
import type { Data, Disk } from './memory-disk.ts';

export const BOOK = 'paper';
export const CASH = money('10000');
/** Early on a day that is long over. */
export const START = epochMs(1_767_225_605_000);

const BASES = ['BTC', 'ETH', 'SOL', 'XRP'] as const;

/** The markets of every scenario. */
export const INSTRUMENTS: readonly Instrument[] = BASES.map((base) => ({
  marketKey: `binance_spot_${base}-USDT`,
  venue: 'binance',
  market: 'spot',
  symbol: `${base}-USDT`,
  base,
  quote: 'USDT',
  tickSize: price('0.01'),
  lotSize: qty('0.0001'),
  minQty: qty('0.0001'),
  minNotional: money('5'),
}));

/** Writes a document at once, past all faults: what was there before the scenario began. */
export function put<S extends Schema>(
  disk: Pick<Disk, 'place'>,
  [path, schema]: readonly [path: string, schema: S],
  value: z.infer<S>,
): void {
  const wire: object = schema.encode(value);
  disk.place(path, { ...wire });
}

type Target = Pick<Disk, 'place'>;

/** Entries as often as the scenarios ask for them: what is to be shaken is the way of an order, not its cooldowns. */
function putLimits(disk: Target): void {
  put(disk, [paths.riskLimits(BOOK), limitsDoc], {
    bookId: BOOK,
    mode: 'paper',
    limits: {
      ...LIMITS.paper,
      symbolCooldownMinutes: 0,
      symbolTradesPerHour: null,
      tradesPerDay: null,
      blockPatterns: false,
    },
    pending: null,
    setBy: 'lab',
    reason: 'the fault lab trades without pauses',
    updatedAt: START,
    version: 1,
  });
}

function putBot(disk: Target, { marketKey, symbol, base }: Instrument): void {
  put(disk, [paths.bot(base), botDoc], {
    botId: base,
    bookId: BOOK,
    name: base,
    marketKey,
    symbol,
    timeframe: '1m',
    positionSizeQuote: money('100'),
    maxPositions: 1,
    stopLossPct: 2,
    takeProfitPct: 4,
    trailingStopPct: null,
    tranches: { strategy: 'equal_size', stepPct: 0.05 },
    tradeStepPct: 0,
    cooldownMinutes: 1,
    confirmationMinutes: 1,
    minTradeTemperature: 'WARM',
    minConfidence: 0,
    temperatureTable: 'sensitive',
    signalConfig: {
      rsi: null,
      movingAverage: { enabled: true, weight: 1, kind: 'SMA', fast: 3, slow: 6 },
      macd: null,
    },
    status: 'RUNNING',
    preset: 'balanced',
    createdAt: START,
    updatedAt: START,
    version: 0,
  });
}

type Seed = ReadonlyMap<string, Data>;

function seedOf(priceGuard: boolean): Seed {
  const documents = new Map<string, Data>();
  writeSeed({ place: (path, data) => void documents.set(path, data) }, priceGuard);
  return documents;
}

/** What scenarios begin with, encoded once. */
const SEEDS = { guarded: seedOf(true), atMarket: seedOf(false) };

/**
 * A book without positions, its risk state, and a bot for each market, named after its base.
 *
 * @param priceGuard - entries are filled at once or not at all; without, they fill little by little where little trades.
 */
export function seedBook(disk: Disk, priceGuard: boolean): void {
  for (const [path, data] of priceGuard ? SEEDS.guarded : SEEDS.atMarket) disk.place(path, data);
}

function writeSeed(disk: Target, priceGuard: boolean): void {
  put(disk, [paths.book(BOOK), bookDoc], {
    bookId: BOOK,
    name: 'Paper',
    mode: 'paper',
    venue: 'binance',
    quote: 'USDT',
    status: 'RUNNING',
    priceGuard,
    origin: 'synthetic',
    initialBalance: CASH,
    cash: CASH,
    realizedPnl: ZERO_MONEY,
    fees: ZERO_MONEY,
    roundTrips: 0,
    winningTrades: 0,
    dust: {},
    createdAt: START,
    updatedAt: START,
  });
  put(disk, [paths.riskState(BOOK), riskStateDoc], {
    executionEnabled: true,
    emergencyStop: false,
    emergencyStopAt: null,
    emergencyStopBy: null,
    lastResetAt: null,
    dayAt: dayStart(START),
    openingEquity: CASH,
    peakEquity: CASH,
    equity: CASH,
    equityAt: START,
    recentOrders: [],
    symbolEntries: {},
    tradesToday: 0,
    symbols: {},
    traders: {},
    ladder: 'none',
    healthStop: false,
    cryptoPhase: null,
    updatedAt: START,
  });
  putLimits(disk);
  for (const instrument of INSTRUMENTS) {
    putBot(disk, instrument);
    put(disk, [paths.market(instrument.marketKey), marketDoc], {
      ...instrument,
      updatedAt: START,
    });
  }
}
