import type { Columns } from './backtest-bars.ts';

const [FAST, SLOW, FEE] = [10, 30, 0.001];

/**
 * The least that a backtest of the crossover can do: two running sums, fills at the next open with a fee a side, a
 * curve of every bar and its deepest fall. No engine is behind it; it is a ceiling, not a peer.
 */
export function bareBacktest({ open, close }: Columns): { entries: number; equity: number } {
  const bars = close.length;
  const curve = new Float64Array(bars);
  let [cash, held, wish, before] = [1e6, 0, 0, 0];
  let [fastSum, slowSum, entries] = [0, 0, 0];
  let [highest, deepest] = [0, 0];
  for (let bar = 0; bar < bars; bar += 1) {
    const start = open[bar] ?? 0;
    if (wish > 0 && held === 0) {
      held = (cash * (1 - FEE)) / start;
      cash = 0;
      entries += 1;
    } else if (wish < 0 && held > 0) {
      cash = held * start * (1 - FEE);
      held = 0;
    }
    const end = close[bar] ?? 0;
    fastSum += end - (bar >= FAST ? (close[bar - FAST] ?? 0) : 0);
    slowSum += end - (bar >= SLOW ? (close[bar - SLOW] ?? 0) : 0);
    wish = 0;
    if (bar >= SLOW - 1) {
      const apart = fastSum / FAST - slowSum / SLOW;
      if (bar >= SLOW) wish = before <= 0 && apart > 0 ? 1 : before >= 0 && apart < 0 ? -1 : 0;
      before = apart;
    }
    const equity = cash + held * end;
    curve[bar] = equity;
    if (equity > highest) highest = equity;
    else deepest = Math.max(deepest, 1 - equity / highest);
  }
  return { entries, equity: (curve[bars - 1] ?? 0) * (deepest > 1 ? NaN : 1) };
}
