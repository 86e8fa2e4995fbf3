import type { Store } from '@tradewind/adapters/ledger/store';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { dayStart, epochMs } from '@tradewind/core/lib/time';
import { money, price, qty, ZERO_MONEY } from '@tradewind/core/lib/units';
import { botFromPreset } from '@tradewind/core/strategy/weighted/presets';

export const BOOK = 'paper';
export const keyOf = (symbol: string): string => `binance_spot_${symbol}`;

/** A running paper book, and a running bot on each market so that the worker follows it. */
export async function seedMarkets(store: Store, symbols: readonly string[]): Promise<void> {
  const now = epochMs(Date.now());
  const opening = money('10000');
  await store.set(paths.book(BOOK), bookDoc, {
    bookId: BOOK,
    name: 'Paper',
    mode: 'paper',
    venue: 'binance',
    quote: 'USDT',
    status: 'RUNNING',
    origin: 'synthetic',
    initialBalance: opening,
    cash: opening,
    realizedPnl: ZERO_MONEY,
    fees: ZERO_MONEY,
    roundTrips: 0,
    winningTrades: 0,
    dust: {},
    createdAt: now,
    updatedAt: now,
  });
  await store.set(paths.riskState(BOOK), riskStateDoc, {
    executionEnabled: true,
    emergencyStop: false,
    emergencyStopAt: null,
    emergencyStopBy: null,
    lastResetAt: null,
    dayAt: dayStart(now),
    openingEquity: opening,
    peakEquity: opening,
    equity: opening,
    equityAt: now,
    recentOrders: [],
    symbolEntries: {},
    tradesToday: 0,
    symbols: {},
    traders: {},
    ladder: 'none',
    healthStop: false,
    cryptoPhase: null,
    updatedAt: now,
  });
  for (const symbol of symbols) await seedMarket(store, symbol);
}

async function seedMarket(store: Store, symbol: string): Promise<void> {
  const now = epochMs(Date.now());
  const marketKey = keyOf(symbol);
  const [base = '', quote = ''] = symbol.split('-');
  await store.set(paths.market(marketKey), marketDoc, {
    ...{ marketKey, venue: 'binance', market: 'spot', symbol, base, quote },
    tickSize: price('0.01'),
    lotSize: qty('0.00001'),
    minQty: qty('0.00001'),
    minNotional: money('5'),
    updatedAt: now,
  });
  await store.set(paths.bot(`bot-${symbol}`), botDoc, {
    ...botFromPreset('balanced', symbol),
    botId: `bot-${symbol}`,
    bookId: BOOK,
    symbol,
    marketKey,
    status: 'RUNNING',
    preset: 'balanced',
    createdAt: now,
    updatedAt: now,
    version: 1,
  });
}
