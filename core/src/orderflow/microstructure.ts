import { isAbsorbed } from './absorption.ts';
import { averageSizes, deltaOf } from './delta.ts';
import { MIN_FLOW_TRADES } from './flow-signal.ts';
import type { FlowSums } from './tick-window-read.ts';

export type MicrostructureSignal = 'BULLISH' | 'BEARISH' | 'NEUTRAL';

/** What the microstructure signal looks at; prices and volumes in any one unit each. */
export type MicrostructureInput = {
  /** What was traded in the last 60 seconds. */
  readonly sums: FlowSums;
  /** Price now less price 60 seconds ago. */
  readonly move: number;
  /** ATR(14) of one-minute bars, in the unit of `move`. */
  readonly atr: number;
  /** Trades per second over the last 60 seconds, and their mean over the last 15 minutes. */
  readonly tradeRate: number;
  readonly meanTradeRate: number;
};

export type Microstructure = {
  readonly signal: MicrostructureSignal;
  /** m, -1 to 1. */
  readonly score: number;
  readonly absorption: boolean;
};

/** Score from which the signal has a side. */
const THRESHOLD = 0.25;
/** Share of its 15-minute mean that the trade rate must reach. */
const MIN_RATE_SHARE = 0.5;
const WEIGHTS = { delta: 0.4, counts: 0.2, sizes: 0.15, move: 0.25 } as const;

const clamp = (value: number): number => Math.max(-1, Math.min(1, value));

/**
 * Microstructure signal (IND-52): m = 0.40 d + 0.20 c + 0.15 z + 0.25 r, of the deltas of volume (d), of trade
 * counts (c) and of mean sizes (z), and of the price's move in ATRs (r, clamped to ±1). BULLISH from m = 0.25
 * on unless the price falls, BEARISH mirrored. Absorption makes it NEUTRAL (IND-53).
 *
 * A side without trades has a mean size of nothing, so that z is ±1 there.
 *
 * @returns `undefined` below 30 trades, below half the mean trade rate, or without an ATR above 0.
 */
export function microstructureOf({
  sums,
  move,
  atr,
  tradeRate,
  meanTradeRate,
}: MicrostructureInput): Microstructure | undefined {
  const isBusy = sums.trades >= MIN_FLOW_TRADES && tradeRate >= MIN_RATE_SHARE * meanTradeRate;
  if (!isBusy || !(sums.volume > 0) || !(atr > 0)) return undefined;
  const sizes = averageSizes(sums);
  const [buy, sell] = [sizes.buy ?? 0, sizes.sell ?? 0];
  const d = deltaOf(sums) / sums.volume;
  const c = (2 * sums.buys - sums.trades) / sums.trades;
  const z = (buy - sell) / (buy + sell);
  const r = clamp(move / atr);
  const score = WEIGHTS.delta * d + WEIGHTS.counts * c + WEIGHTS.sizes * z + WEIGHTS.move * r;
  const absorption = isAbsorbed(d, r);
  return { signal: absorption ? 'NEUTRAL' : sideOf(score, r), score, absorption };
}

function sideOf(score: number, move: number): MicrostructureSignal {
  if (score >= THRESHOLD && move >= 0) return 'BULLISH';
  return score <= -THRESHOLD && move <= 0 ? 'BEARISH' : 'NEUTRAL';
}
