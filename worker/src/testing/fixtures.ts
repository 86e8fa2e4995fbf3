import { NO_VENUE_STOP, type PositionDoc } from '@tradewind/contracts/documents/book';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty, ZERO_MONEY, ZERO_QTY } from '@tradewind/core/lib/units';
import { armProtection } from '@tradewind/core/portfolio/protection';

/** When the position of tests was opened. */
export const OPENED = epochMs(1_795_000_020_000);

/** A position of a hundredth of a bitcoin at 50,000, with a stop of 5 % that trails by 0.5 %. */
export function openPosition(over: Partial<PositionDoc> = {}): PositionDoc {
  return {
    positionId: 'p1',
    bookId: 'paper',
    strategyId: 'trend',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    side: 'LONG',
    status: 'OPEN',
    quantity: qty('0.01'),
    cost: money('500'),
    entryFees: money('0.5'),
    averageEntry: price('50000'),
    realizedPnl: ZERO_MONEY,
    fees: money('0.5'),
    protection: armProtection(
      price('50000'),
      { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: 0.5, stopAt: null, targetAt: null },
      'LONG',
    ),
    openedAt: OPENED,
    lastFillAt: OPENED,
    closeIntentId: null,
    closeReason: null,
    closedAt: null,
    exitPrice: null,
    exitedQuantity: ZERO_QTY,
    exitedQuote: ZERO_MONEY,
    stop: NO_VENUE_STOP,
    entrySignalId: null,
    updatedAt: OPENED,
    version: 1,
    ...over,
  };
}
