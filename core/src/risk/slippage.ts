import type { EntryCandidate } from '../order/gate-context.ts';
import {
  formatDecimal,
  movePrice,
  toNumber,
  type Price,
  notional,
  subMoney,
  type Money,
  type Qty,
} from '../lib/units.ts';
import type { Side } from '../order/intent.ts';
import { blocked, passed, type RiskCheck } from './check.ts';
import { livePriceOf } from './freshness.ts';

/**
 * Slippage in percent of the expected price; positive = worse (RSK-101). For reports.
 *
 * @returns `null` when there is no positive expected price to compare with.
 */
export function slippagePct(
  side: Side,
  { expected, actual }: { readonly expected: Price; readonly actual: Price },
): number | null {
  if (expected <= 0n) return null;
  const pct = (100 * (toNumber(actual) - toNumber(expected))) / toNumber(expected);
  return side === 'BUY' ? pct : 0 - pct;
}

/**
 * What slippage has cost in quote; positive = worse than expected (EXE-30).
 *
 * @returns `null` when there is no positive expected price to compare with.
 */
export function slippageQuote(
  side: Side,
  filled: { readonly expected: Price; readonly quantity: Qty; readonly quote: Money },
): Money | null {
  if (filled.expected <= 0n) return null;
  const expected = notional(filled.expected, filled.quantity, 'floor');
  return side === 'BUY' ? subMoney(filled.quote, expected) : subMoney(expected, filled.quote);
}

/** Gate 15: the market has not run away from the price that the signal was decided at (RSK-28). */
export const checkSlippage: RiskCheck<EntryCandidate> = (candidate) => {
  const { signal, context } = candidate;
  const pct = context.limits.maxSlippagePct;
  const worst =
    signal.direction === 'LONG'
      ? movePrice(signal.expectedPrice, pct, 'floor')
      : movePrice(signal.expectedPrice, -pct, 'ceil');
  const px = livePriceOf(candidate);
  const measured = {
    check: 'slippage',
    value: px ?? null,
    limit: worst,
  };
  if (px === undefined)
    return blocked(measured, 'stale_data', 'Slippage cannot be judged without a price.');
  return (signal.direction === 'LONG' ? px <= worst : px >= worst)
    ? passed(measured)
    : blocked(
        measured,
        'slippage',
        `The price moved from ${formatDecimal(signal.expectedPrice)} to ${formatDecimal(px)}, more than ${pct} % for the worse.`,
      );
};
