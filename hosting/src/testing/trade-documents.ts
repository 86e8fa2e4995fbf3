import type { TradeDoc } from '@tradewind/contracts/documents/book';
import { money, price, qty } from '@tradewind/core/lib/units';
import { T0 } from './documents.ts';

/** A round trip, as its schema decodes it. */
export const trade = (over: Partial<TradeDoc> = {}): TradeDoc => ({
  ...{
    tradeId: 't1',
    bookId: 'paper',
    strategyId: 'balanced',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    side: 'LONG',
  },
  ...{ entryPrice: price('100'), exitPrice: price('110'), quantity: qty('2') },
  ...{ fees: money('0.4'), netPnl: money('19.6'), netPnlPct: 9.8, holdMs: 60_000 },
  ...{ exitReason: 'ZE1', outcome: 'profitable', openedAt: T0, closedAt: T0, initialStop: null },
  ...{ rMultiple: null, maePct: null, mfePct: null, slippageInPct: null, slippageOutPct: null },
  efficiency: null,
  ...over,
});
