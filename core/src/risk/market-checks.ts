import { toNumber } from '../lib/units.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import type { BlockingReason } from '../strategy/blocking.ts';
import {
  blocked,
  idle,
  passed,
  warned,
  type Finding,
  type Measured,
  type RiskCheck,
} from './check.ts';
import type { Limits } from './limits.ts';
import type { MarketFigures } from './market-figures.ts';

/** What a live book blocks and a paper book warns of (RSK-45, RSK-47). */
export const judged = (
  { marketChecks }: Limits,
  measured: Measured,
  { reason, detail }: { readonly reason: BlockingReason; readonly detail: string },
): Finding => (marketChecks === 'block' ? blocked(measured, reason, detail) : warned(measured));

const NO_VOLATILITY = idle('volatility');

/** Check 6: the market's volatility (RSK-16, RSK-45). Unknown counts as exceeded; reaching the limit is allowed. */
export const checkVolatility: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const { limits, figures } = context;
  const limit = limits.maxVolatility;
  if (limit === null) return NO_VOLATILITY;
  const value = figures?.volatility ?? null;
  const measured = { check: 'volatility', value, limit };
  if (value !== null && value <= limit) return passed(measured);
  return judged(limits, measured, {
    reason: 'volatility',
    detail:
      value === null
        ? `How much ${signal.symbol} moves is not known yet.`
        : `${signal.symbol} moves by ${value.toFixed(3)} a day; entries want at most ${limit}.`,
  });
};

/** Expected slippage in percent: half the spread, and what the order's share of a minute's volume moves (RSK-100). */
export function expectedSlippagePct(
  { spreadPct, minuteSigma, minuteQuoteVolume }: MarketFigures,
  notional: number,
): number | null {
  if (spreadPct === null || minuteSigma === null || minuteQuoteVolume === null) return null;
  if (!(minuteQuoteVolume > 0)) return null;
  return spreadPct / 2 + 100 * minuteSigma * (notional / minuteQuoteVolume);
}

const NO_EXPECTATION = idle('expectedSlippage');

/**
 * Gate 15: what the order itself is expected to cost (RSK-100). Not known counts as exceeded, so that a live book
 * waits for the market's figures.
 */
export const checkExpectedSlippage: RiskCheck<EntryCandidate> = ({ signal, wanted, context }) => {
  const { limits, figures } = context;
  // A gate that looks at no market figure has none: a backtest's venue has its own slippage.
  if (limits.maxVolatility === null && figures === null) return NO_EXPECTATION;
  const limit = limits.maxSlippagePct;
  const value = figures === null ? null : expectedSlippagePct(figures, toNumber(wanted));
  const measured = { check: 'expectedSlippage', value, limit };
  if (value !== null && value <= limit) return passed(measured);
  return judged(limits, measured, {
    reason: 'slippage',
    detail:
      value === null
        ? `Spread and volume of ${signal.symbol} are not known, nor what the order would cost.`
        : `The order is expected to slip by ${value.toFixed(3)} %; the limit is ${limit} %.`,
  });
};
