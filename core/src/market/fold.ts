import type { Bar } from './bar.ts';

/** A bar without trades: the price before it (MD-44). */
export const emptyBar = (
  openAt: number,
  price: number,
  { gapFilled, incomplete }: Pick<Bar, 'gapFilled' | 'incomplete'>,
): Bar => ({
  openAt,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 0,
  buyVolume: 0,
  turnover: 0,
  trades: 0,
  buyTrades: 0,
  gapFilled,
  incomplete,
});

/**
 * A bar and the one after it as one, opening at `openAt`: additive fields add up exactly (MD-41).
 *
 * Prices come from what traded, since an empty bar only repeats the price before it.
 */
export function joinBars(openAt: number, first: Bar | null, second: Bar): Bar {
  if (first === null) return { ...second, openAt };
  const [early, late] = [first.trades > 0 ? first : second, second.trades > 0 ? second : first];
  return {
    openAt,
    open: early.open,
    high: Math.max(early.high, late.high),
    low: Math.min(early.low, late.low),
    close: late.close,
    volume: first.volume + second.volume,
    buyVolume: first.buyVolume + second.buyVolume,
    turnover: first.turnover + second.turnover,
    trades: first.trades + second.trades,
    buyTrades: first.buyTrades + second.buyTrades,
    gapFilled: first.gapFilled || second.gapFilled,
    incomplete: first.incomplete || second.incomplete,
  };
}
