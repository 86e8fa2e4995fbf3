import { price, ZERO_PRICE, type Price } from '../lib/units.ts';
import type { Position, Protection } from './position.ts';

/** Strategy of positions that nobody here opened (PF-01): they count for every limit, and nothing trades them. */
export const EXTERNAL = 'EXTERNAL';

/** No market trades at this. */
const BEYOND = price('1000000000000000');

/** Levels that no price reaches: positions of EXTERNAL have no protection of ours (D1). */
export function unprotected(side: Position['side'], entry: Price): Protection {
  const [low, high] = [ZERO_PRICE, BEYOND];
  return {
    stopLossPct: 50,
    takeProfitPct: 200,
    trailingStopPct: null,
    highest: entry,
    stopLoss: side === 'LONG' ? low : high,
    takeProfit: side === 'LONG' ? high : low,
    trailingStop: null,
    targetAt: null,
  };
}
