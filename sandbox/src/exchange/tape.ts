import { bucketStart, durationMs, epochMs, type EpochMs } from '@tradewind/core/lib/time';
import {
  addMoney,
  addQty,
  maxPrice,
  minPrice,
  notional,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Print } from '@tradewind/core/simulation/price-process';

export const MINUTE = durationMs(60_000);
const KEPT_TRADES = 5_000;
/** Seven days of minutes. */
const KEPT_CANDLES = 10_080;

/** One public trade; ids count up by one per market. */
export type TapeTrade = Print & { readonly id: number };

export type TapeCandle = {
  readonly openAt: EpochMs;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Qty;
  readonly quoteVolume: Money;
  readonly trades: number;
  /** Taken by buyers. */
  readonly buyVolume: Qty;
  readonly buyQuoteVolume: Money;
};

/** What the public sees of one market: its last trades and its one-minute candles. */
export type Tape = {
  readonly add: (print: Print) => TapeTrade;
  readonly trades: () => readonly TapeTrade[];
  readonly candles: () => readonly TapeCandle[];
  /** Candles of the time before the oldest known one; later ones are ignored. Returns how many were taken. */
  readonly prepend: (candles: readonly TapeCandle[]) => number;
  readonly count: () => number;
  readonly firstAt: () => EpochMs | null;
};

/** A minute in which nothing traded: the price stays. */
export const emptyCandle = (openAt: EpochMs, close: Price): TapeCandle => ({
  openAt,
  open: close,
  high: close,
  low: close,
  close,
  volume: ZERO_QTY,
  quoteVolume: ZERO_MONEY,
  trades: 0,
  buyVolume: ZERO_QTY,
  buyQuoteVolume: ZERO_MONEY,
});

/** `candle` with one more trade in it. */
function withPrint(candle: TapeCandle, { price, size, side }: Print): TapeCandle {
  const value = notional(price, size, 'floor');
  const opens = candle.trades === 0;
  return {
    ...candle,
    open: opens ? price : candle.open,
    high: opens ? price : maxPrice(candle.high, price),
    low: opens ? price : minPrice(candle.low, price),
    close: price,
    volume: addQty(candle.volume, size),
    quoteVolume: addMoney(candle.quoteVolume, value),
    trades: candle.trades + 1,
    buyVolume: side === 'buy' ? addQty(candle.buyVolume, size) : candle.buyVolume,
    buyQuoteVolume: side === 'buy' ? addMoney(candle.buyQuoteVolume, value) : candle.buyQuoteVolume,
  };
}

export type SavedTape = {
  readonly count: number;
  readonly firstAt: EpochMs | null;
  readonly candles: readonly TapeCandle[];
};

/** A tape, empty or as it was saved. */
export function createTape(saved?: SavedTape): Tape {
  let count = saved?.count ?? 0;
  let firstAt = saved?.firstAt ?? null;
  let trades: TapeTrade[] = [];
  let candles: TapeCandle[] = [...(saved?.candles ?? [])];

  const fillGap = (openAt: EpochMs): void => {
    let last = candles.at(-1);
    while (last !== undefined && last.openAt + MINUTE < openAt) {
      last = emptyCandle(epochMs(last.openAt + MINUTE), last.close);
      candles.push(last);
    }
  };
  return {
    add: (print) => {
      count += 1;
      const trade = { ...print, id: count };
      trades.push(trade);
      if (trades.length > 2 * KEPT_TRADES) trades = trades.slice(-KEPT_TRADES);
      firstAt ??= print.at;
      const openAt = bucketStart(print.at, MINUTE);
      const last = candles.at(-1);
      if (last === undefined || last.openAt < openAt) {
        fillGap(openAt);
        candles.push(withPrint(emptyCandle(openAt, print.price), print));
        if (candles.length > KEPT_CANDLES + 1_440) candles = candles.slice(-KEPT_CANDLES);
      } else if (last.openAt === openAt) candles[candles.length - 1] = withPrint(last, print);
      return trade;
    },
    trades: () => trades,
    candles: () => candles,
    prepend: (older) => {
      const first = candles[0]?.openAt ?? Infinity;
      const taken = older.filter(({ openAt }) => openAt < first);
      candles = [...taken.toSorted((a, b) => a.openAt - b.openAt), ...candles];
      return taken.length;
    },
    count: () => count,
    firstAt: () => firstAt,
  };
}
