import { bucketStart, durationMs, epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { addMoney, addQty, maxPrice, minPrice } from '@tradewind/core/lib/units';
import { emptyCandle, MINUTE, type TapeCandle } from '../exchange/tape.ts';

/** Lengths of klines in milliseconds, by Binance's name; all are whole minutes. */
export const INTERVALS: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '8h': 28_800_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
};

/** Two candles as one, the earlier first. */
const joined = (a: TapeCandle, b: TapeCandle): TapeCandle => ({
  openAt: a.openAt,
  open: a.open,
  high: maxPrice(a.high, b.high),
  low: minPrice(a.low, b.low),
  close: b.close,
  volume: addQty(a.volume, b.volume),
  quoteVolume: addMoney(a.quoteVolume, b.quoteVolume),
  trades: a.trades + b.trades,
  buyVolume: addQty(a.buyVolume, b.buyVolume),
  buyQuoteVolume: addMoney(a.buyQuoteVolume, b.buyQuoteVolume),
});

/** Minutes up to `now` in which nothing traded since the last trade, as the venue shows them. */
function upTo(candles: readonly TapeCandle[], now: EpochMs): readonly TapeCandle[] {
  const last = candles.at(-1);
  if (last === undefined) return candles;
  const count = Math.floor((bucketStart(now, MINUTE) - last.openAt) / MINUTE);
  const quiet = Array.from({ length: Math.max(0, Math.min(count, 1_440)) }, (_, index) =>
    emptyCandle(epochMs(last.openAt + (index + 1) * MINUTE), last.close),
  );
  return [...candles, ...quiet];
}

/** Candles of `sizeMs` from one-minute ones, the last of them still forming. */
export function klines(
  candles: readonly TapeCandle[],
  {
    now,
    sizeMs,
    startTime,
    endTime,
    limit,
  }: {
    readonly now: EpochMs;
    readonly sizeMs: number;
    readonly startTime: EpochMs | undefined;
    readonly endTime: EpochMs | undefined;
    readonly limit: number;
  },
): readonly TapeCandle[] {
  const merged: TapeCandle[] = [];
  for (const candle of upTo(candles, now)) {
    const openAt = bucketStart(candle.openAt, durationMs(sizeMs));
    const last = merged.at(-1);
    if (last?.openAt === openAt) merged[merged.length - 1] = joined(last, candle);
    else merged.push({ ...candle, openAt });
  }
  const inside = merged.filter(
    ({ openAt }) => openAt >= (startTime ?? 0) && openAt <= (endTime ?? Infinity),
  );
  return startTime === undefined ? inside.slice(-limit) : inside.slice(0, limit);
}
