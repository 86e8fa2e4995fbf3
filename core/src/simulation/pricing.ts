import type { Instrument } from '../instrument/instrument.ts';
import { bucketStart, durationMs, type EpochMs } from '../lib/time.ts';
import {
  addQty,
  maxPrice,
  movePrice,
  percentOf,
  moneyOf,
  amountOf,
  roundPrice,
  roundQty,
  toNumber,
  ZERO_QTY,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { Side } from '../order/intent.ts';
import type { SimMarket, Slippage } from './state.ts';

const SLOT = durationMs(10_000);
const MINUTE = 60_000;

/** The market after one more trade. One that is older than the last counts as volume only. */
export function withTrade(
  market: SimMarket | undefined,
  trade: { readonly price: Price; readonly size: Qty; readonly at: EpochMs },
): SimMarket {
  const slotAt = bucketStart(trade.at, SLOT);
  const latest = market === undefined || trade.at >= market.lastAt;
  const lastAt = latest ? trade.at : market.lastAt;
  const recent = (market?.slots ?? []).filter(({ at }) => at > lastAt - MINUTE);
  const known = recent.find(({ at }) => at === slotAt);
  const slots =
    known === undefined
      ? [...recent, { at: slotAt, volume: trade.size }]
      : recent.map((slot) =>
          slot === known ? { at: slotAt, volume: addQty(slot.volume, trade.size) } : slot,
        );
  return { lastPrice: latest ? trade.price : market.lastPrice, lastAt, slots };
}

/** Base volume of the minute that ends at `now`, to ten seconds. */
export const minuteVolume = (market: SimMarket, now: EpochMs): Qty =>
  market.slots.reduce(
    (sum, slot) => (slot.at > now - MINUTE ? addQty(sum, slot.volume) : sum),
    ZERO_QTY,
  );

/** Moves `px` against the taker by `pct`, onto the tick grid and never to zero. */
function against(side: Side, px: Price, { pct, tick }: { pct: number; tick: Price }): Price {
  return side === 'BUY'
    ? roundPrice(movePrice(px, pct, 'ceil'), tick, 'ceil')
    : maxPrice(tick, roundPrice(movePrice(px, -pct, 'floor'), tick, 'floor'));
}

/** Best price on the other side of the book: what an order that takes must at least offer. */
export const touch = (
  side: Side,
  last: Price,
  { spreadPct, tick }: { readonly spreadPct: number; readonly tick: Price },
): Price => against(side, last, { pct: spreadPct / 2, tick });

/** Price at which a taker of `size` is filled: half spread + fixed + impact x size / volume. */
export function takerPrice(
  order: { readonly side: Side; readonly size: Qty },
  market: { readonly last: Price; readonly volume: Qty },
  { slippage, tick }: { readonly slippage: Slippage; readonly tick: Price },
): Price {
  const ratio = market.volume > 0n ? toNumber(order.size) / toNumber(market.volume) : Infinity;
  const impact = slippage.impactPct * Math.min(ratio, slippage.maxImpactRatio);
  const pct = slippage.spreadPct / 2 + slippage.fixedPct + impact;
  return against(order.side, market.last, { pct, tick });
}

/** Most that one fill may take: the share of the last minute's volume, at least one lot; 0 when nothing traded. */
export function fillLimit(volume: Qty, instrument: Instrument, participationPct: number): Qty {
  if (volume === 0n) return ZERO_QTY;
  const share = amountOf(percentOf(moneyOf(volume), participationPct, 'floor'));
  const onGrid = roundQty(share, instrument.lotSize, 'floor');
  return onGrid === 0n ? instrument.lotSize : onGrid;
}
