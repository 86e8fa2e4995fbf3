import type { EntryCandidate } from '../order/gate-context.ts';
import { dayStart } from '../lib/time.ts';
import { formatDecimal, minMoney, negMoney, percentOf, type Money } from '../lib/units.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';
import { dailyPnl } from './day.ts';
import type { Limits } from './limits.ts';

/** Loss of a day that stops entries: the smaller of percent and amount (RSK-13). */
export function dailyLossLimit(openingEquity: Money, limits: Limits): Money {
  const byPercent = percentOf(openingEquity, limits.dailyLossPct, 'floor');
  return limits.dailyLossQuote === null ? byPercent : minMoney(byPercent, limits.dailyLossQuote);
}

const IGNORED = idle('dailyLoss');

/**
 * Check 4: RSK-43. Reaching the limit blocks (RSK-34).
 *
 * An opening equity of another day, or none, says nothing about today and blocks too.
 */
export const checkDailyLoss: RiskCheck<EntryCandidate> = ({ context }) => {
  const { risk, limits, now } = context;
  if (limits.ignoreDailyLoss) return IGNORED;
  const limit = dailyLossLimit(risk.openingEquity, limits);
  const isKnown = risk.openingEquity > 0n && risk.dayAt === dayStart(now);
  if (!isKnown)
    return blocked(
      { check: 'dailyLoss', value: null, limit: null },
      'daily_loss',
      "Today's opening equity is unknown, so today's loss cannot be judged.",
    );
  const pnl = dailyPnl(risk);
  const measured = {
    check: 'dailyLoss',
    value: pnl,
    limit: negMoney(limit),
  };
  return negMoney(pnl) < limit
    ? passed(measured)
    : blocked(
        measured,
        'daily_loss',
        `Today's result of ${formatDecimal(pnl)} has reached the loss limit of ${formatDecimal(negMoney(limit))}.`,
      );
};
