import { wallNow as machineNow } from '../clock/clock.ts';
import type { EpochMs } from '@tradewind/core/lib/time';
import { err } from '@tradewind/core/lib/result';
import { binanceData } from './binance-data.ts';
import { unsupported, type DataParts } from './data-calls.ts';
import { createPublicSession } from './public-session.ts';
import { unifiedData } from './unified-data.ts';
import { findMarket, plainSymbol, type PublicSource } from './venue-markets.ts';
import type { MarketData, StreamedMarket } from './venue.ts';

export type MarketDataConfig = StreamedMarket & {
  /** Port of the local sandbox, which then answers for the venue; only for Binance's spot markets. */
  readonly sandboxPort?: number;
  /** The clock that calls are timed with; the machine's where left out. */
  readonly wallNow?: () => EpochMs;
  /** Time of a price whose venue tells none; the wall clock where left out. */
  readonly marketNow?: () => EpochMs;
};

/** Most trades in one answer (MD-23). */
export const TRADES_PAGE = 1_000;

/**
 * Public REST data of a venue's spot markets or linear perpetuals, without a key. Nothing is
 * connected before the first call.
 */
export function createMarketData(config: MarketDataConfig): MarketData {
  const { venue, market, wallNow = machineNow } = config;
  const source: PublicSource = { venue, market, sandboxPort: config.sandboxPort };
  const session = createPublicSession(source);
  const parts: DataParts = { session, source, wallNow, marketNow: config.marketNow ?? wallNow };
  const { serverTime, trades, ...calls } = (venue === 'binance' ? binanceData : unifiedData)(parts);
  return {
    ...calls,
    trades: (symbol, query) =>
      trades(symbol, { ...query, limit: Math.max(1, Math.min(query.limit, TRADES_PAGE)) }),
    listed: () =>
      session.read((client) =>
        Promise.resolve(
          Object.values(client.markets ?? {})
            .filter(({ active }) => active !== false)
            .map((each) => plainSymbol(each.symbol))
            .filter(
              (symbol, index, all) =>
                findMarket(client, market, symbol) !== undefined && all.indexOf(symbol) === index,
            ),
        ),
      ),
    clock: async () => {
      if (!calls.capabilities.serverTime) return err(unsupported(source, 'its time'));
      return session.read(async (client) => {
        const sentAt = wallNow();
        const theirs = await serverTime(client);
        const receivedAt = wallNow();
        // The answer was written about half way between the two (MD-25).
        const skewMs = Math.round(theirs - (sentAt + receivedAt) / 2);
        return { skewMs, roundTripMs: receivedAt - sentAt };
      });
    },
    close: session.close,
  };
}
