import type { EntryCandidate } from '../order/gate-context.ts';
import type { LivePrice } from '../market/market.ts';
import type { Block } from '../strategy/blocking.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

type Marks = Pick<LivePrice, 'stale' | 'degraded' | 'conflict' | 'dataQuality'>;

/**
 * Why nothing may be entered on a price as its source marks it (MD-12, MD-61, MD-63); exits go on.
 *
 * "Known good", not "not bad": a quality that is not a number above 0 blocks as well.
 */
export function entryObstacle(marks: Marks, symbol: string): Block | null {
  if (marks.conflict)
    return {
      reason: 'price_conflict',
      detail: `Two sources disagree about the price of ${symbol}: no entries until they agree again.`,
    };
  if (marks.stale)
    return {
      reason: 'stale_data',
      detail: `${symbol} has not traded for longer than it usually takes: entries pause.`,
    };
  if (marks.degraded)
    return {
      reason: 'low_data_quality',
      detail: `The price of ${symbol} comes from a fallback source: no entries on it.`,
    };
  return marks.dataQuality > 0
    ? null
    : {
        reason: 'low_data_quality',
        detail: `Nothing vouches for the price of ${symbol} (data quality ${marks.dataQuality}).`,
      };
}

const marksInWords = ({ conflict, stale, degraded, dataQuality }: Marks): string =>
  [
    `quality ${dataQuality}`,
    ...(conflict ? ['conflict'] : []),
    ...(stale ? ['stale'] : []),
    ...(degraded ? ['degraded'] : []),
  ].join(', ');

/** Gate 4: the price's own source stands behind it (MD-11, MD-12, MD-61, MD-63). */
export const checkPriceQuality: RiskCheck<EntryCandidate> = ({ signal, context: { price } }) => {
  const limit = 'live, one source of truth';
  if (price === undefined)
    return blocked(
      { check: 'priceQuality', value: null, limit },
      'stale_data',
      `There is no live price of ${signal.marketKey}.`,
    );
  const obstacle = entryObstacle(price, signal.symbol);
  return obstacle === null
    ? passed({ check: 'priceQuality', value: price.dataQuality, limit })
    : blocked(
        { check: 'priceQuality', value: marksInWords(price), limit },
        obstacle.reason,
        obstacle.detail,
      );
};
