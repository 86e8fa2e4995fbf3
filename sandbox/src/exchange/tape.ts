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
/** Newest trades that a market keeps unless told otherwise. */
export const KEPT_TRADES = 20_000;
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
  /** The newest trades, oldest first. */
  readonly newest: (count: number) => readonly TapeTrade[];
  /** Up to `count` trades from number `id` on, as far as they are kept. */
  readonly from: (id: number, count: number) => readonly TapeTrade[];
  /** Number of the first kept trade at or after `at`; one past the last where there is none. */
  readonly firstSince: (at: number) => number;
  /** Number of the oldest trade that can be told; one past the last where none is. */
  readonly oldestId: () => number;
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

/** How much a tape remembers, and what is made again instead. */
export type TapeMemory = {
  readonly keptTrades: number;
  readonly recall: ((id: number) => Print | undefined) | undefined;
  /** Minutes from before the first trade, made when first asked for. */
  readonly history: (() => readonly TapeCandle[]) | undefined;
};

const NOTHING_SPECIAL: TapeMemory = {
  keptTrades: KEPT_TRADES,
  recall: undefined,
  history: undefined,
};

/** The minutes of a market: those before its first trade are made when first asked for. */
function createMinutes(saved: readonly TapeCandle[], history: TapeMemory['history']) {
  let candles: TapeCandle[] = [...saved];
  let past = saved.length === 0 ? history : undefined;
  const fillGap = (openAt: EpochMs): void => {
    let last = candles.at(-1);
    while (last !== undefined && last.openAt + MINUTE < openAt) {
      last = emptyCandle(epochMs(last.openAt + MINUTE), last.close);
      candles.push(last);
    }
  };
  const prepend = (older: readonly TapeCandle[]): number => {
    const first = candles[0]?.openAt ?? Infinity;
    const taken = older.filter(({ openAt }) => openAt < first);
    candles = [...taken.toSorted((a, b) => a.openAt - b.openAt), ...candles];
    return taken.length;
  };
  return {
    add: (print: Print): void => {
      const openAt = bucketStart(print.at, MINUTE);
      const last = candles.at(-1);
      if (last === undefined || last.openAt < openAt) {
        fillGap(openAt);
        candles.push(withPrint(emptyCandle(openAt, print.price), print));
        if (candles.length > KEPT_CANDLES + 1_440) candles = candles.slice(-KEPT_CANDLES);
      } else if (last.openAt === openAt) candles[candles.length - 1] = withPrint(last, print);
    },
    all: (): readonly TapeCandle[] => {
      const older = past?.() ?? [];
      past = undefined;
      if (older.length > 0) prepend(older);
      return candles;
    },
    prepend,
  };
}

/** A tape, empty or as it was saved. */
export function createTape(
  saved?: SavedTape,
  { keptTrades, recall, history }: TapeMemory = NOTHING_SPECIAL,
): Tape {
  let count = saved?.count ?? 0;
  let firstAt = saved?.firstAt ?? null;
  let trades: TapeTrade[] = [];
  const minutes = createMinutes(saved?.candles ?? [], history);
  const kept = recall === undefined ? keptTrades : 1;
  const oldestId = (): number => (recall === undefined ? count - trades.length + 1 : 1);
  const get = (id: number): TapeTrade | undefined => {
    if (recall === undefined) return trades[id - oldestId()];
    const print = recall(id);
    return print === undefined ? undefined : { ...print, id };
  };
  const from = (id: number, wanted: number): TapeTrade[] => {
    const start = Math.max(id, oldestId());
    const length = Math.max(0, Math.min(wanted, count - start + 1));
    return Array.from({ length }, (_, index) => get(start + index)).filter(
      (trade) => trade !== undefined,
    );
  };
  return {
    add: (print) => {
      count += 1;
      const trade = { ...print, id: count };
      trades.push(trade);
      if (trades.length > 2 * kept) trades = trades.slice(-kept);
      firstAt ??= print.at;
      minutes.add(print);
      return trade;
    },
    newest: (wanted) => from(count - wanted + 1, wanted),
    from,
    firstSince: (at) => {
      // Trades come in the order of their time, but for those that a test pushes.
      let [low, high] = [oldestId(), count + 1];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((get(middle)?.at ?? Infinity) < at) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    oldestId,
    candles: minutes.all,
    prepend: minutes.prepend,
    count: () => count,
    firstAt: () => firstAt,
  };
}
