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
import type { Dice } from './dice.ts';
import type { Data, Disk } from './memory-disk.ts';

export const BOOK = 'paper';
export const CASH = money('10000');
export const QUOTE = 'USDT';
/** On a day that is long over, ten seconds before futures pay funding. */
export const START = epochMs(1_767_254_390_000);

const BASES = ['BTC', 'ETH', 'SOL', 'XRP'] as const;

/** What is drawn of a scenario's book. */
export type BookPlan = {
  readonly market: 'spot' | 'futures';
  /** Entries are filled at once or not at all; without, they fill little by little where little trades. */
  readonly priceGuard: boolean;
  /** Of futures. With 20 times the venue closes a position that has lost less than five percent. */
  readonly leverage: number;
  readonly stopLossPct: number;
};

/** A fifth of the books are of futures; a third of these have their stops too far away to come before a liquidation. */
export function drawBook(dice: Dice): BookPlan {
  const priceGuard = dice.chance(0.5);
  return dice.chance(0.2)
    ? {
        market: 'futures',
        priceGuard,
        leverage: dice.pick([3, 20, 20]),
        stopLossPct: dice.pick([2, 2, 20]),
      }
    : { market: 'spot', priceGuard, leverage: 1, stopLossPct: 2 };
}

/** The markets that a book may trade. */
export const instrumentsOf = ({ market }: Pick<BookPlan, 'market'>): readonly Instrument[] =>
  BASES.map((base) => ({
    marketKey: `binance_${market}_${base}-USDT`,
    venue: 'binance',
    market,
    symbol: `${base}-USDT`,
    base,
    quote: QUOTE,
    tickSize: price('0.01'),
    lotSize: qty('0.0001'),
    minQty: qty('0.0001'),
    minNotional: money('5'),
    ...(market === 'futures' ? { maxLeverage: 125 } : {}),
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

function putBot(
  disk: Target,
  { marketKey, symbol, base }: Instrument,
  { market, leverage, stopLossPct }: BookPlan,
): void {
  put(disk, [paths.bot(base), botDoc], {
    botId: base,
    bookId: BOOK,
    name: base,
    marketKey,
    symbol,
    timeframe: '1m',
    positionSizeQuote: money('100'),
    maxPositions: 1,
    stopLossPct,
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
    ...(market === 'futures' ? { allowShort: true, leverage } : {}),
    createdAt: START,
    updatedAt: START,
    version: 0,
  });
}

type Seed = ReadonlyMap<string, Data>;

/** What scenarios begin with, encoded once. */
const seeds = new Map<string, Seed>();

function seedOf(plan: BookPlan): Seed {
  const key = JSON.stringify(plan);
  const known = seeds.get(key);
  if (known !== undefined) return known;
  const documents = new Map<string, Data>();
  writeSeed({ place: (path, data) => void documents.set(path, data) }, plan);
  seeds.set(key, documents);
  return documents;
}

/** A book without positions, its risk state, and a bot for each market, named after its base. */
export function seedBook(disk: Disk, plan: BookPlan): void {
  for (const [path, data] of seedOf(plan)) disk.place(path, data);
}

function writeSeed(disk: Target, plan: BookPlan): void {
  const { market, priceGuard } = plan;
  put(disk, [paths.book(BOOK), bookDoc], {
    bookId: BOOK,
    name: 'Paper',
    mode: 'paper',
    venue: 'binance',
    ...(market === 'futures' ? { market } : {}),
    quote: QUOTE,
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
  for (const instrument of instrumentsOf(plan)) {
    putBot(disk, instrument, plan);
    put(disk, [paths.market(instrument.marketKey), marketDoc], {
      ...instrument,
      updatedAt: START,
    });
  }
}
