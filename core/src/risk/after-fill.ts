import type { EpochMs } from '../lib/time.ts';
import type { Side } from '../order/intent.ts';
import type { RoundTrip } from '../portfolio/fill-effect.ts';
import type { Limits } from './limits.ts';
import type { RiskState } from './risk-state.ts';
import { recordFill, withinHour } from './symbol-history.ts';

/** Fills of one order that became known together, as the risk state takes them. */
export type OrderFilled = {
  readonly symbol: string;
  readonly side: Side;
  /** Whether the order opens or enlarges a position. */
  readonly isEntry: boolean;
  /** Whether these are the first of the order. */
  readonly isFirst: boolean;
  /** Market time of the fill. */
  readonly at: EpochMs;
  /** How the round trip ended that they closed; `null` when they closed none. */
  readonly closed: 'loss' | 'other' | null;
};

/** How a round trip counts for the pattern of losses (RSK-63). */
export const closedAs = (trade: Pick<RoundTrip, 'outcome'> | null): OrderFilled['closed'] => {
  if (trade === null) return null;
  return trade.outcome === 'loss' ? 'loss' : 'other';
};

type Counted = Pick<RiskState, 'tradesToday' | 'symbolEntries' | 'symbols'>;

/** Whether any limit looks at what was filled: where none does, nothing need be remembered. */
export const remembersFills = (limits: Limits): boolean =>
  limits.symbolCooldownMinutes > 0 ||
  limits.symbolTradesPerHour !== null ||
  limits.tradesPerDay !== null ||
  limits.blockPatterns;

/**
 * The risk state after an order was filled: trades of the day, of the symbol's hour, its cooldown and its pattern
 * (RSK-23, RSK-24, RSK-29, RSK-60, RSK-63). An order counts once, with its first fill; every fill begins the cooldown anew.
 */
export function riskAfterFill<S extends Counted>(
  risk: S,
  fill: OrderFilled,
  { countSides, blockPatterns }: Pick<Limits, 'countSides' | 'blockPatterns'>,
): { readonly risk: S; readonly blocked: string | null } {
  const { symbol, isEntry, isFirst, at } = fill;
  const { history, blocked } = recordFill(risk.symbols[symbol], fill);
  const counts = isFirst && (isEntry || countSides === 'all');
  const recent = withinHour(risk.symbolEntries[symbol] ?? [], at);
  return {
    risk: {
      ...risk,
      tradesToday: risk.tradesToday + (isFirst && isEntry ? 1 : 0),
      symbolEntries: { ...risk.symbolEntries, [symbol]: counts ? [...recent, at] : recent },
      symbols: { ...risk.symbols, [symbol]: history },
    },
    blocked: blockPatterns ? blocked : null,
  };
}
