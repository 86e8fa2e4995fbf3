import type { Bar } from '../market/bar.ts';
import { averageSizes, deltaOf } from './delta.ts';
import { imbalanceOf } from './imbalance.ts';

/**
 * The order flow of one closed bar (IND-50). Volumes in lots, times in epoch milliseconds.
 *
 * A chunk of candles holds the same in fewer fields: all of it follows from a candle's volume, buy volume and
 * counts, but for `cvd`.
 */
export type FlowRecord = {
  /** Start of the bar. */
  readonly openAt: number;
  /** Cumulative delta of the session at the bar's close; `null` where its start is not known. */
  readonly cvd: number | null;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly delta: number;
  readonly imbalanceRatio: number;
  /** Nothing was traded: the ratio is no signal. */
  readonly insufficient: boolean;
  /** Trades by the side of the aggressor (IND-48). */
  readonly aggressiveBuys: number;
  readonly aggressiveSells: number;
  readonly avgBuySize: number | null;
  readonly avgSellSize: number | null;
};

/** The flow record of a closed bar. `cvd`: the session's, in lots, at the bar's close. */
export function flowRecordOf(bar: Bar, cvd: number | null): FlowRecord {
  const { openAt, volume, buyVolume, trades, buyTrades } = bar;
  const sums = { volume, buyVolume, trades, buys: buyTrades };
  const { ratio, insufficient } = imbalanceOf(sums);
  const sizes = averageSizes(sums);
  return {
    openAt,
    cvd,
    buyVolume,
    sellVolume: volume - buyVolume,
    delta: deltaOf(sums),
    imbalanceRatio: ratio,
    insufficient,
    aggressiveBuys: buyTrades,
    aggressiveSells: trades - buyTrades,
    avgBuySize: sizes.buy,
    avgSellSize: sizes.sell,
  };
}
