import type { EpochMs } from '@tradewind/core/lib/time';
import { maxPrice, movePrice, roundPrice, type Price, type Qty } from '@tradewind/core/lib/units';
import { fillLimit, minuteVolume, touch } from '@tradewind/core/simulation/pricing';
import type { Exchange } from './exchange.ts';

export type Level = { readonly price: Price; readonly size: Qty };
export type Book = { readonly bids: readonly Level[]; readonly asks: readonly Level[] };

/** Distance of two levels of the synthetic book, in percent. */
const STEP_PCT = 0.01;

/**
 * A small book around the last price, the best first: what the engine would trade at before impact.
 *
 * `undefined` before the first trade.
 */
export function bookOf(exchange: Exchange, symbol: string, now: EpochMs): Book | undefined {
  const instrument = exchange.instruments.get(symbol);
  if (instrument === undefined) return undefined;
  const market = exchange.engine().markets[instrument.marketKey];
  if (market === undefined) return undefined;
  const { slippage, participationPct } = exchange.config;
  const tick = instrument.tickSize;
  const { spreadPct } = slippage;
  const volume = minuteVolume(market, now);
  const limit = fillLimit(volume, instrument, participationPct);
  const size = limit === 0n ? instrument.lotSize : limit;
  const ask = touch('BUY', market.lastPrice, { spreadPct, tick });
  const bid = touch('SELL', market.lastPrice, { spreadPct, tick });
  const steps = [0, 1, 2, 3, 4];
  return {
    asks: steps.map((n) => ({
      price: roundPrice(movePrice(ask, n * STEP_PCT, 'ceil'), tick, 'ceil'),
      size,
    })),
    bids: steps.map((n) => ({
      price: maxPrice(tick, roundPrice(movePrice(bid, -n * STEP_PCT, 'floor'), tick, 'floor')),
      size,
    })),
  };
}
